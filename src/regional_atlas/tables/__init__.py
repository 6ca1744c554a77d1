"""The tables of a project: sources in, every table of a build out."""
