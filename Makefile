# Everything runs from a virtual environment that these targets make; nothing else on the machine is changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
SIZE ?= full
SECONDS ?= 60
SEED ?= 1
ROWS ?= 50000 1000000
READS_SECONDS ?= 24
EDITS ?= 200
DRAWS ?= 200
CHANGES ?= 20
ROUNDS ?= 20
FAMILY ?= mista
INSTANCES ?=
PEERS ?=
SEEDS ?= 1
SIZES ?= 1000 10000 100000 1000000
HOT_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo serve test test-long check requirements bench bench-exercise bench-load bench-reads bench-edits bench-slots bench-replan bench-upserts bench-deconfliction bench-solver format lock coverage sdl client clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "; printf "opsplan: make TARGET\n\n"} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nBegin with: make demo\n'

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "opsplan needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module failed; on Debian install python3-venv"; exit 1; }
	@touch $@

$(VENV)/setup: $(VENV)/made requirements/run.lock pyproject.toml
	@echo "Installing opsplan's locked packages into $(VENV) (some 200 MB the first time) ..."
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@echo "Compiling the scheduler's search (a minute, once for each version) ..."
	@$(BIN)/python -m solver warm
	@touch $@

$(VENV)/setup-dev: $(VENV)/setup requirements/dev.lock requirements/generator.lock
	@echo "Installing the tools for tests and checks ..."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@$(PYTHON) -m venv $(VENV)/generator
	@$(VENV)/generator/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/generator.lock
	@touch $@

setup: $(VENV)/setup ## install what opsplan runs with

setup-dev: $(VENV)/setup-dev ## install what tests and checks need as well

demo: setup ## load the small exercise, schedule it, publish it, write out/plan.html and out/plan.json
	@$(BIN)/opsplan demo --out out

serve: setup ## serve the API on this machine, with the small exercise loaded, and print a token
	@$(BIN)/opsplan serve --exercise

test: setup-dev ## run all tests (about twenty minutes on two cores)
	@$(BIN)/python -m tests.run -m "not long"

test-long: setup-dev ## run the large numbers of cases too
	@$(BIN)/python -m tests.run

check: setup-dev ## lint, types, import contracts, SDL, typed client, requirements
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/opsplan export-sdl --check
	@$(BIN)/python -m tests.house.client --check
	@$(BIN)/python -m tests.house.requirements

requirements: setup-dev ## list every requirement with the tests that show it
	@$(BIN)/python -m tests.house.requirements

bench: bench-exercise bench-load bench-reads bench-edits bench-slots bench-replan bench-upserts bench-deconfliction ## run the benchmarks

bench-exercise: setup-dev ## schedule the reference exercise (SIZE=small|full|huge SECONDS=60)
	@$(BIN)/python -m benchmarks.exercise --size $(SIZE) --seconds $(SECONDS) --seed $(SEED)

bench-load: setup-dev ## load 50,000 rows in one transaction, and a million in batches (ROWS="50000 1000000")
	@$(BIN)/python -m benchmarks.load --rows $(ROWS)

bench-reads: setup-dev ## compare reads with @neo4j/graphql and the raw driver (READS_SECONDS=24 for each row)
	@$(BIN)/python -m benchmarks.read_path --seconds $(READS_SECONDS)

bench-edits: setup-dev ## edit the reference exercise's draft by hand, and time the verdicts (SIZE=full EDITS=200)
	@$(BIN)/python -m benchmarks.edits --size $(SIZE) --edits $(EDITS) --seed $(SEED)

bench-slots: setup-dev ## ask for slots of new actions on the reference exercise, and time the advice (SIZE=full DRAWS=200)
	@$(BIN)/python -m benchmarks.slots --size $(SIZE) --draws $(DRAWS) --seed $(SEED)

bench-replan: setup-dev ## replan the reference exercise after random changes (SIZE=full CHANGES=20)
	@$(BIN)/python -m benchmarks.replan --size $(SIZE) --changes $(CHANGES) --seed $(SEED)

bench-upserts: setup-dev ## upsert targets by the thousand, against the plain driver's UNWIND (ROUNDS=20)
	@$(BIN)/python -m benchmarks.upserts --rounds $(ROUNDS)

$(VENV)/bench-deconfliction/made: $(VENV)/setup-dev requirements/bench-deconfliction.lock
	@echo "Installing PostgreSQL's driver into $(VENV)/bench-deconfliction ..."
	@rm -rf $(VENV)/bench-deconfliction
	@$(PIP) install --require-hashes --target $(VENV)/bench-deconfliction -r requirements/bench-deconfliction.lock
	@touch $@

bench-deconfliction: $(VENV)/bench-deconfliction/made ## check and commit claims beside PostGIS, and the hot spot (SIZES="1000 1000000" HOT_SECONDS=60)
	@PYTHONPATH=$(VENV)/bench-deconfliction $(BIN)/python -m benchmarks.deconfliction --sizes $(SIZES) --hot-seconds $(HOT_SECONDS)

$(VENV)/bench/made: $(VENV)/made requirements/bench.lock
	@echo "Installing what the scheduler is compared with into $(VENV)/bench ..."
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/bench.lock
	@touch $@

bench-solver: setup-dev $(if $(filter 1,$(PEERS)),$(VENV)/bench/made) ## solve public instances (FAMILY=mista|psplib|mspsp|rcpsp-max INSTANCES=folder SECONDS=60 PEERS=1 SEEDS=3)
	@test -n "$(INSTANCES)" || { echo "Name a folder of instances: make bench-solver FAMILY=$(FAMILY) INSTANCES=folder"; exit 2; }
	@$(BIN)/python -m benchmarks.solver --family $(FAMILY) --instances "$(INSTANCES)" --seconds $(SECONDS) --seed $(SEED) --seeds $(SEEDS) $(if $(filter 1,$(PEERS)),--peers)

coverage: setup-dev ## line coverage of the tests
	@$(BIN)/coverage erase
	@$(BIN)/python -m tests.run --coverage -m "not long"
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report --skip-covered --sort=cover

sdl: setup-dev ## write graph_schema/public.graphql from the code
	@$(BIN)/opsplan export-sdl

client: setup-dev ## write the typed client, opsplan/client/generated, from the SDL and its documents
	@$(BIN)/python -m tests.house.client

format: setup-dev ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: setup-dev ## resolve the locked versions anew
	@$(PIP) install uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra setup --extra client pyproject.toml -o requirements/run.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra setup --extra client --extra dev pyproject.toml -o requirements/dev.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/generator.in -o requirements/generator.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/bench.in -o requirements/bench.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/bench-deconfliction.in -o requirements/bench-deconfliction.lock

clean: ## remove what the targets made (not the data folder)
	@rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis
