# The project's commands. `make` alone lists them.

SWIFT ?= swift
SWIFT_FLAGS ?=
KILLS ?= 200
POWER_CUTS ?= 2000
FUZZ_SECONDS ?= 20

# The suites that measure times and memory.
TIMED_TESTS := '^RPCTests\.(ConnectionTimeTests|MannersTests|Hostile(Reply)?Tests)'

.PHONY: help quickstart build test test-clients interop soak fuzz lint format generate check bench bench-large clean setup

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 14

quickstart: setup ## Serve a real wholesaler's quarter of a year on this machine, and prove the figures (STORE=postgres: on a PostgreSQL)
	@$(SWIFT) build -c release $(SWIFT_FLAGS) --product dms-server
	@$(SWIFT) build -c release $(SWIFT_FLAGS) --product dms
	@dev/quickstart

build: setup ## Build the server and the command line for release
	$(SWIFT) build -c release $(SWIFT_FLAGS) --product dms-server
	$(SWIFT) build -c release $(SWIFT_FLAGS) --product dms

test: setup ## Build everything, run every test, check what the compiler cannot
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	@# In parts, so that no test waits behind the others' load: what talks to itself and to stock gRPC over sockets, what
	@# measures times and memory, and what starts databases and servers.
	$(SWIFT) test --skip-build $(SWIFT_FLAGS) --skip '^(RPCTests|DMSStorageTests|DMSServiceTests)\.'
	$(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter '^RPCTests\.' --skip $(TIMED_TESTS)
	$(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter $(TIMED_TESTS)
	$(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter '^DMSStorageTests\.'
	$(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter '^DMSServiceTests\.'
	DMS_PROGRAMS="$$($(SWIFT) build $(SWIFT_FLAGS) --show-bin-path)" Clients/test python
	@# gRPC's interoperability cases, with Python's stock gRPC; make interop runs them with C++ and over TLS, too.
	Tests/Interop/run --quick --skip-build
	dev/tidy
	dev/check-generated
	@echo "make test: everything passed"

test-clients: build ## Run the clients in Python, C++, Java and Go against a server, over connections that are cut
	@dev/setup --clients
	DMS_PROGRAMS=.build/release Clients/test python cpp java go

interop: ## Run gRPC's interoperability cases against stock Python and C++ gRPC, each calling the other
	@dev/setup --interop
	Tests/Interop/run

soak: setup ## Kill servers and cut the power hundreds of times under load, and say what was lost
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	DMS_SOAK=$(KILLS) $(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter DMSServiceTests.Crash
	DMS_SOAK=$(POWER_CUTS) $(SWIFT) test --skip-build $(SWIFT_FLAGS) --filter DMSStorageTests.Durability

fuzz: setup ## Feed made-up bytes to everything that takes bytes from outside, FUZZ_SECONDS for each
	@SWIFT='$(SWIFT)' FUZZ_SECONDS=$(FUZZ_SECONDS) dev/fuzz

lint: ## Check layout of the sources and style of the schemas
	@dev/setup --lint
	dev/lint

format: ## Lay the sources out
	dev/lint --fix

generate: setup ## Make the generated sources anew
	dev/generate

check: test lint ## test and lint

bench: ## Measure, against peers, and write Benchmarks/results.json
	@dev/setup --bench
	Benchmarks/run

bench-large: ## Measure on a store with 5 million orders; takes some minutes and 10 GB of disk
	@dev/setup --bench
	Benchmarks/run --large

clean: ## Remove what was built
	rm -rf .build .build-fuzz Benchmarks/.build Benchmarks/peers/build Tests/Interop/build Clients/*/build .quickstart .quickstart-postgres

setup:
	@dev/setup
