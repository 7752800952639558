-- Digests that people keep switched on: levels, quiet hours and pauses; what each person has been
-- told of each discussion; what every digest held and left out; a server's zone and its channels'
-- digests.

-- Digests and notices from the decision to send to the proof that they arrived, and for a while
-- after, for those who ask why. No text is kept: it is composed at the moment of sending.
CREATE TABLE outbox_anew (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id         INTEGER,              -- whom it is for; NULL: for a channel
    forum_id        INTEGER,              -- whose channel's digest it is
    channel_id      INTEGER,              -- where that one is posted
    kind            TEXT NOT NULL CHECK (kind IN ('notice', 'daily', 'weekly', 'channel')),
    up_to_mark      INTEGER NOT NULL,
    token           TEXT NOT NULL,        -- what names it on Discord, the same at every attempt
    planned_at      INTEGER NOT NULL,
    state           TEXT NOT NULL
        CHECK (state IN ('waiting', 'sending', 'sent', 'empty', 'failed', 'quiet', 'skipped')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    claimed_at      INTEGER,
    message_id      INTEGER,
    settled_at      INTEGER,
    reason          TEXT,                 -- why it waits, failed or was skipped, in words
    CHECK ((kind = 'channel') = (user_id IS NULL)
           AND (user_id IS NULL) = (channel_id IS NOT NULL)
           AND (user_id IS NULL) = (forum_id IS NOT NULL))
) STRICT;
INSERT INTO outbox_anew (id, user_id, kind, up_to_mark, token, planned_at, state, attempts,
                         next_attempt_at, claimed_at, message_id, settled_at, reason)
SELECT id, user_id, 'weekly', up_to_mark, printf('digest-%d-%x', id, planned_at / 1000), planned_at,
       state, attempts, next_attempt_at, claimed_at, message_id, settled_at, reason
  FROM outbox;

-- What a digest covers of each discussion, and what became of that.
CREATE TABLE outbox_part (
    outbox_id     INTEGER NOT NULL REFERENCES outbox_anew (id) ON DELETE CASCADE,
    discussion_id INTEGER NOT NULL,       -- it may be erased since
    after_mark    INTEGER NOT NULL,
    since         INTEGER NOT NULL,       -- what was written before is none of their news
    is_busy       INTEGER NOT NULL DEFAULT 0,  -- so many posts that they are told once an hour
    exclusion     TEXT CHECK (exclusion IN ('left', 'no access', 'gone', 'muted', 'nothing')),
                                          -- why nothing was said of it; NULL: it was, or will be
    shown         TEXT,                   -- JSON ids of the posts shown; NULL: all that was new
    PRIMARY KEY (outbox_id, discussion_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_part_discussion ON outbox_part (discussion_id);

-- What is on its way covers what it covered: this comes before the marks move, below.
INSERT INTO outbox_part (outbox_id, discussion_id, after_mark, since)
SELECT outbox.id, tracked.discussion_id, max(outbox.after_mark, min(tracked.since_mark)),
       min(tracked.tracked_at) - 60000  -- as bot.core.activity.news_since
  FROM outbox
  JOIN tracked_discussion AS tracked ON tracked.user_id = outbox.user_id
 WHERE outbox.state IN ('waiting', 'sending')
 GROUP BY outbox.id, tracked.discussion_id;

DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (next_attempt_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_user ON outbox (user_id, id);
CREATE INDEX outbox_forum ON outbox (forum_id, id) WHERE forum_id IS NOT NULL;
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX outbox_claimed ON outbox (claimed_at) WHERE claimed_at IS NOT NULL;
-- One is on its way to a person or a channel.
CREATE UNIQUE INDEX outbox_one_open ON outbox (user_id)
    WHERE state IN ('waiting', 'sending') AND user_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_open_channel ON outbox (forum_id)
    WHERE state IN ('waiting', 'sending') AND forum_id IS NOT NULL;

ALTER TABLE guild ADD COLUMN zone TEXT;      -- an IANA name: that of its members who chose none

-- How often a person is told of what they track; NULL: as often as their settings say. 'muted'
-- keeps out what a wider tracking would bring.
ALTER TABLE tracking ADD COLUMN level TEXT
    CHECK (level IN ('every_post', 'daily', 'weekly', 'muted'));
-- What was told before there were marks of each discussion. What a digest on its way covers is told
-- in the table below: where it is given up, it is given back there.
UPDATE tracking
   SET since_mark = max(since_mark, ifnull(
           (SELECT min(after_mark)
              FROM outbox_part
              JOIN outbox ON outbox.id = outbox_part.outbox_id
             WHERE outbox.user_id = tracking.user_id),
           (SELECT seen_mark FROM person WHERE person.user_id = tracking.user_id)));

ALTER TABLE person DROP COLUMN seen_mark;
ALTER TABLE person ADD COLUMN level TEXT NOT NULL DEFAULT 'weekly'
    CHECK (level IN ('every_post', 'daily', 'weekly'));
ALTER TABLE person ADD COLUMN has_chosen_zone INTEGER NOT NULL DEFAULT 1;  -- 0: it is the server's
ALTER TABLE person ADD COLUMN quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 23);  -- hours of their
ALTER TABLE person ADD COLUMN quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 23);      -- zone; both or neither
ALTER TABLE person ADD COLUMN paused_at INTEGER;          -- since when nothing is sent
ALTER TABLE person ADD COLUMN pause_reason TEXT CHECK (pause_reason IN ('asked', 'inbox'));
ALTER TABLE person ADD COLUMN pause_told_at INTEGER;      -- when they were told that it is paused

-- When a person is next told of what they track at a level. An 'every_post' row is there only
-- while there are posts to tell of.
CREATE TABLE due (
    user_id INTEGER NOT NULL REFERENCES person (user_id) ON DELETE CASCADE,
    level   TEXT NOT NULL CHECK (level IN ('every_post', 'daily', 'weekly')),
    at      INTEGER NOT NULL,
    PRIMARY KEY (user_id, level)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_at ON due (at);
INSERT INTO due SELECT user_id, 'weekly', next_digest_at FROM person;
-- Of these the first hour is only known with the zone's rules: the next tick finds it.
INSERT INTO due SELECT user_id, 'daily', 0 FROM person;
DROP INDEX person_due;
ALTER TABLE person DROP COLUMN next_digest_at;

-- Up to which mark a person's digests, sent or on their way, have covered a discussion.
CREATE TABLE told (
    user_id       INTEGER NOT NULL REFERENCES person (user_id) ON DELETE CASCADE,
    discussion_id INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    mark          INTEGER NOT NULL,
    busy_told_at  INTEGER,                   -- when they were told that it is busy, so once an hour;
                                             -- NULL: it was calm when they were last told of it
    PRIMARY KEY (user_id, discussion_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_discussion ON told (discussion_id);
INSERT INTO told (user_id, discussion_id, mark)
SELECT outbox.user_id, outbox_part.discussion_id, outbox.up_to_mark
  FROM outbox_part
  JOIN outbox ON outbox.id = outbox_part.outbox_id;

-- Up to which mark those who hear of every post have been looked for.
CREATE TABLE noticed_mark (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO noticed_mark SELECT 1, value FROM news_mark;

-- How often someone is told of a discussion that they track in several ways is worked out by
-- `bot/store/trackings_in_force.py`.
DROP VIEW tracked_discussion;

-- The discussions of each book. A discussion's book is its own, else its tags', else its forum's;
-- it may be of several books by its tags. `+` keeps SQLite from looking up all that have no book
-- of their own: it is to begin with the book, or with the discussion.
CREATE VIEW book_discussion (book_id, discussion_id) AS
SELECT book_id, id
  FROM discussion
 WHERE book_id IS NOT NULL
UNION ALL
SELECT tag_book.book_id, discussion.id
  FROM tag_book
  JOIN discussion ON discussion.forum_id = tag_book.forum_id
  JOIN discussion_tag ON discussion_tag.discussion_id = discussion.id
                     AND discussion_tag.tag_id = tag_book.tag_id
 WHERE +discussion.book_id IS NULL
UNION ALL
SELECT forum.book_id, discussion.id
  FROM forum
  JOIN discussion ON discussion.forum_id = forum.id
 WHERE forum.book_id IS NOT NULL
   AND +discussion.book_id IS NULL
   AND NOT EXISTS (
           SELECT 1
             FROM discussion_tag
             JOIN tag_book ON tag_book.tag_id = discussion_tag.tag_id
            WHERE discussion_tag.discussion_id = discussion.id
              AND tag_book.forum_id = discussion.forum_id
       );

-- The weekly digest of a forum in a channel, for those who want no direct messages.
CREATE TABLE channel_digest (
    forum_id   INTEGER PRIMARY KEY REFERENCES forum (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL,
    weekday    INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- 0 is Monday
    hour       INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),    -- of its server's zone
    next_at    INTEGER NOT NULL,
    seen_mark  INTEGER NOT NULL,          -- up to which mark it has been planned
    set_at     INTEGER NOT NULL,
    trouble    TEXT                       -- why the last one was not posted, in words for a host
) STRICT;
CREATE INDEX channel_digest_next ON channel_digest (next_at);

-- A notice tells of new posts; what a host is asked about posts that vanished is a question.
ALTER TABLE notice RENAME TO vanished_question;
DROP INDEX notice_open;
DROP INDEX notice_untold;
DROP INDEX notice_forum;
CREATE UNIQUE INDEX vanished_question_open ON vanished_question (discussion_id)
    WHERE decided_at IS NULL;
CREATE INDEX vanished_question_untold ON vanished_question (next_attempt_at)
    WHERE told_at IS NULL AND decided_at IS NULL;
CREATE INDEX vanished_question_forum ON vanished_question (forum_id);
