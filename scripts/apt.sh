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
