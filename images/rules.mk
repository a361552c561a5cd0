# The host tools.
HOST_SRC += $(sort $(wildcard images/*.c))
# verify/rules.mk adds verify/hexfmt*.c in the same way.
