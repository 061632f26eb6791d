"""The technician's bench: what hardware there is, and every part of a device tried and watched before the hall opens."""
