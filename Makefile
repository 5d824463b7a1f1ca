# make demo   show the library at work, offline, without development tools
# make test   everything that must hold before a merge (the same as .ci/run)
# make data   rebuild the tariffs, the coverage page and the snapshot from collected facts
# make lint | types | architecture | tests | tests-other | docs | bench | clean
#
# PYTHON=python3.12 make test   uses another interpreter for .venv

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
EXTRAS := test,docs
OTHER_EXTRAS := test
RULE_SETS := tests/en16931.txt
COVERAGE_MIN := 85
OTHER_VERSIONS := 3.12 3.13
PIP_FLAGS := --quiet --disable-pip-version-check

# A name can exist and still not run (a shim without a version behind it), so each is tried.
IS_RECENT := import sys; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python \
	$(wildcard $(HOME)/.pyenv/versions/3.1[1-9].*/bin/python3)
PYTHON ?= $(shell for name in $(CANDIDATES); do \
	"$$name" -c '$(IS_RECENT)' >/dev/null 2>&1 && { echo "$$name"; break; }; done)

.PHONY: help
help:
	@grep -E '^# make' Makefile | sed 's/^# //'

.PHONY: demo
demo: $(VENV)/.installed
	$(BIN)/aliexpress-customs demo

.PHONY: test
test: lint types architecture tests tests-other docs
	@echo "== all checks passed"

.PHONY: lint
lint: $(VENV)/.installed-dev
	@echo "== lint"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.installed-dev
	@echo "== types"
	$(BIN)/mypy

.PHONY: architecture
architecture: $(VENV)/.installed-dev
	@echo "== architecture"
	$(BIN)/lint-imports

.PHONY: tests
tests: $(VENV)/.installed-dev
	@echo "== tests"
	$(BIN)/python -m pytest -n auto --cov --cov-branch --cov-fail-under=$(COVERAGE_MIN)

# What could depend on the version of Python; wheel, documentation and the long runs over every
# destination and tariff do not.
OTHER_IGNORES := tests/test_house.py tests/test_docs.py tests/test_snapshot.py \
	tests/estimate/test_properties.py tests/export/test_en16931.py tests/tariff/test_us_stack.py \
	tests/tariff/test_schedules.py
.PHONY: tests-other
tests-other: $(VENV)/.installed-dev
	@for version in $(OTHER_VERSIONS); do \
		for name in "python$$version" "$(HOME)"/.pyenv/versions/"$$version".*/bin/python3 ""; do \
			"$$name" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "'$$version'")' \
				>/dev/null 2>&1 && break; \
		done; \
		own=$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		if [ "$$own" = "$$version" ]; then continue; fi; \
		if [ -z "$$name" ]; then echo "== CPython $$version is not installed: skipped"; continue; fi; \
		echo "== tests on CPython $$version"; \
		other=$(VENV)/other/$$version; \
		if [ ! -e "$$other/.installed" ] || [ pyproject.toml -nt "$$other/.installed" ]; then \
			"$$name" -m venv --clear "$$other"; \
			"$$other/bin/python" -m pip install $(PIP_FLAGS) -e ".[$(OTHER_EXTRAS)]"; \
			touch "$$other/.installed"; \
		fi; \
		"$$other/bin/python" -m pytest -n auto $(addprefix --ignore=,$(OTHER_IGNORES)); \
	done

.PHONY: docs
docs: $(VENV)/.installed-dev
	@echo "== docs"
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir site

.PHONY: bench
bench: $(VENV)/.installed-dev
	@for script in $(filter-out benchmarks/timing.py,$(wildcard benchmarks/*.py)); do \
		echo "== $$script"; $(BIN)/python "$$script"; \
	done

.PHONY: clean
clean:
	rm -rf $(VENV) build dist site demo-output htmlcov .coverage .coverage.* \
		.mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- environments: rebuilt only when pyproject.toml changes ----

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed, and none was found. \
	Install one, or run: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c '$(IS_RECENT)' || { echo "$(PYTHON) does not run or is older than Python 3.11: \
	$$("$(PYTHON)" --version 2>&1). Run: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "== creating $(VENV) with $$("$(PYTHON)" --version)"
	"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	@echo "== installing aliexpress-customs"
	$(BIN)/python -m pip install $(PIP_FLAGS) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml $(RULE_SETS)
	@echo "== installing aliexpress-customs with its test and documentation tools"
	$(BIN)/python -m pip install $(PIP_FLAGS) -e ".[$(EXTRAS)]"
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-deps -r $(RULE_SETS) \
		|| echo "the rules of EN 16931 are not installed: their tests are skipped"
	@touch $@ $(VENV)/.installed

# ---- data built from the collected facts; FACTS names their folder ----

FACTS ?= ../shared/facts

.PHONY: data
data: $(VENV)/.installed-dev
	$(BIN)/python tools/tariffs/build.py $(FACTS)/tariffs
	$(BIN)/python tools/tariffs/build_us.py $(FACTS)
	$(BIN)/python tools/commodity/build.py $(FACTS)/tariffs
	$(BIN)/python tools/coverage.py --write
	$(BIN)/python tools/snapshot.py --write
