# pp and link in C, which the ladder's own are compared with: build/pp-host and build/link-host.
# build/pp-forms writes an instruction of every form for the comparison with NASM.
PP_HOST_SRC := $(sort $(wildcard verify/ladder/pp*.c)) verify/ladder/slice.c
LINK_HOST_SRC := $(sort $(wildcard verify/ladder/link*.c)) verify/ladder/slice.c

$(BUILD)/pp-host: $(call obj,$(PP_HOST_SRC))
$(BUILD)/link-host: $(call obj,$(LINK_HOST_SRC))
$(BUILD)/pp-forms: $(call obj,$(filter-out %/pp_main.c,$(PP_HOST_SRC)) verify/ladder/forms.c)

$(BUILD)/pp-host $(BUILD)/link-host $(BUILD)/pp-forms:
	$(call link)

test: $(BUILD)/pp-host $(BUILD)/link-host $(BUILD)/pp-forms

# ---- the ladder from C on ------------------------------------------------------------------------
.PHONY: cc-speed csmith ddc ladder libc-long loop tests2
LADDER_HOST := $(BUILD)/seedbed $(BUILD)/scheme $(BUILD)/link-host $(BUILD)/pipeline-native $(BUILD)/boot0/hex0-seed

# Other seeds, more of them: make libc-long SEEDS=100.
libc-long: $(LADDER_HOST) $(BUILD)/verify ## printf and strtod of the ladder's library against glibc, 10^5 calls of each for each seed
	$(Q)LIBC_SEEDS=$(or $(SEEDS),20) $(BUILD)/verify --filter libc-prints-and-reads

# Other seeds, more programs: make csmith CASES=2000 FROM=1000.
csmith: $(LADDER_HOST) $(BUILD)/verify ## compare the ladder's C compiler with gcc on generated programs
	$(Q)CSMITH_CASES=$(or $(CASES),2000) CSMITH_FROM=$(or $(FROM),1) $(BUILD)/verify --filter cc-programs-of-csmith

ddc: $(LADDER_HOST) ## tcc from hex and tcc from gcc must be the same bytes
	$(Q)sh verify/ladder/ddc.sh $(BUILD)/ddc | tee $(BUILD)/ddc.txt; tail -n 1 $(BUILD)/ddc.txt | grep -q "tcc2 = tcc3 = tccG2"

# `pc` and `model` need no QEMU: make loop LOOP_ENGINES="native model pc".
LOOP_ENGINES ?= native model pc qemu-tcg
loop: $(LADDER_HOST) ## text, ladder, C, tcc, the model and its PC, the text's bytes again: in one boot, on every machine
	$(Q)sh verify/ladder/loop.sh $(BUILD)/loop $(LOOP_ENGINES)

# On other drivers: make ladder LADDER_DRIVERS="native model pc qemu". One boot of each runs the whole ladder.
LADDER_DRIVERS ?= native qemu
LADDER := $(addprefix buildscripts/,boot0.pipeline boot1.pipeline boot2.pipeline boot3.pipeline boot4/tcc.pipeline)
ladder: $(LADDER_HOST) ## the whole ladder from hex0 to tcc3 in one boot, compared with the same on Linux
	$(Q)sh verify/tests/ladder/fetch-source.sh tcc build/tcc
	$(Q)PIPELINE_WORK=$(BUILD)/ladder-all PIPELINE_BOOT=all PIPELINE_SECONDS=3600 PIPELINES="$(LADDER)" sh buildscripts/run-pipelines.sh $(LADDER_DRIVERS)

# On other engines: make cc-speed SPEED_ENGINES="model pc qemu-tcg".
SPEED_ENGINES ?= qemu-tcg
cc-speed: $(LADDER_HOST) ## how fast the ladder's C compiler and its code are
	$(Q)sh verify/ladder/speed.sh $(BUILD)/cc-speed $(SPEED_ENGINES)

# On an engine: make tests2 ENGINE=qemu-tcg.
tests2: $(LADDER_HOST) ## tcc's own tests with the ladder's tcc
	$(Q)sh verify/ladder/tests2.sh $(BUILD)/tests2 $(or $(ENGINE),native)
