# The oracle programs: static i386 ELF files that run on Linux and on the builder alike.
TEST_TOOLS += gcc:gcc ld:binutils nasm:nasm bochs:bochs /usr/share/bochs/BIOS-bochs-latest:bochsbios /usr/share/vgabios/vgabios.bin:vgabios

ORACLE := $(BUILD)/oracle
ORACLE_CFLAGS := -m32 -march=i386 -std=c11 -Wall -Wextra -Werror -O1 -ffreestanding -fno-builtin \
	-fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -mno-sse -mno-mmx \
	-fcf-protection=none -I.
ORACLE_LDFLAGS := -m elf_i386 -static -z noseparate-code --build-id=none
ORACLE_RUNTIME := $(ORACLE)/start.o $(ORACLE)/rt.o
ORACLE_C := $(filter-out rt,$(basename $(notdir $(wildcard verify/guest/*.c))))
ORACLE_ASM := $(basename $(notdir $(wildcard verify/guest/*.asm)))
ORACLE_PROGRAMS := $(addprefix $(ORACLE)/,$(ORACLE_C) $(ORACLE_ASM))

.PHONY: oracle
oracle: $(ORACLE_PROGRAMS)

$(ORACLE)/%.o: verify/guest/%.c verify/guest/rt.h verify/guest/rules.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ORACLE_CFLAGS) -c -o $@ $<

$(ORACLE)/%.o: verify/guest/%.S verify/guest/rules.mk
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(ORACLE_CFLAGS) -c -o $@ $<

$(addprefix $(ORACLE)/,$(filter-out loads,$(ORACLE_C))): $(ORACLE)/%: $(ORACLE)/%.o $(ORACLE_RUNTIME)
	$(call say,LD,$@)
	$(Q)$(LD) $(ORACLE_LDFLAGS) -Ttext-segment=0x08048000 -o $@ $^

$(ORACLE)/loads: $(ORACLE)/loads.o $(ORACLE_RUNTIME) verify/guest/loads.ld
	$(call say,LD,$@)
	$(Q)$(LD) $(ORACLE_LDFLAGS) --no-warn-rwx-segments -T verify/guest/loads.ld -o $@ $(filter %.o,$^)

# A program that is one NASM file writes its ELF header itself.
$(addprefix $(ORACLE)/,$(ORACLE_ASM)): $(ORACLE)/%: verify/guest/%.asm
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)nasm -f bin -o $@ $<

test: $(ORACLE_PROGRAMS)
