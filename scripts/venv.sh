#!/usr/bin/env bash
# The virtual environment: makes .venv with the command `jiaohao` in it; a second call is done at once.
#
#   scripts/venv.sh hall   what a hall needs
#   scripts/venv.sh dev    and what tests, checks and the bench need
#
# PYTHON=python3.12 names another interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-hall}
python=${PYTHON:-python3}
venv=$PWD/.venv
stamp=$venv/.installed
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf 'setup: %s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

is_current() {
    [[ -f $stamp && -x $venv/bin/jiaohao ]] || return 1
    local path sum installed
    { read -r path && read -r sum && read -r installed; } <"$stamp" || return 1
    [[ $path == "$PWD" && $sum == "$(cksum <pyproject.toml)" ]] || return 1
    [[ $installed == dev || $installed == "$kind" ]] || return 1
    # A system upgrade can change Python under the venv, so it is tried, not trusted.
    "$venv/bin/python" -c 'import msgspec' 2>/dev/null
}

# Scripts in a venv that was moved, or whose Python is gone, point to what is no longer there.
is_broken() {
    [[ -e $venv ]] || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 0
    [[ -f $stamp && $(head -n 1 "$stamp") != "$PWD" ]]
}

install_python_venv() {
    # shellcheck source=scripts/apt.sh
    source scripts/apt.sh
    has_apt_and_root || return 1
    say "python3-venv is missing; installing it with apt-get"
    apt_install python3-venv
}

make_venv() {
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv --clear "$venv"
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --clear --without-pip "$venv"; then
        # Debian takes ensurepip out of Python, but the pip it ships can fill a venv from outside.
        "$python" -m pip --python "$venv/bin/python" install pip
    elif install_python_venv; then
        "$python" -m venv --clear "$venv"
    else
        stop "$python can make no virtual environment here:" \
            "run \`sudo apt install python3-venv\`, then the same make command again."
    fi
}

is_current && exit 0

command -v "$python" >/dev/null || stop "there is no $python here: run \`sudo apt install python3 python3-venv\`" \
    "or name another, as in \`make PYTHON=python3.12 setup\`."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$python is $("$python" -V 2>&1)," \
    "Jiaohao needs 3.11 or later: name another, as in \`make PYTHON=python3.12 setup\`."

if is_broken; then
    say ".venv was moved or its Python is gone; making it anew"
    make_venv
elif [[ ! -e $venv ]]; then
    say "making .venv with $("$python" -V)"
    make_venv
fi

say "installing the packages of pyproject.toml into .venv (first time: one or two minutes)"
what='.[plots]'
[[ $kind == dev ]] && what='.[dev]'
"$venv/bin/python" -m pip install -e "$what" || stop "pip could not install the packages, its own words stand above:" \
    "see whether this machine reaches its package index, then run the same make command again."
printf '%s\n%s\n%s\n' "$PWD" "$(cksum <pyproject.toml)" "$kind" >"$stamp"
say "done: .venv/bin/jiaohao"
