# Proofs that anyone can run: the second reading of every byte, roads, machines, the report.

# --- make audit ---
# A library is no command: it is on the list while its header is not here.
CAPSTONE_HEADER := $(wildcard /usr/include/capstone/capstone.h /usr/local/include/capstone/capstone.h)
TEST_TOOLS += $(if $(CAPSTONE_HEADER),,capstone.h:libcapstone-dev)
AUDIT_SRC := $(sort $(wildcard verify/audit/*.c))

$(call obj,$(AUDIT_SRC)): | $(if $(CAPSTONE_HEADER),,test-deps)

$(BUILD)/hexaudit: $(call obj,$(AUDIT_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -lcapstone

.PHONY: audit
audit: $(BUILD)/hexaudit ## decode every instruction again, without NASM, and compare with its text
	$(Q)mkdir -p $(BUILD)/audit
	$(Q)$(BUILD)/hexaudit --listing $(BUILD)/audit $(HEX0_SOURCES) > $(BUILD)/audit/summary.txt; \
	status=$$?; cat $(BUILD)/audit/summary.txt; exit $$status

test: $(BUILD)/hexaudit $(BUILD)/roads

# --- make paths ---
# Compilers for other processors, and what runs their programs here.
PATHS_TOOLS := tcc:tcc clang:clang bochs:bochs hex2:mescc-tools nasm:nasm \
	/usr/share/bochs/BIOS-bochs-latest:bochsbios /usr/share/vgabios/vgabios.bin:vgabios \
	s390x-linux-gnu-gcc:gcc-s390x-linux-gnu riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu \
	aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu qemu-s390x:qemu-user \
	/usr/s390x-linux-gnu/lib/libc.a:libc6-dev-s390x-cross \
	/usr/riscv64-linux-gnu/lib/libc.a:libc6-dev-riscv64-cross \
	/usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross
SPOKEN_SRC := verify/bochs.c verify/spoken.c
PATHS := $(BUILD)/paths
PATHS_SRC := $(filter-out %/model.c,$(sort $(wildcard verify/paths/*.c))) $(SPOKEN_SRC)
MODEL_SRC := verify/paths/model.c $(filter-out %/cmd_model.c,$(sort $(wildcard refmodel/*.c)))
MODELS := $(addprefix $(PATHS)/model-,gcc clang tcc s390x riscv64 aarch64)

$(PATHS)/model-gcc: MODEL_CC = gcc -O2
$(PATHS)/model-clang: MODEL_CC = clang -O2
$(PATHS)/model-tcc: MODEL_CC = tcc
$(PATHS)/model-%: MODEL_CC = $*-linux-gnu-gcc -O2 -static
$(MODELS): $(PATHS)/model-%: $(MODEL_SRC) $(wildcard refmodel/*.h) | paths-deps
	@mkdir -p $(@D)
	$(call say,MODEL,$@)
	$(Q)$(MODEL_CC) -std=c11 -I. -o $@ $(MODEL_SRC) -lm

$(BUILD)/roads: $(call obj,$(PATHS_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

.PHONY: paths paths-deps paths-models
paths-deps: ## install what `make paths` needs
	$(call install,$(TOOLS) $(PATHS_TOOLS))

paths-models: $(MODELS)

paths: $(BUILD)/roads $(SEEDS) $(BUILD)/boot0/hex0-seed paths-models ## go every road from the text to the bytes and compare
	$(Q)$(BUILD)/roads $(ROADS) | tee $(PATHS)/summary.txt; tail -n 1 $(PATHS)/summary.txt | grep -q ', 0 do not,'

# --- make matrix ---
# Restricted: make matrix MATRIX_ARGS="machine=q35 mem=64M,1G". Over several hosts that have this
# folder at the same place: PARALLEL_ARGS="--sshlogin one,two --workdir $PWD". Stopped, it goes on
# where it was (the joblog), unless the builder has changed since.
TEST_TOOLS += parallel:parallel jq:jq
MATRIX := $(BUILD)/matrix
MATRIX_JOBS ?= 2
CELLS_SRC := $(sort $(wildcard verify/matrix/*.c)) $(SPOKEN_SRC)

$(BUILD)/cells: $(call obj,$(CELLS_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

.PHONY: matrix
matrix: $(BUILD)/cells $(SEEDS) $(BUILD)/boot0/hex0-seed test-deps ## build on every machine there is, in parallel; MATRIX_ARGS restricts
	$(Q)sh verify/matrix/matrix.sh $(MATRIX) $(MATRIX_JOBS) "$(PARALLEL_ARGS)" $(MATRIX_ARGS)

test: $(BUILD)/cells

# --- make report ---
# It shows what the other targets have left under build/, and says which were not run.
REPORT_SRC := $(sort $(wildcard verify/report/*.c)) verify/matrix/cells.c

$(BUILD)/reporter: $(call obj,$(REPORT_SRC)) $(LIB_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

.PHONY: report
report: $(BUILD)/reporter chain ## one HTML page of all that was run, and the provenance of the build
	$(Q)$(BUILD)/reporter $(BUILD)/report.html $(BUILD)/provenance.json
	$(call say,REPORT,$(BUILD)/report.html $(BUILD)/provenance.json)

test: $(BUILD)/reporter
