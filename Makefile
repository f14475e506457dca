# Every habit of this house is a target; bare `make` prints them.
# A fresh machine needs Python 3.11 or newer, make and git; `make setup` brings the rest.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

# A home that is missing, closed or the root folder is replaced, so that no tool trips over it.
ifneq ($(shell h="$${HOME:-}" && test -n "$$h" && test "$$h" != / && test -d "$$h" && test -w "$$h" && echo fine),fine)
export HOME := $(CURDIR)/.tools/home
export UV_CACHE_DIR := $(CURDIR)/.tools/cache/uv
export XDG_CACHE_HOME := $(CURDIR)/.tools/cache
export XDG_CONFIG_HOME := $(CURDIR)/.tools/home/.config
export XDG_DATA_HOME := $(CURDIR)/.tools/home/.local/share
endif
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv

# A machine that keeps no compiled modules would compile thousands of them for every process.
ifneq ($(PYTHONDONTWRITEBYTECODE),)
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.tools/cache/bytecode
endif

BIN := .venv/bin
PYTHON := $(BIN)/python
PYTEST := $(PYTHON) -m pytest
UV = $(if $(wildcard .tools/uv/bin/uv),.tools/uv/bin/uv,uv)
READY := .venv/.synced
SOURCES := $(wildcard libs/*/src services/*/src tools/*/src)
PACKAGES := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml tools/*/pyproject.toml))
BENCHMARKS := $(filter-out benchmarks/bench_platform.py,$(wildcard benchmarks/bench_*.py))

# What a caller may set: s=<package> T=<expression> m=<message> SEED=<number> SEEDS=<how many> FROM=<number>
# RUNNERS=<how many> KEEP=1 LONG=1
s ?=
m ?=
T ?=
SEED ?=
SECONDS ?=
SEEDS ?= 200
FROM ?= 1
RUNNERS ?=
KEEP ?=
LONG ?=
# Runners that have a PostgreSQL and a Kafka each; servers from elsewhere are not shared by two.
SHARED_OUT := --numprocesses=auto --maxprocesses=4 --dist=loadgroup --no-loadscope-reorder
CHOSEN := $(if $(s),$(wildcard services/$(s) libs/$(s) tools/$(s)))

##@ Start
.PHONY: help setup up down demo
help: ## show this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z][a-z0-9-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv with everything locked in uv.lock

$(READY): uv.lock pyproject.toml $(PACKAGES:%=%/pyproject.toml) .ci/bootstrap
	@.ci/bootstrap
	@touch $(READY)

up: setup ## start PostgreSQL, Kafka and the services on this machine
	@$(BIN)/cleanclaim-dev up

down: setup ## stop them again; nothing keeps running
	@$(BIN)/cleanclaim-dev down

demo: setup ## follow invented claims from encounter to bank (SEED=7, KEEP=1 leaves it running)
	@$(BIN)/cleanclaim-demo run $(if $(SEED),--seed $(SEED)) $(if $(filter-out 0,$(KEEP)),--keep)

##@ Prove
.PHONY: test check gates lint format types walls declared manifests house contract journeys faults fuzz fuzz-api simulate compose-test k8s-test
test: setup ## run every test (s=claims for one package, T='held or posted' for some)
	@$(if $(s),$(if $(CHOSEN),,echo "There is no package '$(s)' under services, libs or tools." >&2; exit 2))
	@$(PYTEST) $(if $(s)$(T)$(DATABASE_URL)$(KAFKA_BOOTSTRAP_SERVERS),,$(SHARED_OUT)) $(CHOSEN) $(if $(T),-k '$(T)')

check: gates test ## what CI runs: every gate, then every test

gates: lint types walls declared fresh manifests ## everything in check but the tests

lint: setup ## style and formatting, nothing changed
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: setup ## put the style right where a machine can
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

types: setup ## mypy --strict over all sources in one go
	@$(BIN)/mypy $(SOURCES)

walls: setup ## who may import whom (.importlinter)
	@.ci/walls

declared: setup ## each package declares exactly what it imports
	@.ci/declared $(PACKAGES)

manifests: setup ## kube-score over the Kubernetes manifests (builds it once, with Go)
	@.ci/manifests

compose-test: setup ## the compose file on a real Docker engine, one claim to the bank (root, Debian)
	@deploy/verify/compose-test

k8s-test: setup ## the manifests on a real API server and simulated nodes (builds Kubernetes once, with Go)
	@deploy/verify/k8s-test

house: setup ## the house's own rules: sizes, names, forbidden calls, manifests
	@$(PYTEST) tests/house

