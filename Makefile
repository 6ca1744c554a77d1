# Everything runs in one virtual environment, .venv, which the first target that needs it makes.
# Prerequisites: Python ≥ 3.11, Node ≥ 20, make.

PYTHON ?= python3
BIN := .venv/bin
WEB := src/regional_atlas/page/web
ASSETS := src/regional_atlas/page/assets
WEB_SOURCES := $(shell find $(WEB)/src -type f 2>/dev/null) $(wildcard $(WEB)/*.mjs $(WEB)/*.json)

# Tests start many processes, each faster with what Python compiled before.
unexport PYTHONDONTWRITEBYTECODE

# Seconds that each harness runs in test-all, and in fuzz; the variable is what tests read.
FUZZ_SECONDS ?= 600
export REGIONAL_ATLAS_FUZZ_SECONDS ?= 10

.PHONY: atlas test test-all test-failures fuzz bench lint docs format licences rasters clean setup assets browser screenshots

atlas: setup assets
	$(BIN)/regional-atlas build geo/china-2022

test: setup assets browser lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" --durations=15

test-all: setup assets browser lint
	REGIONAL_ATLAS_FUZZ_SECONDS=60 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder \
	  --durations=60 --cov --cov-report=term:skip-covered --cov-fail-under=90

# Kills, pairs of builds, flipped bits, full disks: the counts are printed.
test-failures: setup assets
	$(BIN)/pytest -q -s tests/failures

# By atheris where it is installed (pip install atheris), else by hypothesis.
fuzz: setup assets
	REGIONAL_ATLAS_FUZZ_SECONDS=$(FUZZ_SECONDS) npm --prefix $(WEB) run --silent fuzz
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

bench: atlas browser
	$(BIN)/python -m benchmarks --write

lint: setup $(WEB)/node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm --prefix $(WEB) run --silent lint
	npm --prefix $(WEB) run --silent typecheck
	npm --prefix $(WEB) test --silent

docs: setup format licences
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_messages.py

# Every library with its licence; fails where one is not allowed.
licences: setup
	$(BIN)/python docs/make_licences.py

# The script's types, from page/format.py.
format: setup
	$(BIN)/python docs/make_format.py

# The page on real rasters; needs the shared data.
rasters: setup
	$(BIN)/python docs/make_rasters.py

screenshots: setup assets browser
	$(BIN)/python docs/make_screenshots.py

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r constraints.txt -c constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --editable ".[china,sql,cluster,fetch,hexagons,dev]"
	$(BIN)/pip check
	@# What quantecon compiles when it is imported breaks where two tests' processes do it at once.
	$(BIN)/python -c "import giddy"
	touch $@

assets: $(ASSETS)/regional_atlas.js

$(ASSETS)/regional_atlas.js: $(WEB_SOURCES) $(WEB)/node_modules/.package-lock.json
	npm --prefix $(WEB) run --silent build

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	npm --prefix $(WEB) ci --no-audit --no-fund --silent
	touch $@

# The browser of the tests: one on the PATH, else Debian's when root, else Playwright's own.
browser: setup
	@sh .ci/browser

clean:
	rm -rf .venv $(WEB)/node_modules $(ASSETS) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
