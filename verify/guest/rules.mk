# Guest programs: static i386 ELF files that run on Linux and on the builder alike.
TEST_TOOLS += gcc:gcc ld:binutils nasm:nasm
BOCHS_TOOLS := bochs:bochs /usr/share/bochs/BIOS-bochs-latest:bochsbios /usr/share/vgabios/vgabios.bin:vgabios
MORE_TOOLS += $(BOCHS_TOOLS)

GUEST := $(BUILD)/guest
GUEST_CFLAGS := -m32 -march=i386 -std=c11 -Wall -Wextra -Werror -O1 -ffreestanding -fno-builtin \
	-fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -mno-sse -mno-mmx \
	-fcf-protection=none -I.
GUEST_LDFLAGS := -m elf_i386 -static -z noseparate-code --build-id=none
GUEST_RUNTIME := $(GUEST)/start.o $(GUEST)/rt.o
GUEST_AT := -Ttext-segment=0x08048000
GUEST_C := $(filter-out rt,$(basename $(notdir $(wildcard verify/guest/*.c))))
GUEST_ASM := $(basename $(notdir $(wildcard verify/guest/*.asm)))
GUEST_PROGRAMS := $(addprefix $(GUEST)/,$(GUEST_C) $(GUEST_ASM))

# Recipes: compile a guest program's source; link one from the objects it needs, $(1): where.
define guest_cc
$(call say,CC,$<)
$(Q)$(CC) $(GUEST_CFLAGS) -c -o $@ $<
endef
guest_ld = $(call say,LD,$@)$(newline)$(Q)$(LD) $(GUEST_LDFLAGS) $(1) -o $@ $(filter %.o,$^)

.PHONY: guest
guest: $(GUEST_PROGRAMS)

GUEST_HEADERS := verify/guest/rt.h verify/guest/limits.h verify/guest/file_table.h verify/guest/rules.mk
$(GUEST)/%.o: verify/guest/%.c $(GUEST_HEADERS)
	@mkdir -p $(@D)
	$(guest_cc)

$(GUEST)/%.o: verify/guest/%.S verify/guest/rules.mk
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(GUEST_CFLAGS) -c -o $@ $<

$(addprefix $(GUEST)/,$(filter-out loads,$(GUEST_C))): $(GUEST)/%: $(GUEST)/%.o $(GUEST_RUNTIME)
	$(call guest_ld,$(GUEST_AT))

$(GUEST)/loads: $(GUEST)/loads.o $(GUEST_RUNTIME) verify/guest/loads.ld
	$(call guest_ld,--no-warn-rwx-segments -T verify/guest/loads.ld)

# A program that is one NASM file has its ELF header from elf.inc.
$(addprefix $(GUEST)/,$(GUEST_ASM)): $(GUEST)/%: verify/guest/%.asm verify/guest/elf.inc
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)nasm -f bin -I verify/guest/ -o $@ $<

.PHONY: test-guest-asm
test-guest-asm: test-deps
	+$(call optional,$(addprefix $(GUEST)/,$(GUEST_ASM)),nasm:nasm)

test: $(addprefix $(GUEST)/,$(GUEST_C)) test-guest-asm

.PHONY: headers-long
headers-long: $(BUILD)/seedbed $(BUILD)/verify $(GUEST)/headers ## 5,000 program files with headers made at random
	$(Q)SEEDBED_HEADERS=5000 $(BUILD)/verify --filter program-headers-made --jobs 1
