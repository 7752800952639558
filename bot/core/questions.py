"""What a post's author says in it themselves: whom it names, and whether it asks something."""

from __future__ import annotations

import re

# Fences, code within a line, quoted lines, and addresses, which often hold a question mark.
_NOT_OWN = re.compile(
    r"```.*?```"
    r"|`[^`\n]*`"
    r"|^[ \t]*>>> .*"
    r"|^[ \t]*> [^\n]*"
    r"|https?://[^\s<>)]*",
    re.DOTALL | re.MULTILINE,
)
# Latin, East Asian, Arabic; an emoji of a question mark is a mood.
_QUESTION_MARKS = ("?", "？", "؟")
# Discord's documentation, "Reference", section "Message Formatting"; `\<@1>` names nobody.
_MENTION = re.compile(r"(?<!\\)<@!?(\d{1,20})>")


def asks(text: str) -> bool:
    """Say whether there is a question mark outside of quotations, code and addresses."""
    return _has_question_mark(text) and _has_question_mark(_own_words(text))


def named_in(text: str) -> frozenset[int]:
    """Give the ids of the people whom a text mentions outside of quotations and code."""
    if "<@" not in text:
        return frozenset()
    return frozenset(int(found[1]) for found in _MENTION.finditer(_own_words(text)))


def _has_question_mark(text: str) -> bool:
    return any(mark in text for mark in _QUESTION_MARKS)


def _own_words(text: str) -> str:
    return _NOT_OWN.sub(" ", text)
