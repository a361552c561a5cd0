# make newcomer: the project on a bare Debian, in a chroot that debootstrap makes (kept in
# build/newcomer); QUICK=1 leaves the tests out, ONLINE=1 adds one with a network, which installs what
# it needs. SUITE and MIRROR are debootstrap's.
.PHONY: newcomer
newcomer: ## a bare Debian as root, as a user, without network and QEMU
	$(Q)sh verify/newcomer/newcomer.sh $(abspath $(BUILD))/newcomer

.PHONY: newcomer-package
newcomer-package: ## build the Debian packages in a chroot, look at them with lintian, install and remove them
	$(Q)sh verify/newcomer/package.sh $(abspath $(BUILD))/newcomer
