"""What is done to a post that is deleted: its text goes, its row and its place stay."""

from __future__ import annotations

DELETE_POST = (
    # The messages of old posts that answer it name its author.
    """
    INSERT INTO saved_post (post_id, line_changes)
    SELECT id, 1 FROM post
     WHERE parent_id = :id AND is_imported AND message_id IS NOT NULL AND deleted_at IS NULL
        ON CONFLICT (post_id) DO UPDATE SET line_changes = line_changes + 1
    """,
    # Before the post is deleted, what counts it.
    """
    UPDATE post SET reply_count = reply_count - 1
     WHERE id = (SELECT parent_id FROM post WHERE id = :id)
    """,
    """
    UPDATE discussion SET post_count = post_count - 1
     WHERE id = (SELECT discussion_id FROM post WHERE id = :id)
    """,
    "DELETE FROM revision WHERE post_id = :id",
    """
    UPDATE post
       SET content = '', attachments = NULL, notes = NULL, edited_at = NULL, edited_in_gap = 0,
           edit_mark = NULL, withheld_at = NULL, deleted_at = :now
     WHERE id = :id
    """,
)
"""The statements for a post that is there: `:id`, and the moment `:now` in milliseconds."""
