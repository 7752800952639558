-- Replays that a host watches, pauses and takes back; parents that a host chose; members who say
-- which old author they were, and what they had erased.

ALTER TABLE replay ADD COLUMN added_from INTEGER NOT NULL DEFAULT 0;  -- the news mark of the first post
                                         -- of the import under way: cancelling takes back from there
ALTER TABLE replay ADD COLUMN tag TEXT;  -- the name of the forum tag that its thread gets
ALTER TABLE replay ADD COLUMN paused_at INTEGER;
ALTER TABLE replay ADD COLUMN cancelled_at INTEGER;  -- what it brought is being removed again
DROP INDEX replay_pending;
CREATE INDEX replay_pending ON replay (queued_at)
    WHERE finished_at IS NULL AND failure IS NULL AND paused_at IS NULL;

-- The message in which the progress of an import is shown, until its last word stands there. It
-- outlives an import that was taken back, to say so.
CREATE TABLE import_board (
    discussion_id INTEGER PRIMARY KEY,
    guild_id      INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    forum_id      INTEGER NOT NULL,
    title         TEXT NOT NULL,
    channel_id    INTEGER NOT NULL,
    message_id    INTEGER NOT NULL,
    text          TEXT,                  -- what it says now
    is_undone     INTEGER NOT NULL DEFAULT 0
) STRICT;

ALTER TABLE replayed_message ADD COLUMN removed_at INTEGER;  -- it is gone from Discord, its post deleted
ALTER TABLE replayed_message ADD COLUMN removal_refused_at INTEGER;  -- Discord would not remove it:
                                         -- it is not asked again for a while
ALTER TABLE replayed_message ADD COLUMN removal_refusal TEXT;  -- why, in words for a host
-- Whose messages may have to be removed.
CREATE INDEX post_deleted_import ON post (id) WHERE is_imported AND deleted_at IS NOT NULL;

-- Anew, since what was exported here has replies whose parent Discord itself had told ('reply').
CREATE TABLE saved_post_anew (
    post_id        INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
    reply_evidence TEXT CHECK (reply_evidence IN ('link', 'reply', 'address', 'quotation')),
    message_id     TEXT,                 -- its own id on the old forum (Mx…)
    answered_id    TEXT,                 -- that of the post it answers, there or not
    author         TEXT,                 -- the page's own, where a member has claimed the post
    line_changes   INTEGER NOT NULL DEFAULT 0  -- how often the parent that its message on Discord
                                         -- names has changed since that was last shown
) STRICT;
INSERT INTO saved_post_anew (post_id, reply_evidence, message_id, answered_id)
SELECT post_id, reply_evidence, message_id, answered_id FROM saved_post;
DROP TABLE saved_post;
ALTER TABLE saved_post_anew RENAME TO saved_post;
CREATE INDEX saved_post_author ON saved_post (author) WHERE author IS NOT NULL;
CREATE INDEX saved_post_outdated ON saved_post (post_id) WHERE line_changes > 0;

-- A host said what a post answers (post.parent_id, NULL: nothing known): no page says otherwise.
CREATE TABLE chosen_parent (
    post_id   INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
    host_id   INTEGER NOT NULL,
    chosen_at INTEGER NOT NULL
) STRICT;

-- A member says that they were an author of old pages. While confirmed, every old post under that
-- name in the server is theirs, those of later imports too.
CREATE TABLE claim (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id        INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    forum_id        INTEGER NOT NULL,    -- whose host is asked; the claim outlives it
    user_id         INTEGER NOT NULL,
    author_name     TEXT NOT NULL,       -- the page's
    asked_at        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,    -- when the host is to be told, while told_at is NULL
    told_at         INTEGER,
    decided_at      INTEGER,
    decided_by      INTEGER,             -- the host
    heard_at        INTEGER,             -- when the member was told what was decided last
    is_confirmed    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX claim_open ON claim (guild_id, user_id, author_name) WHERE decided_at IS NULL;
-- An old author is one member.
CREATE UNIQUE INDEX claim_confirmed ON claim (guild_id, author_name) WHERE is_confirmed;
CREATE INDEX claim_unheard ON claim (user_id) WHERE decided_at IS NOT NULL AND heard_at IS NULL;
CREATE INDEX claim_untold ON claim (next_attempt_at) WHERE told_at IS NULL AND decided_at IS NULL;

-- Old posts whose authors had them erased: no import brings them back, into whichever forum of the
-- server. It outlives the discussion.
CREATE TABLE erased_post (
    guild_id  INTEGER NOT NULL,
    title     TEXT NOT NULL,             -- the discussion's, as titles are compared
    number    INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, title, number, posted_at)
) STRICT, WITHOUT ROWID;
