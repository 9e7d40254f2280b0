"""Typical cases: calls, entries, juries, the casebook."""
