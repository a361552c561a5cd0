#!/bin/sh
# loop-picture.sh DIR: the loop as a picture: on each arrow who makes what, and the beginning of its SHA-256. DIR is that of loop.sh.
set -eu
made=$1/made

h() {
    sha256sum <"$1" | cut -c1-12
}
m() {
    h "$made/$1"
}
# trunk WHAT SAYS, arrow BY HASHES, both LEFT RIGHT
trunk() { printf '  %-38s %s\n' "$@"; }
arrow() { printf '   |  %-35s %s\n' "$@"; }
both() { printf '  %-38s %s\n' "$@"; }

trunk 'stage1.hex0, boot.hex0, kernel.hex0' 'text, and all that follows is text, too'
arrow 'stage1, at boot' "$(h "$1/seedbed.bin")"
trunk seedbed '4,096 bytes: boot sector and kernel'
arrow "the kernel's hex0, hex0 to M0" "$(m boot0/kaem)"
trunk boot0 'hex1, hex2, M0, kaem'
arrow 'M0, hex2' "$(m boot1/pp) $(m boot1/link)"
trunk boot1 'pp and link'
arrow 'pp, link' "$(m boot2/scheme)"
trunk boot2 'Scheme, which runs cc.scm'
both ' |' ' |'
both 'cc.scm' 'cc.scm'
both ' |' " |  cc.scm: tcc0     $(m out/tcc0)"
both ' |' " |  tcc0: tcc1       $(m out/tcc1)"
both ' |' " |  tcc1: tcc2       $(m out/tcc2)"
both ' |' " |  tcc2: tcc3       $(m out/tcc3)"
both ' |' 'tcc2 = tcc3'
both " |  cc.scm, model    $(m out/model-cc)" " |  tcc3, model      $(m out/model-tcc)"
both " |  and pc           $(m out/pc-cc)" " |  and pc           $(m out/pc-tcc)"
both 'model and pc' 'model and pc'
both " |  model, the text  $(m out/seedbed-by-cc)" " |  model, the text  $(m out/seedbed-by-tcc)"
both " |  pc, boots that   $(m out/seedbed-by-pc-cc)" " |  pc, boots that   $(m out/seedbed-by-pc-tcc)"
both 'seedbed, 4,096 bytes' 'seedbed, 4,096 bytes'
