"""Saved forum pages: bytes to `ImportedDiscussion`, pure."""
