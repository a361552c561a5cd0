# make routes: every route from the text to the bytes.
# Compilers for other processors, and what runs their programs here.
ROUTES_TOOLS := tcc:tcc clang:clang bochs:bochs hex2:mescc-tools nasm:nasm \
	/usr/share/bochs/BIOS-bochs-latest:bochsbios /usr/share/vgabios/vgabios.bin:vgabios \
	s390x-linux-gnu-gcc:gcc-s390x-linux-gnu riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu \
	aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu qemu-s390x:qemu-user \
	/usr/s390x-linux-gnu/lib/libc.a:libc6-dev-s390x-cross \
	/usr/riscv64-linux-gnu/lib/libc.a:libc6-dev-riscv64-cross \
	/usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross
ROUTES := $(BUILD)/routes
ROUTES_SRC := $(filter-out %/model.c %/pc.c,$(sort $(wildcard verify/routes/*.c)))
MODEL_SRC = verify/routes/model.c $(REFMODEL_SRC)
MODELS := $(addprefix $(ROUTES)/model-,gcc clang tcc s390x riscv64 aarch64)

$(ROUTES)/model-gcc: MODEL_CC = gcc -O2
$(ROUTES)/model-clang: MODEL_CC = clang -O2
$(ROUTES)/model-tcc: MODEL_CC = tcc
$(ROUTES)/model-%: MODEL_CC = $*-linux-gnu-gcc -O2 -static
$(MODELS): $(ROUTES)/model-%: $(MODEL_SRC) $(REFMODEL_H) | routes-deps
	@mkdir -p $(@D)
	$(call say,MODEL,$@)
	$(Q)$(MODEL_CC) -std=c11 -I. -o $@ $(MODEL_SRC) -lm

# The PC in the same way, and with 32 bits and sanitizers.
PC_SRC = verify/routes/pc.c $(wildcard refmodel/pc/*.c refmodel/cpu/*.c refmodel/float80/*.c refmodel/strace/*.c)
PCS := $(addprefix $(ROUTES)/pc-,gcc clang tcc m32 sanitized s390x riscv64 aarch64)

$(ROUTES)/pc-gcc: PC_CC = gcc -O2
$(ROUTES)/pc-clang: PC_CC = clang -O2
$(ROUTES)/pc-tcc: PC_CC = tcc
$(ROUTES)/pc-m32: PC_CC = gcc -O2 -m32
$(ROUTES)/pc-sanitized: PC_CC = gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
$(ROUTES)/pc-%: PC_CC = $*-linux-gnu-gcc -O2 -static
$(PCS): $(ROUTES)/pc-%: $(PC_SRC) $(REFMODEL_H) | routes-deps
	@mkdir -p $(@D)
	$(call say,PC,$@)
	$(Q)$(PC_CC) -std=c11 -I. -o $@ $(PC_SRC) -lm

$(BUILD)/router: $(call obj,$(ROUTES_SRC)) $(LIB_OBJ)
	$(call link)

.PHONY: routes routes-deps routes-models
routes-deps: ## install what `make routes` needs
	$(call install,$(TOOLS) $(ROUTES_TOOLS))

routes-models: $(MODELS) $(PCS)

routes: $(BUILD)/router $(SEEDS) $(BUILD)/boot0/hex0-seed routes-models ## take every route from the text to the bytes and compare
	$(Q)mkdir -p $(ROUTES)
	$(Q)$(BUILD)/router $(ROUTE) | tee $(ROUTES)/summary.txt; tail -n 1 $(ROUTES)/summary.txt | grep -q ', 0 do not,'

test: $(BUILD)/router
