"""All that the bot shows one member of one discussion, by every way in which it can be asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from bot.core.model import Discussion
from sandbox.answers import Answer
from sandbox.member import SandboxMember
from sandbox.state import SandboxChannel
from sandbox.wire import Json

NAMED_IN = ("read", "tree", "export", "panel show", "search", "track discussion")
WAYS_ON = ("Reply chain", "Reply tree", "Edit history", "Picture")


async def everything_shown(
    member: SandboxMember, place: SandboxChannel, discussion: Discussion, words: str
) -> dict[str, str]:
    """Ask for everything from another place, and give all that came back, by how it was asked.

    `words` are those that are searched for.
    """
    shown: dict[str, str] = {}
    async for way, answer in _answers(member, place, discussion, words):
        shown[way] = shown.get(way, "") + _text(answer)
    for command in NAMED_IN:
        given = {"words": words} if command == "search" else {}
        offered = await member.autocomplete(place, command, "discussion", "", **given)
        shown[f"{command}: offered"] = "\n".join(each.name for each in offered)
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
        exported = await member.slash(place, "export", discussion=named, format=format_)
        yield f"export as {format_}", exported
    yield "tree", await member.slash(place, "tree", discussion=named)
    yield "panel", await member.slash(place, "panel show", discussion=named)
    for sort in ("newest", "best"):
        yield "search", await member.slash(place, "search", words=words, sort=sort)
        within = await member.slash(place, "search", words=words, discussion=named, sort=sort)
        yield "search within", within
        for post in _posts(within):
            opened = await member.forge_press(within, _custom_id(within, "Open a post whole"), post)
            yield "a post that was found", opened
    yield "discussions", await member.slash(place, "discussions", forum=forum)
    yield "forums", await member.slash(place, "forums")


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
