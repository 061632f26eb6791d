# shellcheck shell=bash
# Installing Debian packages, for scripts that source this: only where apt-get and root need no question asked.

as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

has_apt_and_root() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null
}

# A fresh machine has no package lists yet; a broken foreign source must not stop an install that does without it.
apt_install() {
    as_root apt-get -q update </dev/null || true
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null
}

# Reads lines of `program package`: installs the packages of those programs that are not there, or says what to install by hand and fails.
bring() {
    local program package missing=() by_hand
    while read -r program package; do
        command -v "$program" >/dev/null || missing+=("$package")
    done
    [[ ${#missing[@]} == 0 ]] && return
    by_hand="run \`sudo apt install ${missing[*]}\`, then the same make command again"
    [[ ${APT:-yes} == no ]] && stop "not installed: ${missing[*]} (APT=no): $by_hand"
    has_apt_and_root || stop "not installed: ${missing[*]} (no root without a password): $by_hand"
    say "installing ${missing[*]} with apt-get"
    apt_install "${missing[@]}" || stop "apt-get failed, its own words stand above"
}
