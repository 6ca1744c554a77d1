"""Writes the shared cases anew, each calculation's to a file: `python tests/shared/make.py`."""

if __name__ == "__main__":
    from calculations import CALCULATIONS, HERE, file_text

    for name in CALCULATIONS:
        (HERE / f"{name}.json").write_text(file_text(name), encoding="utf-8")
