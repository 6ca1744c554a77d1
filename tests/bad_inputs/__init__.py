"""Every kind of bad input, as the command line meets it."""
