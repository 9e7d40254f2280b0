from .notices import Notice
from .plans import Arrangement, Issue, Plan
from .tasks import Dependency, Task, TaskEvent

__all__ = ["Arrangement", "Dependency", "Issue", "Notice", "Plan", "Task", "TaskEvent"]
