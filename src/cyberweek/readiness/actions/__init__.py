from .calibrations import calibrate
from .forecasts import make_forecast

__all__ = ["calibrate", "make_forecast"]
