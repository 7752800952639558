"""All that the bot shows one member of one discussion, by every way in which it can be asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from bot.core.model import Discussion
from sandbox.answers import Answer
from sandbox.member import SandboxMember
from sandbox.permissions import can_view
from sandbox.state import SandboxChannel
from sandbox.wire import Json

WAYS_ON = ("Reply chain", "Reply tree", "Edit history", "Picture")

ASKED = {
    "read",
    "tree",
    "export",
    "panel show",
    "search",
    "discussions",
    "forums",
    "book show",
    "book rate",
    "track discussion",
    "track forum",
    "track book",
    "track list",
    "track stop",
    "digest preview",
    "digest why",
}
"""The slash commands that tell of discussions."""

OFFERED = {
    "read": ["discussion"],
    "tree": ["discussion"],
    "export": ["discussion"],
    "panel show": ["discussion"],
    "track discussion": ["discussion"],
    "track forum": ["forum"],
    "track book": ["book"],
    "track stop": ["what"],
    "discussions": ["forum"],
    "book show": ["book"],
    "book rate": ["book"],
    "claim posts": ["name"],
    "search": ["discussion", "forum", "author"],
}
"""The options, by their commands, in which names are offered while one types."""

OF_THE_ASKER = {
    "help",
    "digest settings",
    "claim posts",
    "claim erase",
    "publish me",
    "publish stop",
}
"""The commands that tell the asker of themselves; what `/claim posts` offers is asked for here."""

OF_HOSTS = {
    "book edit",
    "claim list",
    "import",
    "imports",
    "panel post",
    "removed list",
    "removed export",
    "removed erase",
    "setup forum",
    "setup book",
    "setup publish",
    "setup hosts",
    "setup show",
    "setup remove",
    "setup timezone",
    "digest stats",
    "digest channel",
}
"""The commands that only hosts may use, in whatever they may read."""

ON_MESSAGES = ("Reply chain", "Reply tree", "Edit history")

ON_OLD_POSTS = {"Claim my posts", "Set what this answers"}
"""The message commands of authors and of hosts, for old posts alone."""


async def everything_shown(
    member: SandboxMember, place: SandboxChannel, discussion: Discussion, words: str
) -> dict[str, str]:
    """Ask for everything from another place, and give all that came back, by how it was asked.

    `words` are those that are searched for.
    """
    shown: dict[str, str] = {}
    async for way, answer in _answers(member, place, discussion, words):
        shown[way] = shown.get(way, "") + _text(answer)
    for command, options in OFFERED.items():
        given: dict[str, Json] = {"words": words} if command == "search" else {}
        for option in options:
            offered = await member.autocomplete(place, command, option, "", **given)
            names = "\n".join(each.name for each in offered)
            shown[f"{command}: {option} offered"] = names
    return shown


async def _answers(
    member: SandboxMember, place: SandboxChannel, discussion: Discussion, words: str
) -> AsyncIterator[tuple[str, Answer]]:
    named, forum = str(discussion.id), f"<#{discussion.forum_id}>"
    for sort in ("o", "n"):
        page = await member.slash(place, "read", discussion=named, sort=sort)
        yield "read", page
        for post in _posts(page):
            whole = await member.forge_press(page, _custom_id(page, "Open a post whole"), post)
            yield "a post whole", whole
            for way in WAYS_ON:
                if custom_id := _custom_id(whole, way):
                    yield way, await member.forge_press(whole, custom_id)
            page = await member.slash(place, "read", discussion=named, sort=sort)
    for format_ in ("html", "markdown", "json"):
        yield "export", await member.slash(place, "export", discussion=named, format=format_)
    yield "tree", await member.slash(place, "tree", discussion=named)
    yield "panel show", await member.slash(place, "panel show", discussion=named)
    for sort in ("newest", "best"):
        yield "search", await member.slash(place, "search", words=words, sort=sort)
        within = await member.slash(place, "search", words=words, discussion=named, sort=sort)
        yield "search within", within
        for post in _posts(within):
            opened = await member.forge_press(within, _custom_id(within, "Open a post whole"), post)
            yield "a post that was found", opened
    yield "discussions", await member.slash(place, "discussions", forum=forum)
    yield "forums", await member.slash(place, "forums")
    book = "none" if discussion.book is None else str(discussion.book.id)
    yield "book show", await member.slash(place, "book show", book=book)
    yield "book rate", await member.slash(place, "book rate", book=book, stars=3)
    yield "track discussion", await member.slash(place, "track discussion", discussion=named)
    yield "track forum", await member.slash(place, "track forum", forum=forum)
    yield "track book", await member.slash(place, "track book", book=book)
    yield "track list", await member.slash(place, "track list")
    yield "track stop", await member.slash(place, "track stop", what="nothing of that name")
    yield "digest preview", await member.slash(place, "digest preview")
    yield "digest why", await member.slash(place, "digest why")
    async for answer in _answers_about_posts(member, place, discussion):
        yield answer


async def _answers_about_posts(
    member: SandboxMember, place: SandboxChannel, discussion: Discussion
) -> AsyncIterator[tuple[str, Answer]]:
    """Ask about each post by its id, and by the message commands where these are offered."""
    thread = member.guild.threads.get(discussion.thread_id or 0)
    if thread is None:
        return
    for message in thread.messages:
        yield "digest why", await member.slash(place, "digest why", post=str(message.id))
        if can_view(member, thread):
            for command in ON_MESSAGES:
                yield command, await member.context_menu(message, command)


def _text(answer: Answer) -> str:
    assert answer.ephemeral
    told: list[Json] = []
    for message in answer.messages:
        told += [message.content, message.embeds, message.components]
        for file in message.attachments:
            told += [file.filename, file.description]
            if not file.filename.endswith(".png"):
                told.append(file.content.decode())
    return json.dumps(told, ensure_ascii=False)


def _posts(page: Answer) -> list[str]:
    """Give the values of the posts that a page offers to open."""
    return [
        option["value"]
        for row in page.components
        for item in row["components"]
        if item.get("placeholder") == "Open a post whole"
        for option in item["options"]
    ]


def _custom_id(answer: Answer, name: str) -> str:
    return next(
        (
            item["custom_id"]
            for row in answer.components
            for item in row["components"]
            if name in (item.get("label"), item.get("placeholder"))
        ),
        "",
    )
