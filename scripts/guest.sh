#!/usr/bin/env bash
# What the guest of `make powercut` needs: QEMU and busybox from Debian's packages, and a Debian kernel, which is
# unpacked into build/powercut/kernel and not installed. APT=no installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'guest: %s\n' "$*"; }
stop() {
    printf 'guest: %s\n' "$*" >&2
    exit 1
}

[[ $(uname -m) == x86_64 ]] || stop "the guest is an amd64 machine, and this is $(uname -m): run it on an amd64 one"
# The guest runs on this machine's own programs.
grep -qx 'ID=debian' /etc/os-release || stop "the guest is a Debian, and takes its programs from here: run it on Debian"

bring <<'END'
qemu-system-x86_64 qemu-system-x86
busybox busybox-static
mkfs.ext4 e2fsprogs
END

kernel=$PWD/build/powercut/kernel
compgen -G "$kernel/boot/vmlinuz-*" >/dev/null && exit 0
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
has_apt_and_root && { as_root apt-get -q update </dev/null || true; }
package=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }')
[[ -n $package ]] || stop "apt knows no linux-image-amd64: run \`sudo apt update\`, then the same make command again"
say "unpacking $package into build/powercut/kernel"
(cd "$download" && apt-get -q download "$package") || stop "apt-get failed, its own words stand above"
mkdir -p "$kernel"
dpkg-deb -x "$download"/linux-image-*.deb "$kernel"
