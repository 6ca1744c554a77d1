"""The joining of the rooms: sources in, tables of a build out."""
