"""One module for each export format; its name is the name of the format."""
