"""Message catalogues: one Fluent file for each language. `page-` messages travel with the page."""
