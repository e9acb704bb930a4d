# Two commands on a fresh machine with python3, pip and make:  make  (the demo)  ·  make test  (the tests)
#
# Everything lives in .venv; stamps in it remember what is installed, so that a second run starts at once.
# PYTHON chooses the interpreter (3.11 or later):  make PYTHON=python3.13 test

SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOWEST := tests/extras/test_holidays_cn.py tests/extras/test_two_calendars.py tests/files tests/engine \
  tests/billing/test_rent.py tests/billing/test_rent_settlement.py
PINS := pyproject.toml constraints.txt

.DEFAULT_GOAL := demo
.PHONY: demo test check check-deep lint types layers docs mutants lowest console console-test pictures bench clean help
.SUFFIXES:
.DELETE_ON_ERROR:

demo: $(VENV)/.installed-cli  ## install into .venv and show the day of the demo (this is plain `make`)
	@$(BIN)/callcenter demo

test: $(VENV)/.installed-test  ## the fast tier of the tests, with every page of the documentation that can be executed
	@$(BIN)/pytest -n auto --dist loadfile

check: lint types layers docs mutants lowest test  ## all that must hold before a commit; ends with the summary of the tests

check-deep: $(VENV)/.installed-test  ## the release tier: many more examples, and the tests marked deep
	@HYPOTHESIS_PROFILE=deep $(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.installed-test  ## formatting and ruff
	@echo "lint: ruff format --check, ruff check"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.installed-test  ## mypy strict over source, tests, examples and benchmarks
	@echo "types: mypy"
	@$(BIN)/mypy

layers: $(VENV)/.installed-test  ## imports point down only
	@echo "layers: lint-imports"
	@$(BIN)/lint-imports

docs: $(VENV)/.installed-test  ## what is generated (pictures, reference pages) is what the code would generate today
	@echo "docs: generated pages and pictures"
	@$(BIN)/python docs/generate.py --check

mutants: $(VENV)/.installed-test  ## each fault made by hand is found by the ordinary tests; MUTANTS=--all or "--only NAME"
	@echo "mutants: faults made by hand"
	@$(BIN)/python -m tests.mutants.run $(MUTANTS)

lowest: $(VENV)-lowest/.installed  ## the oldest attrs and python-dateutil that we support, with the extra zh, which needs the latter
	@echo "lowest: attrs 23.2, python-dateutil 2.9, holidays"
	@CALLCENTER_LOWEST=1 $(VENV)-lowest/bin/python -m pytest -q -p no:randomly $(LOWEST)

console: $(VENV)-console/.installed  ## the example of a web console on http://127.0.0.1:8410/, with first passwords for its log-ins
	@cd examples/console && $(abspath $(VENV)-console)/bin/python -m webconsole

console-test: $(VENV)-console/.installed  ## the example's types and tests, with a walk through it in chromium
	@for tool in chromium chromedriver; do \
	  command -v $$tool >/dev/null || { echo "$$tool is missing: apt-get install chromium chromium-driver" >&2; exit 1; }; \
	done
	@echo "console: mypy"
	@cd examples/console && $(abspath $(VENV)-console)/bin/python -m mypy
	@echo "console: pytest, chromium"
	@cd examples/console && $(abspath $(VENV)-console)/bin/python -m pytest -q -p no:cacheprovider

pictures: $(VENV)/.installed-test  ## write the generated pages and pictures anew
	@$(BIN)/python docs/generate.py

bench: $(VENV)/.installed-bench  ## our figures beside those of the peers; BENCH=--full for the long run
	@$(BIN)/python bench/run.py $(BENCH)

clean:  ## remove the virtual environment and every cache
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-console .venv-tool .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist bench/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/ -/'

$(VENV)/.installed-%: $(PINS) $(VENV)/.made
	@echo "installing callfloor[$*] into $(VENV) ..."
	@$(PIP) install -e '.[$*]' -c constraints.txt
	@touch $@

$(VENV)-lowest/.installed: $(PINS) $(VENV)/.made
	@echo "installing the oldest supported packages into $(VENV)-lowest ..."
	@$(MAKE) --no-print-directory VENV=$(VENV)-lowest $(VENV)-lowest/.made
	@$(VENV)-lowest/bin/python -m pip --disable-pip-version-check -qq install -e '.[zh,testing,cli]' \
	  'attrs==23.2.*' 'python-dateutil==2.9.*' chinesecalendar pytest pytest-randomly sybil
	@touch $@

$(VENV)-console/.installed: pyproject.toml examples/console/requirements.txt examples/console/constraints.txt
	@echo "installing the example of a web console ..."
	@$(MAKE) --no-print-directory VENV=$(VENV)-console $(VENV)-console/.made
	@$(VENV)-console/bin/python -m pip --disable-pip-version-check -qq install -e '.[excel]' \
	  -r examples/console/requirements.txt -c examples/console/constraints.txt
	@touch $@

# Three ways to a virtual environment that has pip: the one that is there; venv; virtualenv where ensurepip is missing
# (Debian's python3 without python3-venv). A half-made one from a failed try is thrown away.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=python3.12" >&2; exit 1; }
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  echo "making $(VENV) ..."; \
	  rm -rf $(VENV); \
	  if $(PYTHON) -c 'import ensurepip' >/dev/null 2>&1; then $(PYTHON) -m venv $(VENV); \
	  else \
	    $(PYTHON) -m pip --disable-pip-version-check --quiet install --target .venv-tool virtualenv && \
	    PYTHONPATH=.venv-tool $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf .venv-tool; \
	  fi; \
	fi
	@touch $@
