from .audit import AuditEvent
from .localized import LocalizedField

__all__ = ["AuditEvent", "LocalizedField"]
