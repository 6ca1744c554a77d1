"""The compiled loops of the Degree of Urbanisation: thresholds, sums of people, majority, distance.

Each walks the grid once and makes no copy of it, so that a grid of 10,000 x 10,000 cells fits into
a few GB.
"""

from __future__ import annotations

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["add_people", "edge_cells", "fill_gaps", "flag_cells", "near_cells", "renumber", "votes"]


@jit
def _number(value):  # type: ignore[no-untyped-def]
    return 0.0 if np.isnan(value) else float(value)


@jit
def _per_land(amount: float, land: float) -> float:
    """Amount per unit of land; without land, infinite where there is any, otherwise none."""
    if land > 0.0:
        return amount / land
    return np.inf if amount > 0.0 else 0.0


@jit
def flag_cells(population, land, built, has_built, densities, built_share, dry, counted, flags):  # type: ignore[no-untyped-def]
    """Set bit n of a cell's flag where it reaches the density n, then the three of its ground.

    `densities` are those of centres, dense, semi-dense and urban clusters, rural clusters and low
    density. The first two also take cells of `built_share`. Bit 6 is water (land below `dry`), bit
    7 people or land above `counted`.
    """
    for row in range(flags.shape[0]):
        for col in range(flags.shape[1]):
            people = _number(population[row, col])
            ground = _number(land[row, col])
            built_up = _number(built[row, col]) if has_built else 0.0
            density = _per_land(people, ground)
            flag = 0
            for place in range(densities.size):
                if density >= densities[place]:
                    flag |= 1 << place
            if has_built and _per_land(built_up, ground) >= built_share:
                flag |= 3
            if people == 0.0 and built_up == 0.0 and ground < dry:
                flag |= 1 << 6
            if people > 0.0 or ground > counted:
                flag |= 1 << 7
            flags[row, col] = flag


@jit
def add_people(groups, population, totals):  # type: ignore[no-untyped-def]
    """Add the people of each group's cells to its total; a missing cell has none."""
    for row in range(groups.shape[0]):
        for col in range(groups.shape[1]):
            number = groups[row, col]
            if number:
                totals[number] += _number(population[row, col])


@jit
def renumber(groups, kept):  # type: ignore[no-untyped-def]
    """Give the groups that are kept new numbers in reading order and drop the others, in place."""
    numbers = np.zeros(kept.size, np.int32)
    last = 0
    for row in range(groups.shape[0]):
        for col in range(groups.shape[1]):
            number = groups[row, col]
            if number == 0:
                continue
            if kept[number] and numbers[number] == 0:
                last += 1
                numbers[number] = last
            groups[row, col] = numbers[number]


@jit
def edge_cells(groups, cells):  # type: ignore[no-untyped-def]
    """Write the places of the cells outside groups that touch one, and count them.

    With an empty `cells` it only counts.
    """
    height, width = groups.shape
    found = 0
    for row in range(height):
        for col in range(width):
            if groups[row, col]:
                continue
            touches = False
            for r in range(max(row - 1, 0), min(row + 2, height)):
                for c in range(max(col - 1, 0), min(col + 2, width)):
                    touches = touches or groups[r, c] != 0
            if touches:
                if cells.size:
                    cells[found] = row * width + col
                found += 1
    return found


@jit
def votes(groups, flags, cells, counts, bars):  # type: ignore[no-untyped-def]
    """Give for each cell the group that more than half of its eight neighbours belong to, or 0.

    Of the neighbours within the grid only those count whose flag has a bit of `counts` (all where
    that is 0); those beyond it count and belong to no group. A cell with a bit of `bars` joins
    none.
    """
    height, width = groups.shape
    winners = np.zeros(cells.size, np.int32)
    around = np.zeros(8, np.int32)
    for place in range(cells.size):
        row, col = cells[place] // width, cells[place] % width
        if flags[row, col] & bars:
            continue
        voters, members = 0, 0
        for r in range(row - 1, row + 2):
            for c in range(col - 1, col + 2):
                if r == row and c == col:
                    continue
                if r < 0 or c < 0 or r >= height or c >= width:
                    voters += 1
                elif counts == 0 or flags[r, c] & counts:
                    voters += 1
                    if groups[r, c]:
                        around[members] = groups[r, c]
                        members += 1
        for one in range(members):
            same = 0
            for other in range(members):
                same += around[other] == around[one]
            if 2 * same > voters:
                winners[place] = around[one]
                break
    return winners


@jit
def _gap_from(groups, row, col, most, seen, stamp, rows, cols):  # type: ignore[no-untyped-def]
    """Write the cells of the gap whose first one in reading order is given, and count them.

    It is 0 if they are more than `most`, reach the grid's edge, or begin before that cell. `seen`
    holds the stamps of the cells below and beside it.
    """
    height, width = groups.shape
    number, middle = groups[row - 1, col], seen.shape[1] // 2
    rows[0], cols[0] = row, col
    seen[0, middle] = stamp
    done, count = 0, 1
    while done < count:
        for down, right in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            r, c = rows[done] + down, cols[done] + right
            if r < 0 or c < 0 or r >= height or c >= width:
                return 0
            if groups[r, c] == number:
                continue
            if r < row or (r == row and c < col):
                return 0
            if seen[r - row, c - col + middle] == stamp:
                continue
            if count == most:
                return 0
            seen[r - row, c - col + middle] = stamp
            rows[count], cols[count] = r, c
            count += 1
        done += 1
    return count


@jit
def fill_gaps(groups, most):  # type: ignore[no-untyped-def]
    """Give the gaps of at most so many cells to the group that encloses them, in place.

    A gap begins below and right of cells of its group: elsewhere none is looked for. Cells of
    another group are part of a gap, and stay what they are.
    """
    height, width = groups.shape
    seen = np.zeros((min(most + 1, height), 2 * min(most, width) + 1), np.int32)
    rows = np.empty(min(most, groups.size), np.int32)
    cols = np.empty(min(most, groups.size), np.int32)
    stamp = 0
    for row in range(1, height):
        for col in range(1, width):
            number = groups[row - 1, col]
            if number == 0 or groups[row, col - 1] != number or groups[row, col] == number:
                continue
            stamp += 1
            for place in range(_gap_from(groups, row, col, most, seen, stamp, rows, cols)):
                if groups[rows[place], cols[place]] == 0:
                    groups[rows[place], cols[place]] = number


@jit
def near_cells(core, reach, near):  # type: ignore[no-untyped-def]
    """Mark the core cells and those whose centre is less than `reach` cells from that of one.

    The core cell next to a cell outside is one whose four neighbours are not all core cells.
    """
    height, width = core.shape
    most = int(np.ceil(reach))
    for row in range(height):
        for col in range(width):
            if not core[row, col]:
                continue
            near[row, col] = True
            if (
                core[max(row - 1, 0), col]
                and core[min(row + 1, height - 1), col]
                and core[row, max(col - 1, 0)]
                and core[row, min(col + 1, width - 1)]
            ):
                continue
            for r in range(max(row - most, 0), min(row + most + 1, height)):
                for c in range(max(col - most, 0), min(col + most + 1, width)):
                    if (r - row) ** 2 + (c - col) ** 2 < reach * reach:
                        near[r, c] = True
