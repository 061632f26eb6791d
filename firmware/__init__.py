"""What runs on the boards: device thinking, hardware drivers, the loop that joins them."""
