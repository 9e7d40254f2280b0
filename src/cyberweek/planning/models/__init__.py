from .notices import Notice
from .plans import Arrangement, Plan
from .tasks import Dependency, Task, TaskEvent

__all__ = ["Arrangement", "Dependency", "Notice", "Plan", "Task", "TaskEvent"]
