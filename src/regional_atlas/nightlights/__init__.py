"""Night lights: growth and trend of a series, the steps of a sensor, indicators of lights."""

from regional_atlas.nightlights.growth import level_shifts, total_shifts, trend

__all__ = ["level_shifts", "total_shifts", "trend"]
