-- What members know of a book beside its title, and how they like it.

ALTER TABLE book ADD COLUMN isbn TEXT;   -- 10 or 13 signs without hyphens, its check digit right
ALTER TABLE book ADD COLUMN link TEXT;   -- a page about it

-- One rating a member; book.rating and rating_count are those of an imported page.
CREATE TABLE book_rating (
    book_id  INTEGER NOT NULL REFERENCES book (id) ON DELETE CASCADE,
    user_id  INTEGER NOT NULL,
    stars    INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    rated_at INTEGER NOT NULL,
    PRIMARY KEY (book_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX book_rating_user ON book_rating (user_id);
