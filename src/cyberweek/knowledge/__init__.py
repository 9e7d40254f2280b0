"""Item bank, blueprints, contests, releases."""
