"""The year: theme, dates, theme days, host, stages, co-organisers, rehearsal."""
