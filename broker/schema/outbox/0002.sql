-- opens for 1
-- What a device must still know after a power cut without anybody to ask, in a form of its own.
CREATE TABLE remembered (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
