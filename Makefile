# The commands of this checkout. `make run` and `make test` are all a visitor needs; each does its own set-up.

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PYTHONUNBUFFERED := 1
# What is compiled once is found again: without it each run of the tests compiles them all.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
ARGS ?=
FAST := tests/queue tests/devices tests/hal
# In two plain processes: to tell workers of thousands of short tests would take as long as the tests themselves.
RUN_FAST = printf '%s\n' 'tests/queue' 'tests/devices tests/hal' | xargs -P 2 -L 1 $(BIN)/pytest $(ARGS)
# These wait more than they work, or work without looking at a clock: several at a time.
SIDE_BY_SIDE := tests/any_order tests/catalogue tests/fuzz tests/looks tests/pictures tests/power tests/setup tests/simulate tests/studio tests/wires

.PHONY: help run test fast check format bench pictures chaos powercut guest arm64 fuzz setup setup-dev programs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: setup ## a whole hall on virtual devices, keys and screens in the browser; ARGS="--help" for more
	@$(BIN)/jiaohao demo $(ARGS)

test: setup-dev programs ## every test; installs Debian packages where it may (APT=no: never)
	@echo "test: the fast ones"
	@$(RUN_FAST)
	@echo "test: whatever comes in whatever order, wires, whole days, power cuts"
	@$(BIN)/pytest -n auto $(SIDE_BY_SIDE) $(ARGS)
	@echo "test: those with a whole hall or a browser, one at a time"
	@$(BIN)/pytest $(addprefix --ignore=,$(FAST) $(SIDE_BY_SIDE)) $(ARGS)

fast: setup-dev ## only the fast tests: the queue's rules, the devices, the hardware layer
	@$(RUN_FAST)

check: setup-dev ## format, lint, types and who may import whom
	@echo "check: format"
	@$(BIN)/ruff format --check .
	@echo "check: lint"
	@$(BIN)/ruff check .
	@echo "check: types"
	@$(BIN)/mypy
	@echo "check: imports"
	@$(BIN)/lint-imports --no-logo

format: setup-dev ## put the code into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup-dev programs ## measure: presses, calls, days; writes bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

pictures: setup-dev ## draw every page of every screen into pictures/; ARGS="--only NAME" for some, --keep for docs/pictures
	@$(BIN)/python -m tests.pictures $(ARGS)

chaos: setup-dev programs ## break a whole hall in every way, for an hour; ARGS="--minutes 20 --only crash" for less
	@$(BIN)/python -m tests.chaos $(ARGS)

powercut: setup-dev ## cut the power of a whole machine 150 times, for half an hour; ARGS="--cuts 10" for less
	@scripts/guest.sh
	@$(BIN)/python -m tests.power $(ARGS)

guest: setup-dev ## from blank cards to a working hall on emulated machines: a board, its updates and hangs, a hub; twenty minutes
	@scripts/debian_guest.sh
	@$(BIN)/python -m tests.guest $(ARGS)

arm64: setup-dev ## make a board's bundle and install it in an arm64 Debian, offline, under QEMU; some minutes
	@scripts/arm64.sh
	@$(BIN)/python -m tests.arm64 $(ARGS)
	@$(BIN)/pytest tests/arm64/small_release.py

fuzz: setup-dev ## a million odd inputs; ARGS="--inputs 20000" for less
	@$(BIN)/python -m tests.fuzz $(ARGS)

setup: ## only .venv with the command jiaohao in it
	@scripts/venv.sh hall

setup-dev:
	@scripts/venv.sh dev

programs:
	@scripts/programs.sh

clean: ## take away .venv, caches and what was built; never a hall's journal
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find broker firmware hal_mocks tests -name __pycache__ -type d -prune -exec rm -rf {} +
