"""The words of the question whether a member is an old author."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.post_line import literal, timestamp
from bot.store.old_authors.claims import Claim
from cogs._old_authors import KnownAuthor, author_words, places_words

_NAME_LIMIT = 60
_RIVALS_SHOWN = 5


def question_words(
    claim: Claim,
    author: KnownAuthor,
    *,
    guild_name: str | None,
    member_name: str | None,
    rivals: Sequence[int],
    host_id: int,
) -> str:
    """Ask a host whether a claim is true, as Markdown.

    `author` is what that host may know of the author. `member_name` is the claimant's in the
    server, None for one who has left; `rivals` are the ids of those who claim the same.
    """
    server = "" if guild_name is None else f" in {literal(guild_name, _NAME_LIMIT)}"
    name = "One who has left" if member_name is None else literal(member_name, _NAME_LIMIT)
    asked = (
        f"**{name} (<@{claim.user_id}>) says that they are {author_words(claim.author_name)}, an "
        f"author of old posts{server}** ({timestamp(claim.asked_at)})."
    )
    meaning = (
        "If you confirm it, every old post under that name in the server is theirs, and they "
        "can have these posts erased. Confirm it only if you know that it is true."
    )
    lines = [asked, where_words(author), meaning]
    if rivals:
        named = ", ".join(f"<@{user_id}>" for user_id in rivals[:_RIVALS_SHOWN])
        lines.append(f"The same is said by {named}: only one of them can be confirmed.")
    if claim.user_id == host_id:
        lines.append("This claim is your own. As a host, you may confirm it yourself.")
    return "\n".join(lines)


def where_words(author: KnownAuthor) -> str:
    """Say what a host may know of where the posts are."""
    shown = places_words(author.places) or "No post under that name is here now"
    more = ", and old posts in places that you cannot read" if author.is_elsewhere else ""
    return f"{shown}{more}."
