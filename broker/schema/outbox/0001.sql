-- A board's own durable log: what it asked and has no answer to yet, and what it must not do twice.
CREATE TABLE asked (
    command_id TEXT PRIMARY KEY,
    request    BLOB NOT NULL
) STRICT;
CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
