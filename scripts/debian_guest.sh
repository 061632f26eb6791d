#!/usr/bin/env bash
# What `make guest` needs: QEMU, and a Debian like Raspberry Pi OS Lite, amd64, made by mmdebstrap into
# build/guest/root.tar; that takes some minutes, once. APT=no installs nothing.
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

bring <<'END'
qemu-system-x86_64 qemu-system-x86
mmdebstrap mmdebstrap
mkfs.ext4 e2fsprogs
mkfs.vfat dosfstools
mcopy mtools
sfdisk fdisk
mosquitto mosquitto
END

root=$PWD/build/guest/root.tar
recipe=$(cksum <"$0")
[[ -e $root && $(cat "$root.recipe" 2>/dev/null) == "$recipe" ]] && exit 0
[[ $(id -u) == 0 ]] || stop "a Debian for the guest is made by root: run \`sudo make guest\` once"
mkdir -p "${root%/*}"
say "making a Debian for the guest in build/guest"
# As Raspberry Pi OS Lite, what the suite needs of it: what every Debian has, and no compiler, no library, no network manager of its own.
# The initramfs has what this machine needs and no more: a Pi's is small, too. Nor are drivers kept that nothing here asks for.
unused='sound net/bluetooth net/mac80211 net/wireless fs/btrfs fs/ceph fs/cifs fs/gfs2 fs/nfs fs/nfsd fs/ocfs2 fs/xfs'
for driver in bluetooth gpu hwmon iio infiniband isdn media mtd net/ethernet net/wireless scsi staging; do
    unused+=" drivers/$driver"
done
mmdebstrap --quiet --format=tar --variant=important \
    --include=dbus,dosfstools,initramfs-tools,linux-image-amd64,openssl \
    --include=python3,systemd,systemd-sysv,systemd-timesyncd,udev \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
    --essential-hook='printf "MODULES=list\n" >"$1/etc/initramfs-tools/conf.d/guest"' \
    --essential-hook='printf "virtio_pci\nvirtio_blk\ni6300esb\next4\noverlay\n" >"$1/etc/initramfs-tools/modules"' \
    --customize-hook='chroot "$1" useradd --create-home --uid 1000 --shell /bin/bash pi' \
    --customize-hook='mkdir -p "$1/boot/firmware" "$1/data"' \
    --customize-hook="cd \"\$1\"/usr/lib/modules/*/kernel && rm -rf $unused" \
    --customize-hook='chroot "$1" depmod -a "$(ls "$1/usr/lib/modules")"' \
    bookworm "$root.part" || stop "mmdebstrap failed, its own words stand above"
mv "$root.part" "$root"
printf '%s\n' "$recipe" >"$root.recipe"
