#!/usr/bin/env bash
# What `make arm64` needs: QEMU for arm64 programs, and proot, by which they start each other without root's help.
# APT=no installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

say() { printf 'arm64: %s\n' "$*"; }
stop() {
    printf 'arm64: %s\n' "$*" >&2
    exit 1
}

missing=()
while read -r program package; do
    command -v "$program" >/dev/null || missing+=("$package")
done <<'END'
qemu-aarch64-static qemu-user-static
proot proot
unshare util-linux
END
[[ ${#missing[@]} == 0 ]] && exit 0
by_hand="run \`sudo apt install ${missing[*]}\`, then the same make command again"
[[ ${APT:-yes} == no ]] && stop "not installed: ${missing[*]} (APT=no): $by_hand"
has_apt_and_root || stop "not installed: ${missing[*]} (no root without a password): $by_hand"
say "installing ${missing[*]} with apt-get"
apt_install "${missing[@]}" || stop "apt-get failed, its own words stand above"
