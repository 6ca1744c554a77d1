from __future__ import annotations

import subprocess
import sys

import numba

from regional_atlas.core import jit as _jit


def test_code_is_kept_on_disk_where_possible():
    compiled = _jit.jit(lambda x: x + 1)
    assert compiled(1) == 2
    assert _jit.thread_count() >= 1


def test_without_a_place_for_the_cache_code_is_compiled_every_time(monkeypatch):
    """numba refuses `cache=True` where neither the package nor the home folder can be written."""
    plain = numba.njit

    def refusing(**options):
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(**options)

    monkeypatch.setattr(numba, "njit", refusing)
    assert _jit.jit(lambda x: x + 1)(1) == 2


def test_importing_the_room_does_not_import_numba():
    code = "import sys, regional_atlas.zonal; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_loops_are_loaded_ahead_for_a_type_of_values():
    code = (
        "import numpy as np; from regional_atlas.zonal import load_loops, statistics_kernels;"
        "load_loops(np.dtype('int16'));"
        "print([str(signature[8].dtype) for signature in statistics_kernels.accumulate.signatures])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "['int16']", result.stderr
