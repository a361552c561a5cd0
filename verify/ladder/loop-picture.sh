#!/bin/sh
# loop-picture.sh DIR ENGINE: the loop as a picture: on each arrow who makes what, and the beginning of its SHA-256, as made on ENGINE.
set -eu
dir=$1
engine=$2

h() {
    sha256sum <"$dir/$engine/$1" | cut -c1-12
}
cat <<END
  stage1.hex0, boot.hex0, kernel.hex0                     text, and all that follows is text, too
   |  stage1, at boot                     $(sha256sum <"$dir/seedbed.bin" | cut -c1-12)
  seedbed                                                 4,096 bytes: boot sector and kernel
   |  the kernel's hex0, hex0 to M0       $(h boot0/kaem)
  boot0                                                   hex1, hex2, M0, kaem
   |  M0, hex2                            $(h boot1/pp), $(h boot1/link)
  boot1                                                   pp and link
   |  pp, link                            $(h boot2/scheme)
  boot2                                                   Scheme, which runs cc.scm
   |
   +-- cc.scm: tcc0 ----------- $(h out/tcc0)  --.
   |                                             tcc0
   |                                              |  tcc0: tcc1         $(h out/tcc1)
   |                                              |  tcc1: tcc2         $(h out/tcc2)
   |                                              |  tcc2: tcc3         $(h out/tcc3)
   |                                             tcc2 = tcc3
   |  cc.scm, of refmodel                         |  tcc3, of refmodel
   |    $(h out/model-cc), $(h out/pc-cc)              |    $(h out/model-tcc), $(h out/pc-tcc)
  model, pc                                      model, pc
   |  model, of the text  $(h out/seedbed-by-cc)        |  model, of the text  $(h out/seedbed-by-tcc)
   |  pc, booting that    $(h out/seedbed-by-pc-cc)        |  pc, booting that    $(h out/seedbed-by-pc-tcc)
  seedbed, 4,096 bytes                           seedbed, 4,096 bytes
END
