from .forecasts import Calibration, Forecast, ForecastRow

__all__ = ["Calibration", "Forecast", "ForecastRow"]
