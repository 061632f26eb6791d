"""Programs that a bench starts beside the hall's own."""
