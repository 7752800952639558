-- The bot's one message in a discussion's thread, which says how the discussion stands.

CREATE TABLE panel (
    discussion_id INTEGER PRIMARY KEY REFERENCES discussion (id) ON DELETE CASCADE,
    message_id    INTEGER,               -- NULL until it is known to be there
    attempted_at  INTEGER,               -- when it was sent: then it may be there without an answer
    shown         TEXT,                  -- what it says now: an edit that changes nothing is not made
    next_look_at  INTEGER NOT NULL       -- it is neither posted nor edited before
) STRICT;
CREATE INDEX panel_look ON panel (next_look_at);
