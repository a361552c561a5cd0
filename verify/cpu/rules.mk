# The program that tries out a processor, and the emulator that is asked as a witness.
CPU := $(BUILD)/cpu
CPU_CFLAGS := -m32 -march=i386 -mtune=generic -std=c11 -Wall -Wextra -Werror -O2 -ffreestanding \
	-fno-builtin -fno-strict-aliasing -fno-pic -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -mno-sse -mno-mmx -fcf-protection=none -I.
CPU_OBJ := $(patsubst verify/cpu/%,$(CPU)/%.o,$(wildcard verify/cpu/*.c verify/cpu/*.S))

$(CPU)/%.o: verify/cpu/% verify/cpu/cpu.h verify/cpu/rules.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPU_CFLAGS) -c -o $@ $<

$(CPU)/cpu: $(CPU_OBJ) verify/cpu/cpu.ld
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static --no-warn-rwx-segments --build-id=none -z max-page-size=4096 \
		-T verify/cpu/cpu.ld -o $@ $(CPU_OBJ)

WITNESS_TOOLS := /usr/include/unicorn/unicorn.h:libunicorn-dev
MORE_TOOLS += $(WITNESS_TOOLS)
$(CPU)/witness: verify/cpu/witness/witness.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(STRICT) $(POSIX) $(CFLAGS) -I. -o $@ $< -lunicorn

.PHONY: test-witness
test-witness: test-deps
	+$(call optional,$(CPU)/witness,$(WITNESS_TOOLS))

test: $(CPU)/cpu test-witness

.PHONY: cpu-long
cpu-long: $(BUILD)/seedbed $(BUILD)/verify $(CPU)/cpu $(CPU)/witness ## the model's processor against this one and an emulator, 40 million cases
	$(Q)SEEDBED_CPU_ROUNDS=1024 $(BUILD)/verify --filter processor --jobs 1

.PHONY: pc-long
# It ends with the sum of the cases that each witness has seen, and well only if all were run and are the same.
pc-long: $(BUILD)/seedbed $(BUILD)/verify test-deps ## the PC's real mode, protected mode, tasks, table loops and sequences against QEMU, 170,000 cases, and Bochs, 34,000
	$(call install,$(BOCHS_TOOLS),|| echo "seedbed: going on without it" >&2)
	$(Q)SEEDBED_PC_IMAGES=170 $(BUILD)/verify --filter are-the-same-on-the-pc-and-in --jobs $(or $(JOBS),$(shell nproc)) | \
	tee $(BUILD)/pc-long.log; awk -f verify/cpu/pc-long.awk $(BUILD)/pc-long.log
