"""What everything stands on: errors, CRS, table contracts, typed texts, progress."""
