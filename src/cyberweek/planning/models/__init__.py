from .notices import Notice
from .plans import Arrangement, Issue, Plan
from .readers import Reader
from .tasks import Dependency, Evidence, Task, TaskEvent

__all__ = ["Arrangement", "Dependency", "Evidence", "Issue", "Notice", "Plan", "Reader", "Task", "TaskEvent"]
