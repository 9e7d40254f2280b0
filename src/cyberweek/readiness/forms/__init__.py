from .forecasts import ReadinessFilter

__all__ = ["ReadinessFilter"]
