-- What goes on the public site: the forums whose hosts said so, and in them the names and texts of
-- those members alone who agreed for themselves.

ALTER TABLE forum ADD COLUMN published_at INTEGER;  -- a host opted in; NULL: nobody did

CREATE TABLE publication_consent (
    guild_id  INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL,
    agreed_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

-- A forum that ended and is set up again is published again only when a host says so again.
CREATE TRIGGER forum_unpublished AFTER UPDATE OF hidden_at ON forum
    WHEN new.hidden_at IS NOT NULL AND new.published_at IS NOT NULL
BEGIN
    UPDATE forum SET published_at = NULL WHERE id = new.id;
END;
