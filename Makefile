# make demo    install, build the program, compile the embedded model into demo/, lint its RTL
# make build   the program alone: build/tilewright
# make test    install, build everything, run the tests
# make formal  the long proofs
# make cosim   tiles of 64 configurations beside the simulator: hours
# make mutation  a hundred faults in every module of the RTL, which benches must see: hours
# make speed   cycles a second of simulated tiles and meshes: minutes
# make coverage  lines and bits of the RTL that the benches reach, in a build folder of its own: an hour
# make sweep   what each parameter of a tile changes, cycles and area: an hour; writes docs/figures/parameters.csv
# make sweep-scale  two workloads x all nodes x ten seeds in every way of running them, which must agree: a quarter of an hour
# make synth   tiles mapped to a cell library and simulated, the least placed on an FPGA: an hour
# make fuzz    two hours of hostile model files (FUZZ_SECONDS)
# make learning  that the learners learn, five seeds each
# make lint    formatting of every file, static analysis of the changed ones
BUILD ?= build
JOBS ?= $(shell nproc)
TEST_JOBS ?= 2
DEMO_EPISODES ?= 600
FUZZ_SECONDS ?= 7200

.PHONY: demo build test formal coverage cosim mutation speed sweep sweep-scale synth fuzz learning lint setup configure install clean

demo: build
	$(BUILD)/tilewright compile --episodes $(DEMO_EPISODES) -o demo
	$(BUILD)/tilewright verify demo --level lint

build: configure
	cmake --build $(BUILD) -j $(JOBS) --target tilewright

test: configure
	cmake --build $(BUILD) -j $(JOBS)
	ctest --test-dir $(BUILD) -j $(TEST_JOBS) -LE 'formal|learning|cosim|mutation|speed|sweep|synth' --output-on-failure --output-junit junit.xml

# Proofs that take minutes.
formal: configure
	cmake --build $(BUILD) -j $(JOBS)
	ctest --test-dir $(BUILD) -L formal --output-on-failure

# Tiles of 64 configurations beside the simulator, 10^8 instructions: hours.
cosim: configure
	cmake --build $(BUILD) -j $(JOBS) --target cosim
	ctest --test-dir $(BUILD) -j $(TEST_JOBS) -L cosim --output-on-failure

# A hundred mutants of every module of the library, one bench at a time; the table goes into the build: hours.
mutation: configure
	cmake --build $(BUILD) -j $(JOBS) --target mutation
	ctest --test-dir $(BUILD) -L mutation --output-on-failure; status=$$?; \
	tests/rtl/mutation/table.sh $(BUILD)/tests/rtl/mutation/results > $(BUILD)/mutation.md; exit $$status

# Simulated cycles a second, alone on the machine: minutes.
speed: configure
	cmake --build $(BUILD) -j $(JOBS) --target speed
	ctest --test-dir $(BUILD) -L speed --verbose

# Every bench of the RTL with coverage: an hour.
coverage: setup
	cmake -G Ninja -S . -B $(BUILD)-coverage -DTILEWRIGHT_RTL_COVERAGE=ON
	cmake --build $(BUILD)-coverage -j $(JOBS) --target coverage
	ctest --test-dir $(BUILD)-coverage -j $(TEST_JOBS) -L coverage --output-on-failure
	$(BUILD)-coverage/rtl_coverage_report --data $(BUILD)-coverage/tests/rtl/run --rtl rtl \
	  --exceptions tests/rtl/coverage/exceptions.json --out $(BUILD)-coverage/coverage

# Each parameter at four settings, the table of docs/verification.md from it.
sweep: configure
	cmake --build $(BUILD) -j $(JOBS) --target sweep
	ctest --test-dir $(BUILD) -j $(TEST_JOBS) -L sweep --output-on-failure
	cmake --build $(BUILD) --target sweep_table

# Sweeps of the program (the target above is the RTL's): bytes and throughput, alone on two cores.
sweep-scale: build
	tests/bench/sweep_scale.sh $(BUILD)

# Needs a cell library, see tests/rtl/README.md.
synth: configure
	cmake --build $(BUILD) -j $(JOBS) --target synth
	ctest --test-dir $(BUILD) -j 1 -L synth --output-on-failure

# Any bytes as a model, under sanitizers: tests/fuzz/README.md.
fuzz: setup
	scripts/fuzz.sh $(BUILD)/sanitize $(FUZZ_SECONDS)

# Five seeds of each learner: minutes.
learning: configure
	cmake --build $(BUILD) -j $(JOBS)
	ctest --test-dir $(BUILD) -L learning --output-on-failure

lint: configure
	BUILD=$(BUILD) scripts/lint.sh

setup:
	scripts/setup.sh

configure: setup
	cmake -G Ninja -S . -B $(BUILD)

install: build
	cmake --install $(BUILD)

clean:
	rm -rf $(BUILD) demo
