# One command each. `make check` is what CI runs.
SHELL := /bin/bash
SWIFT := tools/swift.sh
FLAGS := --explicit-target-dependency-import-check error
SEEDS ?= 1000
MUTANT_SEEDS ?= 10000
HISTORIES ?= 500
FUZZ_SECONDS ?= 20

.PHONY: help build demo demo-evm test vectors check bench soak sim mutants models fuzz format lint clean

help:
	@echo 'make build       release build: bin/almoner, bin/airdrop (the same binary), bin/almoner-sim'
	@echo 'make demo        sets up, builds, and pays 10,000 recipients on the simulated chain'
	@echo 'make demo-evm    the same on the EVM development chain'
	@echo 'make test        sets up and runs every test; time by part, "N passed, N failed"'
	@echo 'make vectors     golden vectors only; VECTORS=DIR runs another set of the same shape'
	@echo 'make sim         the engine under faults: cut off at every boundary, in SEEDS=$(SEEDS) worlds; HISTORIES=$(HISTORIES) of lotteries'
	@echo 'make mutants     rules switched off one by one: tests and simulator find each within MUTANT_SEEDS=$(MUTANT_SEEDS)'
	@echo 'make models      the protocol models, their mutants, and the transition table (3 minutes)'
	@echo 'make fuzz        libFuzzer on every parser of outside data, FUZZ_SECONDS=$(FUZZ_SECONDS) each'
	@echo 'make format      formats the sources; make lint only looks'
	@echo 'make check       all of the above that can fail, as CI runs it'
	@echo 'make bench       speed and memory beside the peers, into docs/benchmarks.md (minutes)'
	@echo 'make soak        200 kills and 100,000 seeds (hours)'
	@echo 'make clean       removes build products'

build:
	@tools/setup.sh build
	$(SWIFT) build -c release $(FLAGS) --product almoner
	$(SWIFT) build -c release $(FLAGS) --product almoner-sim
	@mkdir -p bin
	@ln -sfn ../.build/release/almoner bin/almoner
	@ln -sfn almoner bin/airdrop
	@ln -sfn ../.build/release/almoner-sim bin/almoner-sim

demo:
	@tools/setup.sh build run
	@$(MAKE) --no-print-directory build
	bin/almoner demo

demo-evm:
	@tools/setup.sh build chain
	@$(MAKE) --no-print-directory build
	bin/almoner demo --chain evm

test:
	@tools/test.sh

vectors:
	@tools/setup.sh build
	$(SWIFT) test $(FLAGS) --disable-xctest --filter Vector

sim: build
	bin/almoner-sim boundaries
	bin/almoner-sim run --seeds $(SEEDS)
	bin/almoner-sim lotteries --histories $(HISTORIES)

mutants:
	@tools/setup.sh build
	tools/mutants.sh $(MUTANT_SEEDS)

models:
	@tools/setup.sh test
	models/run.sh
	models/transitions.sh

fuzz:
	@tools/setup.sh build
	tools/fuzz.sh $(FUZZ_SECONDS)

format:
	$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format Sources Tests Benchmarks

lint:
	$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format Sources Tests Benchmarks

check:
	@tools/check.sh

bench:
	@tools/bench.sh

soak:
	@tools/soak.sh

clean:
	rm -rf .build .build-* bin
