"""The bundle of a board, installed and read in an arm64 Debian, offline, under QEMU (`make arm64`)."""
