"""Night lights: growth and trend of a series, the steps of a sensor, indicators of lights."""

from regional_atlas.nightlights.growth import growth, level_shifts, total_shifts, trend

__all__ = ["growth", "level_shifts", "total_shifts", "trend"]
