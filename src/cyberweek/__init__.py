"""Plan, run and measure a cybersecurity awareness week."""

__version__ = "0.1.0"
