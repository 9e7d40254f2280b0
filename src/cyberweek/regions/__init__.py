"""Administrative divisions, units (organisers) and posts (who serves where)."""
