"""The compiled loops of the statistics: sums in one pass, and summaries of a zone's cells."""

from __future__ import annotations

import math

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["COLUMNS", "FIELDS", "accumulate", "gather", "summary", "tally"]

COLUMNS = {"count": 0, "sum": 1, "min": 2, "max": 3, "lit": 4, "covered": 5, "cells": 6}
"""Columns of the totals that `accumulate` adds to."""

FIELDS = (
    "variance", "variety", "majority", "minority", "gini",
    "weighted_sum", "weighted_mean", "weighted_variance", "weighted_count",
)  # fmt: skip
"""What `summary` gives, in its order, before the quantiles."""


@jit
def accumulate(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, first_cols, last_cols,
    values, mask, row0, col0, has_mask, has_nodata, least, most, scale, offset, threshold, totals,
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
                    if has_nodata and least <= stored <= most:
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


@jit
def gather(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, first_cols, last_cols,
    values, weights, has_weights, areas, row0, col0, threshold,
    offsets, filled, out_values, out_shares, out_weights, ground,
):  # fmt: skip
    """Append the valid cells of a window to each zone's part of the output arrays.

    `ground` collects, per zone, km² of valid cells and of those of at least the threshold.
    """
    row1 = row0 + values.shape[0]
    col1 = col0 + values.shape[1]
    for zone in range(zone_rows.size - 1):
        top = first_rows[zone]
        begin = max(row0, top)
        end = min(row1, top + zone_rows[zone + 1] - zone_rows[zone])
        if begin >= end or first_cols[zone] >= col1 or last_cols[zone] <= col0:
            continue
        at = offsets[zone] + filled[zone]
        for row in range(begin, end):
            spans = zone_rows[zone] + row - top
            for s in range(row_spans[spans], row_spans[spans + 1]):
                for col in range(max(starts[s], col0), min(stops[s], col1)):
                    value = values[row - row0, col - col0]
                    if math.isnan(value):
                        continue
                    out_values[at] = value
                    out_shares[at] = fractions[s]
                    if has_weights:
                        out_weights[at] = weights[row - row0, col - col0]
                    at += 1
                    ground[zone, 0] += fractions[s] * areas[row]
                    if value >= threshold:
                        ground[zone, 1] += fractions[s] * areas[row]
        filled[zone] = at - offsets[zone]


@jit
def summary(values, shares, weights, quantiles, classes):  # type: ignore[no-untyped-def]
    """All statistics of `FIELDS`, the quantiles, and the distinct values with their cells.

    `values` and `shares` are the cells of one zone, at least one; `weights` is as long, or empty.
    The distinct values come with the sums of coverage and of coverage times weight; the sort is
    left out where neither quantiles nor `classes` are asked for.
    """
    result = np.full(9 + quantiles.size, np.nan)
    count, total = 0.0, 0.0
    for i in range(values.size):
        count += shares[i]
        total += shares[i] * values[i]
    mean = total / count
    squares = 0.0
    for i in range(values.size):
        squares += shares[i] * (values[i] - mean) ** 2
    result[0] = squares / count
    if weights.size:
        result[5], result[6], result[7], result[8] = weighted_moments(values, shares, weights)
    if quantiles.size == 0 and not classes:
        nothing = np.empty(0)
        return result, nothing, nothing, nothing

    distinct, cells, weighed = tabulated(values, shares, weights)
    result[1] = distinct.size
    result[2], result[3] = most_and_least(distinct, cells)
    if distinct[0] >= 0.0 and total > 0.0:
        result[4] = gini(distinct, cells, count)
    for j in range(quantiles.size):
        result[9 + j] = quantile(distinct, cells, count, quantiles[j])
    return result, distinct, cells, weighed


@jit
def weighted_moments(values, shares, weights):  # type: ignore[no-untyped-def]
    """Sum, mean and variance of the values, each with coverage times weight; Σ of these weights."""
    weight, weighted = 0.0, 0.0
    for i in range(values.size):
        weight += shares[i] * weights[i]
        weighted += shares[i] * weights[i] * values[i]
    if weight == 0.0:
        return weighted, np.nan, np.nan, weight
    centre = weighted / weight
    squares = 0.0
    for i in range(values.size):
        squares += shares[i] * weights[i] * (values[i] - centre) ** 2
    return weighted, centre, squares / weight, weight


@jit
def tabulated(values, shares, weights):  # type: ignore[no-untyped-def]
    """Distinct values in order, with the sums of coverage and of coverage times weight."""
    order = np.argsort(values, kind="mergesort")
    kinds = 1
    for k in range(1, values.size):
        kinds += values[order[k]] != values[order[k - 1]]
    distinct = np.empty(kinds)
    cells = np.zeros(kinds)
    weighed = np.zeros(kinds)
    at = -1
    for k in range(values.size):
        i = order[k]
        if at < 0 or distinct[at] != values[i]:
            at += 1
            distinct[at] = values[i]
        cells[at] += shares[i]
        if weights.size:
            weighed[at] += shares[i] * weights[i]
    return distinct, cells, weighed


@jit
def most_and_least(distinct, cells):  # type: ignore[no-untyped-def]
    """Values with most coverage (the largest of several) and least (the smallest)."""
    most, least = 0, 0
    for k in range(distinct.size):
        if cells[k] >= cells[most]:
            most = k
        if cells[k] < cells[least]:
            least = k
    return distinct[most], distinct[least]


@jit
def gini(distinct, cells, count):  # type: ignore[no-untyped-def]
    """Inequality of values from 0 on, not all 0, by the area below their Lorenz curve."""
    below, doubled = 0.0, 0.0
    for k in range(distinct.size):
        light = cells[k] * distinct[k]
        doubled += cells[k] * (2.0 * below + light)
        below += light
    return max(0.0, 1.0 - doubled / (count * below))


@jit
def quantile(distinct, cells, count, q):  # type: ignore[no-untyped-def]
    """Linear between distinct values, weighed by coverage, as exactextract defines it."""
    last = distinct.size - 1
    target = q * count * last
    before, position, found = 0.0, 0.0, distinct[0]
    for k in range(1, distinct.size):
        before += cells[k - 1]
        following = k * cells[k] + last * before
        if following > target:
            step = (target - position) / (following - position)
            return distinct[k - 1] + step * (distinct[k] - distinct[k - 1])
        position, found = following, distinct[k]
    return found
