"""What the technician's laptop makes: bundles, and the cards that carry them to the boards."""
