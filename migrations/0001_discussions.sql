-- The first schema: forums and their discussions, every post and revision, who tracks what,
-- the digests on their way, and the progress of what must survive a crash.
--
-- Times are milliseconds since 1970 in UTC. Ids of Discord are snowflakes in *_id columns named
-- for what they are (user_id, thread_id, message_id …); `id` is Discord's for guild and forum,
-- and local elsewhere.

-- The ever-increasing mark that orders news: every new post and every edit takes the next one,
-- so that a post found late is still news to those who have seen everything up to a mark.
CREATE TABLE news_mark (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO news_mark VALUES (1, 0);

CREATE TABLE guild (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    host_role_id INTEGER,
    left_at      INTEGER                 -- when the bot was removed from it; its forums are hidden then
) STRICT;

CREATE TABLE book (
    id           INTEGER PRIMARY KEY,
    guild_id     INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    author       TEXT,
    edition      TEXT,
    binding      TEXT,
    asin         TEXT,
    rating       REAL,
    rating_count INTEGER
) STRICT;
-- One book of a title and author a guild: naming it again means the same book.
CREATE UNIQUE INDEX book_title
    ON book (guild_id, title COLLATE NOCASE, ifnull(author, '') COLLATE NOCASE);

CREATE TABLE forum (
    id               INTEGER PRIMARY KEY,  -- the channel
    guild_id         INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    name             TEXT NOT NULL,
    is_forum_channel INTEGER NOT NULL,     -- 0: a text channel whose threads are discussions
    host_id          INTEGER NOT NULL,     -- who set it up; told when something needs a decision
    book_id          INTEGER REFERENCES book (id) ON DELETE SET NULL,
    set_up_at        INTEGER NOT NULL,
    removed_at       INTEGER,              -- a host ended it: nothing new is recorded
    hidden_at        INTEGER,              -- it was ended, its channel deleted, or its server left: from
                                           -- then on only hosts see what was kept
    erase_at         INTEGER,              -- when what was kept is erased, while it is hidden
    is_listed        INTEGER NOT NULL DEFAULT 0,  -- its threads are known, and events come in
    gaps             INTEGER NOT NULL DEFAULT 0,  -- how often events may have begun to be missed: a
                                                  -- listing begun before the last time proves nothing
    seen_at          INTEGER,              -- up to when its events were certainly received
    trouble          TEXT                  -- why it cannot be read now, in words for a host
) STRICT;
CREATE INDEX forum_guild ON forum (guild_id);
CREATE INDEX forum_book ON forum (book_id);

-- The book that a forum tag stands for.
CREATE TABLE tag_book (
    forum_id INTEGER NOT NULL REFERENCES forum (id) ON DELETE CASCADE,
    tag_id   INTEGER NOT NULL,
    book_id  INTEGER NOT NULL REFERENCES book (id) ON DELETE CASCADE,
    PRIMARY KEY (forum_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_book_book ON tag_book (book_id);

CREATE TABLE discussion (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id     INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    forum_id     INTEGER NOT NULL REFERENCES forum (id) ON DELETE CASCADE,
    thread_id    INTEGER UNIQUE,          -- absent until an imported one is replayed
    title        TEXT NOT NULL,
    book_id      INTEGER REFERENCES book (id) ON DELETE SET NULL,  -- its own, before tag's and forum's
    is_private   INTEGER NOT NULL DEFAULT 0,
    is_locked    INTEGER NOT NULL DEFAULT 0,
    is_archived  INTEGER NOT NULL DEFAULT 0,
    started_at   INTEGER NOT NULL,
    mark         INTEGER NOT NULL,        -- the news mark at which it became known
    next_number  INTEGER NOT NULL DEFAULT 1,
    post_count   INTEGER NOT NULL DEFAULT 0,  -- posts that are not deleted
    -- Reading: while is_current is 0 something may be missing, and new posts get no number.
    is_current   INTEGER NOT NULL DEFAULT 0,
    known_to     INTEGER NOT NULL DEFAULT 0,  -- all up to this message id is certainly known
    read_after   INTEGER,                     -- after which message its history is to be read next;
                                              -- NULL: after known_to where it is not current, else
                                              -- nothing is to be read
    is_readable  INTEGER NOT NULL DEFAULT 1,  -- 0: Discord refused; asked again with new rights
    swept_at     INTEGER NOT NULL DEFAULT 0,  -- when a comparison of all of it last began
    hidden_at    INTEGER,                     -- its thread was deleted: only hosts see it
    erase_at     INTEGER                      -- when it is erased, while it is hidden
) STRICT;
CREATE INDEX discussion_forum ON discussion (forum_id);
CREATE INDEX discussion_guild ON discussion (guild_id);
CREATE INDEX discussion_book ON discussion (book_id);
CREATE INDEX discussion_mark ON discussion (mark);
CREATE INDEX discussion_erase ON discussion (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX discussion_unread ON discussion (guild_id, is_current)
    WHERE is_current = 0 OR read_after IS NOT NULL;
CREATE INDEX discussion_swept ON discussion (swept_at);

CREATE TABLE discussion_tag (
    discussion_id INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    tag_id        INTEGER NOT NULL,
    PRIMARY KEY (discussion_id, tag_id)
) STRICT, WITHOUT ROWID;

-- Who wrote: a Discord user (user_id), or a name only (webhooks, imported pages).
CREATE TABLE author (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER UNIQUE,
    name    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX author_name ON author (name) WHERE user_id IS NULL;

CREATE TABLE post (
    id             INTEGER PRIMARY KEY,
    discussion_id  INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    message_id     INTEGER UNIQUE,        -- of a post of several messages: the first
    channel_id     INTEGER,               -- where the message lies: the thread, or, for the starter
                                          -- of a thread made from a message, its parent channel
    number         INTEGER,               -- given once everything before it is known; never changes
    author_id      INTEGER REFERENCES author (id),
    kind           TEXT NOT NULL CHECK (kind IN ('initial', 'post', 'reply')),
    parent_id      INTEGER REFERENCES post (id) ON DELETE SET NULL,
    root_id        INTEGER NOT NULL,      -- the first known ancestor; itself where there is none
    depth          INTEGER NOT NULL DEFAULT 0,
    awaited_id     INTEGER,               -- the message it answers, while that is not known
    reply_count    INTEGER NOT NULL DEFAULT 0,
    content        TEXT NOT NULL,
    attachments    TEXT,                  -- JSON [[id, name, type, size, description], …]; NULL: none
    notes          TEXT,                  -- JSON ["Poll: …", …]; NULL: none
    posted_at      INTEGER NOT NULL,
    edited_at      INTEGER,
    edited_in_gap  INTEGER NOT NULL DEFAULT 0,
    mark           INTEGER NOT NULL,      -- news mark of the post
    edit_mark      INTEGER,               -- news mark of its last edit
    deleted_at     INTEGER,               -- its text and revisions are gone
    withheld_at    INTEGER,               -- gone from Discord with many others: a host is asked
    is_imported    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX post_number ON post (discussion_id, number) WHERE number IS NOT NULL;
-- The context of every chain.
CREATE INDEX post_initial ON post (discussion_id) WHERE kind = 'initial';
CREATE INDEX post_unnumbered ON post (discussion_id, message_id) WHERE number IS NULL;
CREATE INDEX post_mark ON post (discussion_id, mark);
CREATE INDEX post_edit_mark ON post (discussion_id, edit_mark) WHERE edit_mark IS NOT NULL;
CREATE INDEX post_parent ON post (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX post_root ON post (root_id);
CREATE INDEX post_awaited ON post (awaited_id) WHERE awaited_id IS NOT NULL;
CREATE INDEX post_author ON post (author_id);
CREATE INDEX post_withheld ON post (discussion_id) WHERE withheld_at IS NOT NULL;

-- The earlier texts of edited posts; the present one is in post.
CREATE TABLE revision (
    post_id     INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    written_at  INTEGER NOT NULL,
    content     TEXT NOT NULL,
    attachments TEXT,
    after_gap   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (post_id, written_at)
) STRICT, WITHOUT ROWID;

-- Messages and threads that must never come back in, by whichever way they arrive.
CREATE TABLE tombstone (
    id        INTEGER PRIMARY KEY,       -- the message's or the thread's
    erased_at INTEGER NOT NULL
) STRICT;

-- Posts that a reading of their thread did not find. Absence alone is no deletion: when the
-- reading has come to its end, each of them is asked for.
CREATE TABLE absence (
    message_id    INTEGER PRIMARY KEY,
    discussion_id INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    kept_at       INTEGER                -- a host wants it kept, though it is gone from Discord
) STRICT;
CREATE INDEX absence_discussion ON absence (discussion_id);

CREATE TABLE person (
    user_id        INTEGER PRIMARY KEY,
    weekday        INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- 0 is Monday
    hour           INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    zone           TEXT NOT NULL,        -- an IANA name
    next_digest_at INTEGER NOT NULL,
    seen_mark      INTEGER NOT NULL,     -- what a planned digest has covered
    inbox          TEXT NOT NULL DEFAULT 'unknown' CHECK (inbox IN ('unknown', 'open', 'closed'))
) STRICT;
CREATE INDEX person_due ON person (next_digest_at);

CREATE TABLE tracking (
    id            INTEGER PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES person (user_id) ON DELETE CASCADE,
    guild_id      INTEGER NOT NULL REFERENCES guild (id) ON DELETE CASCADE,
    discussion_id INTEGER REFERENCES discussion (id) ON DELETE CASCADE,
    forum_id      INTEGER REFERENCES forum (id) ON DELETE CASCADE,
    book_id       INTEGER REFERENCES book (id) ON DELETE CASCADE,
    since_mark    INTEGER NOT NULL,      -- news before it is not theirs
    tracked_at    INTEGER NOT NULL,
    CHECK ((discussion_id IS NOT NULL) + (forum_id IS NOT NULL) + (book_id IS NOT NULL) = 1)
) STRICT;
CREATE UNIQUE INDEX tracking_discussion ON tracking (discussion_id, user_id) WHERE discussion_id IS NOT NULL;
CREATE UNIQUE INDEX tracking_forum ON tracking (forum_id, user_id) WHERE forum_id IS NOT NULL;
CREATE UNIQUE INDEX tracking_book ON tracking (book_id, user_id) WHERE book_id IS NOT NULL;
CREATE INDEX tracking_user ON tracking (user_id);
CREATE INDEX tracking_guild ON tracking (guild_id);

-- The discussions that each person follows, in whichever way; one that is followed in two ways
-- has two rows. A discussion's book is its own, else its tags', else its forum's.
-- CROSS JOIN keeps SQLite to the written order, which begins with the person's own few rows.
CREATE VIEW tracked_discussion (user_id, discussion_id, since_mark, tracked_at) AS
SELECT user_id, discussion_id, since_mark, tracked_at
  FROM tracking
 WHERE discussion_id IS NOT NULL
UNION ALL
SELECT tracking.user_id, discussion.id, since_mark, tracked_at
  FROM tracking
 CROSS JOIN discussion ON discussion.forum_id = tracking.forum_id
UNION ALL
SELECT tracking.user_id, discussion.id, since_mark, tracked_at
  FROM tracking
 CROSS JOIN discussion ON discussion.book_id = tracking.book_id
UNION ALL
SELECT tracking.user_id, discussion.id, since_mark, tracked_at
  FROM tracking
 CROSS JOIN tag_book ON tag_book.book_id = tracking.book_id
 CROSS JOIN discussion ON discussion.forum_id = tag_book.forum_id
 CROSS JOIN discussion_tag ON discussion_tag.discussion_id = discussion.id
                          AND discussion_tag.tag_id = tag_book.tag_id
 WHERE discussion.book_id IS NULL
UNION ALL
SELECT tracking.user_id, discussion.id, since_mark, tracked_at
  FROM tracking
 CROSS JOIN forum ON forum.book_id = tracking.book_id
 CROSS JOIN discussion ON discussion.forum_id = forum.id
 WHERE discussion.book_id IS NULL
   AND NOT EXISTS (
           SELECT 1
             FROM discussion_tag
             JOIN tag_book ON tag_book.tag_id = discussion_tag.tag_id
            WHERE discussion_tag.discussion_id = discussion.id
              AND tag_book.forum_id = discussion.forum_id
       );

-- Digests between the decision to send and the proof that they arrived. No text is kept here:
-- it is composed from the posts at the moment of sending, so that a deletion counts.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id         INTEGER NOT NULL,
    after_mark      INTEGER NOT NULL,
    up_to_mark      INTEGER NOT NULL,
    planned_at      INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'empty', 'failed')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    claimed_at      INTEGER,
    message_id      INTEGER,
    settled_at      INTEGER,
    reason          TEXT                 -- why it failed or is waiting, in words
) STRICT;
CREATE INDEX outbox_open ON outbox (next_attempt_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_user ON outbox (user_id);
-- One digest at a time is on its way to a person.
CREATE UNIQUE INDEX outbox_one_open ON outbox (user_id) WHERE state IN ('waiting', 'sending');

-- Imported discussions on their way to Discord. The texts are in post alone, so that a deletion
-- counts.
CREATE TABLE replay (
    discussion_id INTEGER PRIMARY KEY REFERENCES discussion (id) ON DELETE CASCADE,
    title         TEXT NOT NULL,         -- the page's own: the thread may be renamed
    box           TEXT NOT NULL,         -- JSON: what else the page says of the whole
    queued_at     INTEGER NOT NULL,
    opening_at    INTEGER,               -- when its thread was last asked for: a thread made
                                         -- about then, under its title, is it
    finished_at   INTEGER,
    failure       TEXT                   -- why it stopped, in words for a host
) STRICT;
CREATE INDEX replay_pending ON replay (queued_at) WHERE finished_at IS NULL AND failure IS NULL;

-- Every message of every imported post that Discord has taken: part 0 is the post's first.
CREATE TABLE replayed_message (
    post_id    INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    part       INTEGER NOT NULL,
    message_id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (post_id, part)
) STRICT, WITHOUT ROWID;

-- What a host must be told and asked: many posts of a discussion vanished at once, and are
-- withheld until somebody has decided what is to become of them.
CREATE TABLE notice (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    forum_id        INTEGER NOT NULL REFERENCES forum (id) ON DELETE CASCADE,
    discussion_id   INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    raised_at       INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,     -- when the host is to be told, while told_at is NULL
    told_at         INTEGER,
    decided_at      INTEGER               -- a host said what is to become of them
) STRICT;
-- One open question for a discussion: what vanishes later is added to it.
CREATE UNIQUE INDEX notice_open ON notice (discussion_id) WHERE decided_at IS NULL;
CREATE INDEX notice_untold ON notice (next_attempt_at) WHERE told_at IS NULL AND decided_at IS NULL;
CREATE INDEX notice_forum ON notice (forum_id);
