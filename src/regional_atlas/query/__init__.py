"""Questions to a build: ranked units, roll-ups, SQL."""
