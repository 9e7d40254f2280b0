"""What every app stands on: localized text, audit, the look. No word of the business in it."""
