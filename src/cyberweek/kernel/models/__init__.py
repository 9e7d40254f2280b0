from .audit import AuditEvent
from .localized import LocalizedField
from .press import Press

__all__ = ["AuditEvent", "LocalizedField", "Press"]
