"""Updates of a hall: which board is to run which release, in which order, and what came of it."""
