"""The forecast of being ready, meetings with their briefs and minutes, risks, contingencies, duty."""
