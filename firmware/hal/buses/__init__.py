"""Lines and pins that several kinds of hardware hang on; no device's own language lives here."""
