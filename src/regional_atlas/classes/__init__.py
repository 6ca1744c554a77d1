"""Breaks and class numbers of every scheme: the only definition in Python.

Breaks are upper bounds, ascending, the last at or above the largest value. A value equal to a
break belongs to the class below it: class i holds the values above break i − 1, up to and with
break i. The lowest class is open downwards, the highest upwards. What is not finite is missing:
breaks leave it out, and it has no class.

The page computes the same in TypeScript (`web/src/classify`); `tests/shared/classify.json` has
cases that both run, compared bit by bit. So sums here run in a fixed order, from the lowest up.
"""
