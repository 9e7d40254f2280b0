from .calibrations import calibrate
from .forecasts import make_forecast
from .sample import open_sample_readiness

__all__ = ["calibrate", "make_forecast", "open_sample_readiness"]
