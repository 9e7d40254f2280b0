from .summaries import Lesson, Section, Summary
from .versions import Link, Publication, Version

__all__ = ["Lesson", "Link", "Publication", "Section", "Summary", "Version"]
