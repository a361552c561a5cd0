# make fuzz: the kernel, the model and Linux on generated input; make fuzz-host: the host's own
# parsers and the model under sanitizers. Both for SECONDS seconds.
SECONDS ?= 60
FUZZ_OBJ := $(call obj,$(filter-out verify/harness/main.c verify/tests/%,$(VERIFY_SRC)) verify/fuzz/fuzz.c)

FUZZ_LONG = $(if $(CASES),--cases $(CASES),--seconds $(SECONDS))

.PHONY: fuzz fuzz-host fuzz-host-deps

$(BUILD)/fuzz: $(FUZZ_OBJ) $(LIB_OBJ)
	$(call link)

$(BUILD)/fuzz-calls.o: verify/fuzz/guest/calls.c verify/fuzz/guest/quick.h verify/guest/rt.h verify/guest/rules.mk
	$(guest_cc)

$(BUILD)/fuzz-calls: $(BUILD)/fuzz-calls.o $(GUEST_RUNTIME)
	$(call guest_ld,$(GUEST_AT))

# HOSTS=a,b spreads it over ssh logins that have this folder, built, in the same place. CASES=n in
# place of SECONDS=n.
# A run ends with the sum of all jobs or hosts; `make report` adds up all runs, from build/fuzz.txt.
# SEED=N repeats a run; a difference becomes a file in verify/cases/found/.
fuzz: $(BUILD)/seedbed $(BUILD)/fuzz $(BUILD)/fuzz-calls $(BUILD)/fuzz-program ## compare the kernel (in the PC), model and Linux on generated input, for SECONDS=n with JOBS=n
ifdef HOSTS
	$(Q)sh verify/fuzz/hosts.sh $(BUILD)/fuzz-hosts $(BUILD)/fuzz.txt "$(HOSTS)" $(or $(SEED),$(shell date +%s)) $(FUZZ_LONG) --jobs $(or $(JOBS),2)
else
	$(Q)$(BUILD)/fuzz $(FUZZ_LONG) --jobs $(or $(JOBS),$(shell nproc)) --totals $(BUILD)/fuzz.txt $(if $(SEED),--seed $(SEED))
endif

# What generated programs call: flat, at the address that program.ld says.
$(BUILD)/fuzz-program.o: verify/fuzz/guest/program.c verify/fuzz/guest/quick.h verify/guest/rt.h verify/guest/rules.mk
	$(guest_cc)

$(BUILD)/fuzz-program: $(BUILD)/fuzz-program.o $(GUEST_RUNTIME) verify/fuzz/guest/program.ld
	$(call guest_ld,--oformat binary -T verify/fuzz/guest/program.ld)

$(BUILD)/fuzz-ram.o: verify/fuzz/guest/ram.c verify/guest/rt.h verify/guest/rules.mk
	$(guest_cc)

$(BUILD)/fuzz-ram: $(BUILD)/fuzz-ram.o $(GUEST_RUNTIME)
	$(call guest_ld,$(GUEST_AT))

test: $(BUILD)/fuzz $(BUILD)/fuzz-calls $(BUILD)/fuzz-program $(BUILD)/fuzz-ram

# The sanitizers and libFuzzer are clang's; a finding is left in build/fuzz-host/ and ends the run.
FUZZ_TARGETS := model pack image hexfmt
FUZZ_HOST := $(BUILD)/fuzz-host
FUZZ_CLANG := clang -std=c11 $(POSIX) -I. -O1 -g -fno-sanitize-recover=undefined
FUZZ_SANITIZERS := address,undefined
FUZZ_TOOLS := clang:clang \
	/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev
FUZZ_HOST_OBJ := $(patsubst %.c,$(FUZZ_HOST)/obj/%.o,$(filter-out images/main.c,$(HOST_SRC)))

fuzz-host-deps:
	$(call install,$(FUZZ_TOOLS))

$(FUZZ_HOST)/obj/%.o: %.c $(REFMODEL_H) $(wildcard images/*.h images/*/*.h) | fuzz-host-deps
	@mkdir -p $(@D)
	$(call say,CLANG,$<)
	$(Q)$(FUZZ_CLANG) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZERS) -c -o $@ $<

$(addprefix $(FUZZ_HOST)/,$(FUZZ_TARGETS)): $(FUZZ_HOST)/%: verify/fuzz/host.c $(FUZZ_HOST_OBJ)
	@mkdir -p $(@D)/$*-corpus
	$(call say,CLANG,$@)
	$(Q)$(FUZZ_CLANG) -fsanitize=fuzzer,$(FUZZ_SANITIZERS) -DTARGET=fuzz_$* -o $@ $^

# A quarter of the time for each.
fuzz-host: $(addprefix $(FUZZ_HOST)/,$(FUZZ_TARGETS)) ## fuzz the host's parsers and the model under sanitizers, for SECONDS=n
	$(Q)for target in $(FUZZ_TARGETS); do \
	cp verify/cases/found/* verify/cases/shell/*/*.script $(FUZZ_HOST)/$$target-corpus/; \
	$(FUZZ_HOST)/$$target -max_total_time=$$(($(SECONDS) / 4)) -max_len=20000 -timeout=10 \
	-rss_limit_mb=3000 -print_final_stats=1 -verbosity=0 -artifact_prefix=$(FUZZ_HOST)/$$target- \
	$(FUZZ_HOST)/$$target-corpus 2> $(FUZZ_HOST)/$$target.log || { tail -n 40 $(FUZZ_HOST)/$$target.log; exit 1; }; \
	awk '/number_of_executed_units/ { print $$2 "\t'"$$target"', under sanitizers" }' $(FUZZ_HOST)/$$target.log >> $(BUILD)/fuzz.txt; \
	printf '  %-8s %s\n' $$target "$$(grep -E 'executed_units|execs_per_sec' $(FUZZ_HOST)/$$target.log | awk '{ printf "%s %s  ", $$1, $$2 }')"; \
	done; \
	printf '%d\tseconds of `make fuzz-host`\n' $(SECONDS) >> $(BUILD)/fuzz.txt
