# make paths: every way from the text to the bytes.
# Compilers for other processors, and what runs their programs here.
PATHS_TOOLS := tcc:tcc clang:clang bochs:bochs hex2:mescc-tools nasm:nasm \
	/usr/share/bochs/BIOS-bochs-latest:bochsbios /usr/share/vgabios/vgabios.bin:vgabios \
	s390x-linux-gnu-gcc:gcc-s390x-linux-gnu riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu \
	aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu qemu-s390x:qemu-user \
	/usr/s390x-linux-gnu/lib/libc.a:libc6-dev-s390x-cross \
	/usr/riscv64-linux-gnu/lib/libc.a:libc6-dev-riscv64-cross \
	/usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross
PATHS := $(BUILD)/paths
PATHS_SRC := $(filter-out %/model.c,$(sort $(wildcard verify/routes/*.c)))
MODEL_SRC = verify/routes/model.c $(REFMODEL_SRC)
MODELS := $(addprefix $(PATHS)/model-,gcc clang tcc s390x riscv64 aarch64)

$(PATHS)/model-gcc: MODEL_CC = gcc -O2
$(PATHS)/model-clang: MODEL_CC = clang -O2
$(PATHS)/model-tcc: MODEL_CC = tcc
$(PATHS)/model-%: MODEL_CC = $*-linux-gnu-gcc -O2 -static
$(MODELS): $(PATHS)/model-%: $(MODEL_SRC) $(REFMODEL_H) | paths-deps
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

test: $(BUILD)/roads
