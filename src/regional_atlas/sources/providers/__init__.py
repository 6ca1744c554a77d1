"""One module for each boundary provider; its name is what `boundaries.provider` says."""
