# hsgraph: set up, serve, test. `make help` lists what there is.

PYTHON ?= python3
PORT ?= 5000
ARGS ?=
# With ARGS="tests/unit" one of the two runs of pytest may have nothing to do, which it calls 5.
NONE_OK = $(if $(ARGS),|| [ $$? = 5 ])

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := $(BIN)/uv
# uv, once it is there, takes a third of the time; pip knows more ways to reach packages.
install = $(UV) pip install --quiet --python $(BIN)/python $(1) 2>/dev/null || $(PIP) install $(1)
SETUP := $(VENV)/.setup
SETUP_TEST := $(VENV)/.setup-test
FUSEKI := 5.3.0
FUSEKI_JAR := $(HOME)/.m2/repository/org/apache/jena/jena-fuseki-server/$(FUSEKI)/jena-fuseki-server-$(FUSEKI).jar
TYPES := web/node_modules/.types
BUNDLED := $(wildcard web/package-lock.json web/*.mjs web/src/*)

# Without the compiled modules every process of the tests would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup serve build test check format bench ask-eval tools style types collected scripts lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(SETUP) ## make .venv with everything hsgraph needs; leaves .venv/bin/hsgraph

serve: setup ## serve the graph on http://127.0.0.1:5000/ (another port: make serve PORT=8080)
	@exec $(BIN)/hsgraph serve --port $(PORT) $(ARGS)

build: setup ## build and validate the graph into var/
	@$(BIN)/hsgraph build $(ARGS)

# Files as tests/order.py orders and parts them, not by count: few tests of other engines take longest.
# Tests marked "timed" run apart, two at a time: more beside them would make them late.
# Fuseki, and the clients Jena (in Fuseki's jar) and Java, are tested where Maven and a JDK are;
# without them the output of the tests says so.
test: $(UV) tools check ## run every check and test
	@HSGRAPH_TEST_FUSEKI_JAR=$$(ls $(FUSEKI_JAR) 2>/dev/null) \
		$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not timed" $(ARGS) $(NONE_OK)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m timed $(or $(ARGS),$$(grep -rl "mark\.timed" tests --include=*.py)) $(NONE_OK)

# Setting up and checking are of parts that each keep one processor busy.
check: ## style and types only
	@$(MAKE) --no-print-directory --jobs=2 style types collected scripts

style: $(SETUP_TEST)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(SETUP_TEST)
	@$(BIN)/mypy

# What tests import is there; compiled once, not by every process of the tests at the same time.
collected: $(SETUP_TEST)
	@$(BIN)/python -m pytest --collect-only --quiet >$(VENV)/.collected || { cat $(VENV)/.collected; exit 1; }

scripts: $(TYPES)
	@cd web && PATH="$(abspath $(BIN)):$$PATH" npm run --silent check

format: $(SETUP_TEST) ## put the code into its standard form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(SETUP_TEST) ## measure speed, beside the servers one would pick instead
	@$(BIN)/python -m benchmarks $(ARGS)

ask-eval: $(SETUP_TEST) ## measure how well questions in plain words are answered
	@$(BIN)/python -m tests.ask.measure $(ARGS)

tools: ## make sure there are the browser, servers and readers that the tests try
	@tests/tools.sh
	@if command -v mvn >/dev/null && command -v java >/dev/null && [ ! -f $(FUSEKI_JAR) ]; then \
		mvn -q dependency:get -Dtransitive=false -Dartifact=org.apache.jena:jena-fuseki-server:$(FUSEKI) \
		|| echo "Maven cannot fetch Fuseki with Jena; the tests run without them."; fi

lock: $(SETUP_TEST) ## bring the pinned requirements up to date with pyproject.toml (ARGS=--upgrade)
	@$(BIN)/uv pip compile pyproject.toml --extra curate --group build --universal --python-version 3.11 \
		--generate-hashes --no-header --quiet $(ARGS) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra curate --group build --group test --universal --python-version 3.11 \
		--generate-hashes --no-header --quiet $(ARGS) -c requirements.lock -o requirements-test.lock

clean: ## remove what these targets made
	rm -rf $(VENV) var dist web/node_modules web/static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "hsgraph needs Python 3.11 or later; '$(PYTHON)' is not. Name another: make setup PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python has no venv module. Install it: sudo apt-get install -y python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(SETUP): requirements.lock pyproject.toml hatch_build.py $(BUNDLED) | $(BIN)/python
	@echo "Setting up $(VENV) ..."
	@$(call install,--require-hashes -r requirements.lock)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(SETUP_TEST): requirements-test.lock $(SETUP)
	@echo "Setting up $(VENV) for the tests ..."
	@$(call install,--require-hashes -r requirements-test.lock)
	@touch $@

$(UV): | $(BIN)/python
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-test.lock >$(VENV)/.uv
	@$(PIP) install --no-compile --require-hashes -r $(VENV)/.uv

$(TYPES): web/package-lock.json $(SETUP)
	@cd web && PATH="$(abspath $(BIN)):$$PATH" npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@
