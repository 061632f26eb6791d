"""The studio: makes, records, checks and measures voice packs, on a build machine; no board needs it."""
