# The model on other processors, with other compilers, and with sanitizers.
PORTS := $(BUILD)/ports
PORT_NAMES := gcc clang gcc-m32 gcc-sanitized clang-sanitized s390x riscv64 aarch64
PORT_SRC = $(REFMODEL_SRC) verify/ports/port.c

# What each port needs. 32-bit libraries for gcc: the package gcc-multilib cannot be there beside
# other processors' gcc. The sanitizers of clang are only recommended by its package.
port_tools_clang := clang:clang
port_tools_gcc-m32 := /usr/lib32/crt1.o:gcc-$(shell $(CC) -dumpversion)-multilib
port_tools_clang-sanitized := clang:clang \
	/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-x86_64.a:libclang-rt-dev
port_tools_s390x := qemu-s390x:qemu-user s390x-linux-gnu-gcc:gcc-s390x-linux-gnu \
	/usr/s390x-linux-gnu/lib/libc.a:libc6-dev-s390x-cross
port_tools_riscv64 := qemu-riscv64:qemu-user riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu \
	/usr/riscv64-linux-gnu/lib/libc.a:libc6-dev-riscv64-cross
port_tools_aarch64 := qemu-aarch64:qemu-user aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
	/usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross
MORE_TOOLS += $(foreach port,$(PORT_NAMES),$(port_tools_$(port)))

port_cc = $(CC)
port_flags = -O2
$(PORTS)/clang $(PORTS)/clang-sanitized: port_cc = clang
$(PORTS)/gcc-m32: port_flags = -O2 -m32
$(PORTS)/gcc-sanitized: port_flags = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
# clang also finds conversions that lose bits.
$(PORTS)/clang-sanitized: port_flags = -O1 -g -fsanitize=address,undefined,implicit-conversion \
	-fno-sanitize-recover=all
$(PORTS)/s390x $(PORTS)/riscv64 $(PORTS)/aarch64: port_cc = $(@F)-linux-gnu-gcc
$(PORTS)/s390x $(PORTS)/riscv64 $(PORTS)/aarch64: port_flags = -O2 -static

$(PORTS)/%: $(PORT_SRC) $(REFMODEL_H) verify/ports/rules.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(port_cc) $(STRICT) $(port_flags) -I. -o $@ $(PORT_SRC)

# They take minutes to build: not for a FILTER that none of their tests can match.
PORT_TESTS := $(addprefix the-model-is-the-same-,on-s390x on-riscv64 on-aarch64 on-32-bits with-clang \
	with-the-sanitizers-of-gcc with-the-sanitizers-of-clang as-xxd-and-this-processor)
PORTS_TESTED := $(if $(findstring $(FILTER),$(PORT_TESTS))$(if $(FILTER),,all),$(PORT_NAMES))

.PHONY: $(addprefix test-port-,$(PORT_NAMES))
$(addprefix test-port-,$(PORT_NAMES)): test-port-%: test-deps
	+$(call optional,$(PORTS)/$*,$(port_tools_$*))

test: $(addprefix test-port-,$(PORTS_TESTED))

.PHONY: model-ports
model-ports: $(BUILD)/seedbed $(BUILD)/verify $(SEEDS) guest $(CPU)/cpu $(addprefix test-port-,$(PORT_NAMES)) ## the model on s390x, riscv64, aarch64, i386, with clang and sanitizers
	$(Q)$(BUILD)/verify --filter the-model-is-the-same
