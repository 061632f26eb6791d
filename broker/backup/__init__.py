"""The hub's backup and restore: one file a backup, read back and proved; onto a new card, and what is missing is said."""
