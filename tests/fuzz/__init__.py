"""Fuzzing: harnesses of every way into the package; see docs/reference/fuzzing.md."""
