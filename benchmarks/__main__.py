"""Measure everything and say what holds.

    python -m benchmarks [--only CASE …] [--all] [--write] [--work FOLDER]

Needs the shared real data (REGIONAL_ATLAS_SHARED). `--all` makes five runs of every comparison,
also of the long ones; `--write` keeps the figures and writes docs/performance.md. Exit code 1 where
a floor does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import inputs, report
from benchmarks.cases import CASES


def main() -> int:
    """Run the cases that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES), metavar="CASE")
    parser.add_argument("--all", action="store_true", help="five runs also of what is long")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--work", type=Path, help="folder that keeps the rasters that are made")
    arguments = parser.parse_args()
    if not inputs.china_raster().exists():
        sys.exit(f"{inputs.china_raster()} is not there; set REGIONAL_ATLAS_SHARED")
    failed = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in arguments.only:
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
            case = CASES[name](folder, arguments.all)
            case.load = load
            print(report.summary(name, case), flush=True)
            if case.note:
                print(f"  {case.note}", flush=True)
            if not case.held:
                failed.append(name)
            if arguments.write:
                report.save(name, case)
    if arguments.write:
        report.write(list(CASES))
    print(f"not held: {', '.join(failed)}" if failed else "every floor holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
