"""From an `ImportedDiscussion` to the bytes of a file; pure, without input or output."""
