"""Work from files to files that needs no project: zonal statistics, series, scores, fetching."""