contract: setup ## contracts judged, and every golden record of every event through every listener
	@$(PYTHON) -m cleanclaim.events.generate --check
	@$(PYTEST) libs/events/tests libs/chassis/tests/platform/test_majors.py tests/contract

journeys: setup ## whole stories through real services, PostgreSQL and Kafka
	@$(PYTEST) tests/journeys

faults: setup ## crashes, outages, a bad network, duplicates, poison (SEED=<number>, LONG=1 for full durations)
	@export CLEANCLAIM_FAULT_SEED="$(or $(SEED),$$RANDOM)" CLEANCLAIM_FAULT_LONG=$(LONG) CLEANCLAIM_FAULTS_WIDE=1; \
	CLEANCLAIM_TOXIPROXY="$$(.ci/toxiproxy)" || test $$? = 3; export CLEANCLAIM_TOXIPROXY; \
	echo "faults with SEED=$$CLEANCLAIM_FAULT_SEED"; $(PYTEST) tests/faults $(if $(T),-k '$(T)')

fuzz: setup ## spoil X12 files for so long and see what breaks the codec (SECONDS=60, SEED=7)
	@$(UV) sync --locked --inexact --quiet --group fuzz || echo "atheris cannot be installed here."
	@cd libs/x12/tests && ../../../$(PYTHON) fuzz.py --seconds $(or $(SECONDS),60) --seed $(or $(SEED),0)

fuzz-api: setup ## try every API operation by a fuzzer (EXAMPLES=50, SEED=7, s=claims)
	@CLEANCLAIM_FUZZ_ALL=1 CLEANCLAIM_FUZZ_EXAMPLES=$(or $(EXAMPLES),50) CLEANCLAIM_FUZZ_SEED=$(SEED) $(PYTEST) tests/doors/test_fuzz.py $(if $(s),-k '$(s)')

simulate: setup ## many lives of the plumbing under seeded faults (SEEDS=200 FROM=1 RUNNERS=2, or SEED=<number>)
	@cd libs/chassis && ../../$(PYTHON) -m tests.simulation --first $(or $(SEED),$(FROM)) --seeds $(if $(SEED),1,$(SEEDS)) $(if $(RUNNERS),--runners $(RUNNERS))

##@ Keep
.PHONY: migration asyncapi fresh generate bench bench-x12 bench-platform bench-idle locality clean
migration: setup ## write the migration that a changed table needs (s=claims m='add the filing day')
	@$(if $(and $(s),$(m)),,echo "say which service and why: make migration s=claims m='add the filing day'" >&2; exit 2)
	@.ci/migration $(s) "$(m)"

generate: setup ## write every generated file anew
	@.ci/generate

asyncapi: setup ## check the AsyncAPI document with its own parser and render it to docs/build (npm, 120 MB)
	@$(BIN)/node --version >/dev/null 2>&1 || { echo "make asyncapi needs Node.js: run 'make setup', whose packages bring it." >&2; exit 2; }
	@export PATH="$(CURDIR)/$(BIN):$$PATH" NODE_ENV=production; \
	npm ci --prefix docs/asyncapi --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || \
	  { echo "make asyncapi needs the npm registry, for the packages in docs/asyncapi/package.json." >&2; exit 2; }; \
	node docs/asyncapi/render.mjs docs/reference/asyncapi.yaml docs/build/asyncapi.html

fresh: setup ## fail when a generated file is not what its generator writes
	@.ci/fresh

bench: setup ## run the benchmarks that the documents quote (VISITS=200)
	@$(if $(BENCHMARKS),,echo "There is no benchmarks/bench_*.py to run." >&2; exit 2)
	@for program in $(BENCHMARKS); do $(PYTHON) $$program; done

bench-platform: setup ## relay and consumers against what Kafka and PostgreSQL give alone (EVENTS=20000)
	@$(PYTHON) benchmarks/bench_platform.py

bench-idle: setup ## what a stack costs that has nothing to do, and how fast it wakes (IDLE=60 VISITS=20)
	@$(PYTHON) benchmarks/idle.py

bench-x12: setup ## the X12 codec against its peers (CLAIMS=10000 RUNS=3 PEERS="pyx12 x12sdk oxedi staedi" GROWTH=1: to 1 GB)
	@CLAIMS=$(CLAIMS) RUNS=$(RUNS) PEERS="$(PEERS)" KINDS="$(KINDS)" GROWTH=$(GROWTH) $(PYTHON) benchmarks/x12/run.py

locality: ## the share of commits, by month, that touch one package and carry a test
	@.ci/locality

clean: ## remove caches, .venv and .tools (the stack's own data stay)
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
