"""The compiled loops over cells and runs: what cells hold, where runs lie, which are linked."""

from __future__ import annotations

import math

import numpy as np

from regional_atlas.core.jit import jit

__all__ = [
    "brightest_runs",
    "find_runs",
    "link_rows",
    "number_roots",
    "paint_runs",
    "run_sums",
    "survey_cells",
]


@jit
def survey_cells(values):  # type: ignore[no-untyped-def]
    """Sum of the positive cells, the largest value, counts of missing, negative, infinite cells."""
    total, largest = 0.0, 0.0
    missing, negative, infinite = 0, 0, 0
    for row in range(values.shape[0]):
        line, line_sum = values[row], 0.0
        for col in range(line.size):
            value = float(line[col])
            if math.isnan(value):
                missing += 1
            elif math.isinf(value):
                infinite += 1
            elif value < 0:
                negative += 1
            else:
                line_sum += value
                largest = max(largest, value)
        total += line_sum
    return total, largest, missing, negative, infinite


@jit
def find_runs(values, threshold):  # type: ignore[no-untyped-def]
    """Where the runs of cells of at least a threshold start and stop, and each row's first run."""
    rows, cols = values.shape
    row_starts = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        line, count, inside = values[row], 0, False
        for col in range(cols):
            bright = line[col] >= threshold
            count += bright and not inside
            inside = bright
        row_starts[row + 1] = row_starts[row] + count
    starts = np.empty(row_starts[rows], np.int32)
    stops = np.empty(row_starts[rows], np.int32)
    for row in range(rows):
        line, at, inside = values[row], row_starts[row], False
        for col in range(cols):
            bright = line[col] >= threshold
            if bright and not inside:
                starts[at] = col
            if inside and not bright:
                stops[at] = col
                at += 1
            inside = bright
        if inside:
            stops[at] = cols
    return row_starts, starts, stops


@jit
def _root(parent, run):  # type: ignore[no-untyped-def]
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run


@jit
def link_rows(row_starts, starts, stops, apart, reach, parent):  # type: ignore[no-untyped-def]
    """Unite the runs of rows that lie `apart` rows from one another and are near enough.

    `reach` has for each upper row the most columns that may lie between two runs: 0 where a corner
    may do, -1 where they must share a column, less where nothing is near enough. In `parent` each
    run leads to one of its group with a lower number, and the first to itself.
    """
    for row in range(reach.size):
        if reach[row] < -1:
            continue
        first, end = row_starts[row + apart], row_starts[row + apart + 1]
        for run in range(row_starts[row], row_starts[row + 1]):
            while first < end and (starts[run] - stops[first] > reach[row]):
                first += 1
            other = max(first, run + 1)
            while other < end and starts[other] - stops[run] <= reach[row]:
                one, two = _root(parent, run), _root(parent, other)
                parent[max(one, two)] = min(one, two)
                other += 1


@jit
def number_roots(parent):  # type: ignore[no-untyped-def]
    """Give each run the number of its group: 1, 2, … in the order of their first runs."""
    numbers = np.empty(parent.size, np.int32)
    count = 0
    for run in range(parent.size):
        root = _root(parent, run)
        if root == run:
            count += 1
            numbers[run] = count
        else:
            numbers[run] = numbers[root]
    return numbers


@jit
def paint_runs(row_starts, starts, stops, numbers, cells):  # type: ignore[no-untyped-def]
    """Write the number of each run into its cells."""
    for row in range(cells.shape[0]):
        for run in range(row_starts[row], row_starts[row + 1]):
            for col in range(starts[run], stops[run]):
                cells[row, col] = numbers[run]


@jit
def brightest_runs(groups, peaks, count):  # type: ignore[no-untyped-def]
    """Find the run of each group with the largest peak, the first of equal ones."""
    best = np.full(count, -1, np.int64)
    for run in range(groups.size):
        group = groups[run] - 1
        if best[group] < 0 or peaks[run] > peaks[best[group]]:
            best[group] = run
    return best


@jit
def run_sums(row_starts, starts, stops, values):  # type: ignore[no-untyped-def]
    """Sum of the positive cells of each run, the largest of them and its column."""
    sums = np.zeros(starts.size)
    peaks = np.zeros(starts.size)
    columns = starts.copy()
    for row in range(values.shape[0]):
        for run in range(row_starts[row], row_starts[row + 1]):
            for col in range(starts[run], stops[run]):
                value = float(values[row, col])
                if value > 0:
                    sums[run] += value
                if value > peaks[run]:
                    peaks[run], columns[run] = value, col
    return sums, peaks, columns
