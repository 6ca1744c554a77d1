"""`python -m regional_atlas`."""

from regional_atlas.cli import main

main()
