#!/usr/bin/env bash
# The Debian packages of the system tests: installs those whose programs are missing, where that may be;
# elsewhere it says so, and pytest names each test it left out. APT=no installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'programs: %s\n' "$*"; }

missing=()
while read -r program package; do
    command -v "$program" >/dev/null || missing+=("$package")
done <<'END'
mosquitto mosquitto
chromium chromium
chromedriver chromium-driver
zbarimg zbar-tools
strace strace
systemd-analyze systemd
mcopy mtools
mkfs.vfat dosfstools
sfdisk fdisk
cloud-init cloud-init
tesseract tesseract-ocr
node nodejs
npm npm
espeak-ng espeak-ng
END
# The language it reads is a package of its own.
command -v tesseract >/dev/null && ! tesseract --list-langs 2>/dev/null | grep -qx chi_sim &&
    missing+=(tesseract-ocr-chi-sim)
[[ " ${missing[*]} " == *" tesseract-ocr "* ]] && missing+=(tesseract-ocr-chi-sim)

# A printer driver that is not ours comes from npm, at the versions of its lock file, and stays below build.
receiptio() {
    command -v npm >/dev/null || return 0
    local lock=tests/wires/receiptio/package-lock.json there=build/receiptio
    cmp -s "$lock" "$there/package-lock.json" && [[ -e $there/node_modules/.bin/receiptio ]] && return 0
    say "installing receiptio into $there with npm"
    mkdir -p "$there"
    cp tests/wires/receiptio/package.json "$lock" "$there"
    (cd "$there" && npm ci --ignore-scripts --no-audit --no-fund </dev/null) ||
        say "npm failed, its own words stand above: the tests with receiptio are left out"
}
trap receiptio EXIT
[[ ${#missing[@]} == 0 ]] && exit 0

leave() {
    say "not installed: ${missing[*]} ($1). To run every test: sudo apt install ${missing[*]}"
    exit 0
}
[[ ${APT:-yes} == no ]] && leave "APT=no"
has_apt_and_root || leave "no apt-get, or no root without a password"

# Debian starts a mosquitto service as it installs it, on the port a hall may use: here only the program is wanted.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap 'as_root rm -f "$policy"; receiptio' EXIT
fi
# Debian would have cloud-init take this machine for a new one at its next start: here only the program is wanted.
if [[ " ${missing[*]} " == *" cloud-init "* ]]; then
    as_root mkdir -p /etc/cloud
    as_root touch /etc/cloud/cloud-init.disabled
fi
say "installing ${missing[*]} with apt-get"
apt_install "${missing[@]}" || leave "apt-get failed, its own words stand above"
if [[ " ${missing[*]} " == *" mosquitto "* ]] && command -v systemctl >/dev/null; then
    as_root systemctl --quiet disable mosquitto.service || true
    say "the service mosquitto is installed but neither started nor enabled"
fi
