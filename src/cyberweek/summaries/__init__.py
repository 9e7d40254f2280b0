"""The report of a unit on its edition: text around live figures, frozen versions, open data."""
