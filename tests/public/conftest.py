from tests.factories.figures import contest, counted, edition

__all__ = ["contest", "counted", "edition"]
