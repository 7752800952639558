-- The full-text index over all posts that may be read, kept by triggers: whatever writes a post,
-- the index follows in the same transaction, and what is deleted or withheld is not found.
--
-- An entry's key is the second at which the post was written, or the next that is free: so the
-- index itself is in the order of time, and the newest are read first without sorting. (In seconds,
-- not milliseconds, for that makes the index a sixth smaller.)

ALTER TABLE post ADD COLUMN search_key INTEGER;  -- NULL: not in the index
ALTER TABLE post ADD COLUMN search_text TEXT;    -- what is indexed; NULL: the content as it stands
-- Who may find it: 'f' and the forum's id; of a private thread 'x' and the forum's id.
ALTER TABLE post ADD COLUMN search_place TEXT;

UPDATE post
   SET search_key = placed.search_key, search_place = placed.search_place,
       search_text = indexed_text(post.content, post.notes, post.attachments)
  FROM (
        SELECT post.id, iif(discussion.is_private, 'x', 'f') || discussion.forum_id AS search_place,
               -- Each is later than the one before it, and no earlier than its own second.
               place + max(post.posted_at / 1000 - place) OVER (ORDER BY place) AS search_key
          FROM (SELECT id, row_number() OVER (ORDER BY posted_at, id) AS place FROM post) AS ordered
          JOIN post ON post.id = ordered.id
          JOIN discussion ON discussion.id = post.discussion_id
         WHERE post.deleted_at IS NULL
       ) AS placed
 WHERE post.id = placed.id;
CREATE UNIQUE INDEX post_search_key ON post (search_key) WHERE search_key IS NOT NULL;

-- Contentless: the texts are in post alone. The labels narrow a search down to places, a
-- discussion ('d' and its id) or an author ('a' and theirs). Marks belong to words, as in Hindi; what
-- asks for a coloured emoji (U+FE0F) does not.
CREATE VIRTUAL TABLE post_search USING fts5 (
    words, labels, content = '',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co' separators '️'"
);

INSERT INTO post_search (rowid, words, labels)
SELECT search_key, ifnull(search_text, content),
       search_place || ' d' || discussion_id || ifnull(' a' || author_id, '')
  FROM post
 WHERE search_key IS NOT NULL AND withheld_at IS NULL
 ORDER BY search_key;

-- What is taken out of the index stays in its file, unfindable, until the parts that hold it are
-- merged: that is done when `merged` falls behind.
CREATE TABLE search_upkeep (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    removals INTEGER NOT NULL,           -- how often something was taken out
    merged   INTEGER NOT NULL            -- how many of these no longer leave a trace
) STRICT;
INSERT INTO search_upkeep VALUES (1, 0, 0);

CREATE TRIGGER post_search_insert AFTER INSERT ON post
WHEN new.search_key IS NOT NULL AND new.deleted_at IS NULL AND new.withheld_at IS NULL
BEGIN
    INSERT INTO post_search (rowid, words, labels)
    VALUES (new.search_key, ifnull(new.search_text, new.content),
            new.search_place || ' d' || new.discussion_id || ifnull(' a' || new.author_id, ''));
END;

CREATE TRIGGER post_search_update
AFTER UPDATE OF search_key, search_text, search_place, content, discussion_id, author_id,
                deleted_at, withheld_at ON post
WHEN (old.search_key, old.search_text, old.search_place, old.content, old.discussion_id,
      old.author_id, old.deleted_at IS NULL, old.withheld_at IS NULL)
     IS NOT
     (new.search_key, new.search_text, new.search_place, new.content, new.discussion_id,
      new.author_id, new.deleted_at IS NULL, new.withheld_at IS NULL)
BEGIN
    INSERT INTO post_search (post_search, rowid, words, labels)
    SELECT 'delete', old.search_key, ifnull(old.search_text, old.content),
           old.search_place || ' d' || old.discussion_id || ifnull(' a' || old.author_id, '')
     WHERE old.search_key IS NOT NULL AND old.deleted_at IS NULL AND old.withheld_at IS NULL;
    UPDATE search_upkeep SET removals = removals + 1
     WHERE old.search_key IS NOT NULL AND old.deleted_at IS NULL AND old.withheld_at IS NULL;
    INSERT INTO post_search (rowid, words, labels)
    SELECT new.search_key, ifnull(new.search_text, new.content),
           new.search_place || ' d' || new.discussion_id || ifnull(' a' || new.author_id, '')
     WHERE new.search_key IS NOT NULL AND new.deleted_at IS NULL AND new.withheld_at IS NULL;
    UPDATE post SET search_text = NULL WHERE id = new.id AND new.deleted_at IS NOT NULL;
END;

CREATE TRIGGER post_search_delete AFTER DELETE ON post
WHEN old.search_key IS NOT NULL AND old.deleted_at IS NULL AND old.withheld_at IS NULL
BEGIN
    INSERT INTO post_search (post_search, rowid, words, labels)
    VALUES ('delete', old.search_key, ifnull(old.search_text, old.content),
            old.search_place || ' d' || old.discussion_id || ifnull(' a' || old.author_id, ''));
    UPDATE search_upkeep SET removals = removals + 1;
END;
