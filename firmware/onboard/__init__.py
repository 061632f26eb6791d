"""What runs on a board outside the releases, as root, with the standard library alone: first boot, starts, updates."""
