"""The one error of the readers of a page, before the file's name stands before it."""

from __future__ import annotations


class PageRefusedError(Exception):
    """A page that cannot be read: why, as the rest of a sentence, and the line where, if any.

    `reason` goes on after the file's name ("is empty. …"), or after the name and the line
    ("the page breaks off …").
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line

    def sentence(self, name: str) -> str:
        """Give the whole of it for a person; `name` is the file's."""
        return (
            f"{name} {self.reason}"
            if self.line is None
            else f"{name}, line {self.line}: {self.reason}"
        )
