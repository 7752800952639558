"""Whether a text that Discord gives back is the one it was given."""

from __future__ import annotations


def is_same_text(one: str, other: str) -> bool:
    """Compare letters and digits only.

    Discord may strip characters from a text: white space at its ends, invalid Unicode
    (developers/resources/webhook.mdx, "Execute Webhook").
    """
    return _essence(one) == _essence(other)


def _essence(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
