"""Mock hardware, wire emulators and the virtual hall; production code never imports them."""
