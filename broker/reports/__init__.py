"""What the journal tells afterwards: figures of visits and counters, and why a ticket was called when it was."""
