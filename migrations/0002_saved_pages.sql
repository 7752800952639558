-- What saved pages tell of their posts beside their text: how it is known what a post answers, and
-- the ids by which pages saved as HTML link to each other's posts, so that a page imported later
-- finds its place.

CREATE TABLE saved_post (
    post_id        INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
    reply_evidence TEXT CHECK (reply_evidence IN ('link', 'address', 'quotation')),
    message_id     TEXT,                 -- its own id on the old forum (Mx…)
    answered_id    TEXT                  -- that of the post it answers, there or not
) STRICT;
