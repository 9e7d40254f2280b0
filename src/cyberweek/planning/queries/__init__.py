from .plans import plans_above, plans_visible_to
from .tasks import tasks_changeable_by, tasks_visible_to

__all__ = ["plans_above", "plans_visible_to", "tasks_changeable_by", "tasks_visible_to"]
