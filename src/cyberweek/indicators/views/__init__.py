"""Pages of the indicators: reports, figures, the dictionary."""
