# The C compiler, its library, and what they are compared with.
TEST_TOOLS += csmith:csmith /usr/include/csmith/csmith.h:libcsmith-dev guile:guile-3.0

.PHONY: csmith ddc
# Other seeds, more programs: make csmith CASES=2000 FROM=1000.
csmith: $(BUILD)/scheme $(BUILD)/link-host $(BUILD)/seedbed $(BUILD)/verify ## compare the ladder's C compiler with gcc on generated programs
	$(Q)CSMITH_CASES=$(or $(CASES),2000) CSMITH_FROM=$(or $(FROM),1) $(BUILD)/verify --filter cc-programs-of-csmith

ddc: $(BUILD)/scheme $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed ## tcc from hex and tcc from gcc must be the same bytes
	$(Q)sh buildscripts/boot4/ddc.sh $(BUILD)/ddc

test: $(BUILD)/scheme $(BUILD)/link-host

.PHONY: loop
# On other engines: make loop LOOP_ENGINES="native model pc qemu-tcg".
LOOP_ENGINES ?= native model qemu-tcg
loop: $(BUILD)/scheme $(BUILD)/seedbed $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed ## from C to tcc to the model to the hex it came from, on Linux, the model and the kernel
	$(Q)sh buildscripts/boot4/loop.sh $(BUILD)/loop $(LOOP_ENGINES) | tee $(BUILD)/loop/summary.txt; tail -n 1 $(BUILD)/loop/summary.txt | grep -q 'the loop is closed'

.PHONY: ladder tests2
# On other drivers: make ladder LADDER_DRIVERS="native model pc qemu". One boot of each runs the whole ladder.
LADDER_DRIVERS ?= native qemu
LADDER := $(addprefix buildscripts/,boot0.pipeline boot1.pipeline boot2.pipeline boot3.pipeline boot4/tcc.pipeline)
ladder: $(BUILD)/seedbed $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed ## the whole ladder from hex0 to tcc3 in one boot, compared with the same on Linux
	$(Q)sh verify/tests/ladder/fetch-source.sh tcc build/tcc
	$(Q)PIPELINE_WORK=$(BUILD)/ladder-all PIPELINE_BOOT=all PIPELINE_SECONDS=3600 PIPELINES="$(LADDER)" sh buildscripts/run-pipelines.sh $(LADDER_DRIVERS)

# On an engine: make tests2 ENGINE=qemu-tcg.
tests2: $(BUILD)/seedbed $(BUILD)/scheme $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed ## tcc's own tests with the ladder's tcc
	$(Q)sh buildscripts/boot4/tests2.sh $(BUILD)/tests2 $(or $(ENGINE),native)
