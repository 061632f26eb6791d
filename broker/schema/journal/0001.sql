-- The journal: one row per event, chained by hashes; a refusal is an event too, so that a repeated command
-- gets its first answer even after a restart.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    day        TEXT NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    command_id TEXT,
    sender     TEXT NOT NULL,
    body       TEXT NOT NULL,
    hash       BLOB NOT NULL
) STRICT;
CREATE INDEX event_by_command ON event (command_id) WHERE command_id IS NOT NULL;
CREATE INDEX event_marks ON event (kind, seq) WHERE kind IN ('SettingsAdopted', 'DayOpened');
