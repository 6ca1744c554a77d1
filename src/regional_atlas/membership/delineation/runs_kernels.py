"""The compiled loops over cells and runs: what cells hold, where runs lie, which are linked."""

from __future__ import annotations

import math

import numpy as np

from regional_atlas.core.jit import jit

__all__ = [
    "brightest_runs",
    "find_equal_runs",
    "find_runs",
    "group_sums",
    "link_rows",
    "number_roots",
    "paint_runs",
    "run_sums",
    "share_among_groups",
    "survey_cells",
    "values_in_runs",
    "zone_sums",
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
def find_runs(values, threshold, row_starts, starts, stops):  # type: ignore[no-untyped-def]
    """Where the runs of cells of at least a threshold start and stop, and each row's first run.

    Cells are looked at in the given runs, of which none begins where another one stops.
    """
    rows = row_starts.size - 1
    found_rows = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        line, count = values[row], 0
        for run in range(row_starts[row], row_starts[row + 1]):
            inside = False
            for col in range(starts[run], stops[run]):
                bright = line[col] >= threshold
                count += bright and not inside
                inside = bright
        found_rows[row + 1] = found_rows[row] + count
    found_starts = np.empty(found_rows[rows], np.int32)
    found_stops = np.empty(found_rows[rows], np.int32)
    for row in range(rows):
        line, at = values[row], found_rows[row]
        for run in range(row_starts[row], row_starts[row + 1]):
            inside = False
            for col in range(starts[run], stops[run]):
                bright = line[col] >= threshold
                if bright and not inside:
                    found_starts[at] = col
                if inside and not bright:
                    found_stops[at] = col
                    at += 1
                inside = bright
            if inside:
                found_stops[at] = stops[run]
                at += 1
    return found_rows, found_starts, found_stops


@jit
def find_equal_runs(numbers):  # type: ignore[no-untyped-def]
    """Where the runs of cells of one number other than 0 start and stop, and each row's first."""
    rows, cols = numbers.shape
    row_starts = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        line, count, last = numbers[row], 0, 0
        for col in range(cols):
            count += line[col] != 0 and line[col] != last
            last = line[col]
        row_starts[row + 1] = row_starts[row] + count
    starts = np.empty(row_starts[rows], np.int32)
    stops = np.empty(row_starts[rows], np.int32)
    for row in range(rows):
        line, at, last = numbers[row], row_starts[row], 0
        for col in range(cols):
            if line[col] != last:
                if last != 0:
                    stops[at] = col
                    at += 1
                if line[col] != 0:
                    starts[at] = col
            last = line[col]
        if last != 0:
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


@jit
def group_sums(row_starts, starts, stops, groups, values, count):  # type: ignore[no-untyped-def]
    """Sum of the positive cells of each group, at its number less one."""
    sums = np.zeros(count)
    for row in range(values.shape[0]):
        for run in range(row_starts[row], row_starts[row + 1]):
            for col in range(starts[run], stops[run]):
                value = float(values[row, col])
                if value > 0:
                    sums[groups[run] - 1] += value
    return sums


@jit
def values_in_runs(row_starts, starts, stops, values):  # type: ignore[no-untyped-def]
    """List the values of the cells of runs, in reading order."""
    total = 0
    for run in range(starts.size):
        total += stops[run] - starts[run]
    found = np.empty(total, values.dtype)
    at = 0
    for row in range(values.shape[0]):
        for run in range(row_starts[row], row_starts[row + 1]):
            for col in range(starts[run], stops[run]):
                found[at] = values[row, col]
                at += 1
    return found


@jit
def zone_sums(spans, values):  # type: ignore[no-untyped-def]
    """Sum of the positive cells of each zone of a coverage's block, by the share it covers."""
    starts, stops, fractions, row_spans, zone_rows, first_rows, _, _ = spans
    sums = np.zeros(first_rows.size)
    for zone in range(first_rows.size):
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            row = first_rows[zone] + line - zone_rows[zone]
            for span in range(row_spans[line], row_spans[line + 1]):
                for col in range(starts[span], stops[span]):
                    value = float(values[row, col])
                    if value > 0:
                        sums[zone] += fractions[span] * value
    return sums


@jit
def share_among_groups(spans, runs, groups, values, held):  # type: ignore[no-untyped-def]
    """Sum as `zone_sums` each zone's cells in each group; give zones, groups and sums above 0.

    `held` has a 0 for each number of a group, and for 0; it is left so.
    """
    span_starts, span_stops, fractions, row_spans, zone_rows, first_rows, _, _ = spans
    row_starts, starts, stops = runs
    zones, numbers = [0 for _ in range(0)], [0 for _ in range(0)]
    sums = [0.0 for _ in range(0)]
    for zone in range(first_rows.size):
        own = len(numbers)
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            row = first_rows[zone] + line - zone_rows[zone]
            end = row_starts[row + 1]
            if row_starts[row] == end or row_spans[line] == row_spans[line + 1]:
                continue
            run = row_starts[row] + np.searchsorted(
                stops[row_starts[row] : end], span_starts[row_spans[line]], side="right"
            )
            for span in range(row_spans[line], row_spans[line + 1]):
                while run < end and stops[run] <= span_starts[span]:
                    run += 1
                other = run
                while other < end and starts[other] < span_stops[span]:
                    group = groups[other]
                    first = max(starts[other], span_starts[span])
                    for col in range(first, min(stops[other], span_stops[span])):
                        amount = fractions[span] * float(values[row, col])
                        if amount > 0:
                            if held[group] == 0:
                                zones.append(zone)
                                numbers.append(group)
                            held[group] += amount
                    other += 1
        for at in range(own, len(numbers)):
            sums.append(held[numbers[at]])
            held[numbers[at]] = 0.0
    return zones, numbers, sums
