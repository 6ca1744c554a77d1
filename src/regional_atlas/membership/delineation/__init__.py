"""Regions found in data: from grids of people or light, from flows, from distance or time."""
