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

bring <<'END'
qemu-aarch64-static qemu-user-static
proot proot
unshare util-linux
END
