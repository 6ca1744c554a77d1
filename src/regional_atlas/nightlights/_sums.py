"""The compiled loops over covered cells: which blocks are touched, and sums by zone."""

from __future__ import annotations

import math

from regional_atlas.core.jit import jit

__all__ = ["COLUMNS", "accumulate", "add_shares", "mark_blocks", "tally"]

COLUMNS = {"count": 0, "sum": 1, "min": 2, "max": 3, "lit": 4, "covered": 5, "cells": 6}
"""Columns of the totals that `accumulate` adds to."""


@jit
def mark_blocks(starts, stops, row_spans, zone_rows, first_rows, tall, wide, marks):  # type: ignore[no-untyped-def]
    """Set `marks[i, j]` where a span touches block (i, j) of `tall` x `wide` cells."""
    for zone in range(zone_rows.size - 1):
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            i = (first_rows[zone] + line - zone_rows[zone]) // tall
            for s in range(row_spans[line], row_spans[line + 1]):
                for j in range(starts[s] // wide, (stops[s] - 1) // wide + 1):
                    marks[i, j] = True


@jit
def add_shares(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, row0, col0, shares
):
    """Add the coverage of all zones to the cells of the window that begins at `row0`, `col0`."""
    for zone in range(zone_rows.size - 1):
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            row = first_rows[zone] + line - zone_rows[zone] - row0
            if row < 0 or row >= shares.shape[0]:
                continue
            for s in range(row_spans[line], row_spans[line + 1]):
                first, last = max(starts[s] - col0, 0), min(stops[s] - col0, shares.shape[1])
                for col in range(first, last):
                    shares[row, col] += fractions[s]


@jit
def accumulate(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, first_cols, last_cols,
    values, mask, row0, col0, has_mask, has_nodata, nodata, scale, offset, threshold, totals,
):  # fmt: skip
    """Add the cells of one window to the totals of each zone of a block.

    `totals` has one row per zone and the columns of `COLUMNS`. Each span is summed by itself and
    then weighted by its coverage.
    """
    row1 = row0 + values.shape[0]
    col1 = col0 + values.shape[1]
    for zone in range(zone_rows.size - 1):
        top = first_rows[zone]
        begin = max(row0, top)
        end = min(row1, top + zone_rows[zone + 1] - zone_rows[zone])
        if begin >= end or first_cols[zone] >= col1 or last_cols[zone] <= col0:
            continue
        count, total, lit = totals[zone, 0], totals[zone, 1], totals[zone, 4]
        low, high = totals[zone, 2], totals[zone, 3]
        covered, cells = totals[zone, 5], totals[zone, 6]
        for row in range(begin, end):
            line = values[row - row0]
            spans = zone_rows[zone] + row - top
            for s in range(row_spans[spans], row_spans[spans + 1]):
                first = max(starts[s], col0) - col0
                last = min(stops[s], col1) - col0
                if first >= last:
                    continue
                fraction = fractions[s]
                span_count, span_lit, span_sum = 0, 0, 0.0
                for col in range(first, last):
                    stored = line[col]
                    if has_nodata and stored == nodata:
                        continue
                    if has_mask and not mask[row - row0, col]:
                        continue
                    value = stored * scale + offset
                    if math.isnan(value):
                        continue
                    span_count += 1
                    span_sum += value
                    low = min(low, value)
                    high = max(high, value)
                    if value >= threshold:
                        span_lit += 1
                count += fraction * span_count
                total += fraction * span_sum
                lit += fraction * span_lit
                covered += fraction * (last - first)
                cells += last - first
        totals[zone, 0], totals[zone, 1], totals[zone, 4] = count, total, lit
        totals[zone, 2], totals[zone, 3] = low, high
        totals[zone, 5], totals[zone, 6] = covered, cells


@jit
def tally(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, first_cols, last_cols,
    codes, row0, col0, totals,
):  # fmt: skip
    """Add the coverage of the cells of one window to each zone's total of their code.

    `totals` has one row per zone and one column per code, 0 included.
    """
    row1 = row0 + codes.shape[0]
    col1 = col0 + codes.shape[1]
    for zone in range(zone_rows.size - 1):
        top = first_rows[zone]
        begin = max(row0, top)
        end = min(row1, top + zone_rows[zone + 1] - zone_rows[zone])
        if begin >= end or first_cols[zone] >= col1 or last_cols[zone] <= col0:
            continue
        for row in range(begin, end):
            spans = zone_rows[zone] + row - top
            for s in range(row_spans[spans], row_spans[spans + 1]):
                for col in range(max(starts[s], col0), min(stops[s], col1)):
                    totals[zone, codes[row - row0, col - col0]] += fractions[s]
