# The C compiler, its library, and what they are compared with.
TEST_TOOLS += bzip2:bzip2 csmith:csmith /usr/include/csmith/csmith.h:libcsmith-dev guile:guile-3.0

test: $(BUILD)/scheme $(BUILD)/link-host
