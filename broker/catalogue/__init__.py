"""The catalogue's files: the TOML that the hall reads, the workbook that a person edits, and what is wrong with them."""
