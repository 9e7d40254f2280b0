"""The indicator dictionary, activity reports, their figures and evidence, roll-ups."""
