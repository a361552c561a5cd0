# The C compiler, its library, and what they are compared with.
TEST_TOOLS += csmith:csmith /usr/include/csmith/csmith.h:libcsmith-dev guile:guile-3.0

.PHONY: csmith ddc
# Other seeds, more programs: make csmith CASES=2000 FROM=1000.
csmith: $(BUILD)/scheme $(BUILD)/link-host $(BUILD)/seedbed $(BUILD)/verify ## compare the ladder's C compiler with gcc on generated programs
	$(Q)CSMITH_CASES=$(or $(CASES),2000) CSMITH_FROM=$(or $(FROM),1) $(BUILD)/verify --filter cc-programs-of-csmith

ddc: $(BUILD)/scheme $(BUILD)/link-host ## tcc from hex and tcc from gcc must be the same bytes
	$(Q)sh buildscripts/boot4/ddc.sh $(BUILD)/ddc

test: $(BUILD)/scheme $(BUILD)/link-host
