"""Embeds as Discord takes them: "Messages Resource", section "Embed Limits"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.limits import check_text
from sandbox.wire import is_moment

if TYPE_CHECKING:
    from sandbox.limits import Path, Problems
    from sandbox.wire import Json, JsonObject

MAX_EMBEDS = 10
MAX_EMBED_TOTAL = 6000
MAX_FIELDS = 25
_MAX_COLOR = 0xFFFFFF
_EMBED_TEXTS = (
    (("title",), 256),
    (("description",), 4096),
    (("footer", "text"), 2048),
    (("author", "name"), 256),
)
_TRIMMED_TEXTS = ("title", "description", "text", "name", "value")
_HTTP_ADDRESS = re.compile(r"^(https?|attachment|discord)://\S+$")


def read_embeds(embeds: list[JsonObject], problems: Problems) -> list[JsonObject]:
    """Return embeds as Discord keeps them, noting those too many, or too long in a part or in all.

    "Embed Limits": white space around a text is trimmed and not counted; of several embeds with
    the same address only the first is shown. One with nothing in it is nothing to send.
    """
    bare = [{k: v for k, v in _trimmed(embed).items() if k != "type"} for embed in embeds]
    kept: list[JsonObject] = [{**embed, "type": "rich"} for embed in bare if any(embed.values())]
    if len(kept) > MAX_EMBEDS:
        problems.length(("embeds",), 0, MAX_EMBEDS)
    if sum(_check_embed(e, ("embeds", n), problems) for n, e in enumerate(kept)) > (
        MAX_EMBED_TOTAL
    ):
        problems.add(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {MAX_EMBED_TOTAL}",
        )
    addresses = [embed.get("url") for embed in kept]
    return [e for n, e in enumerate(kept) if not e.get("url") or e["url"] not in addresses[:n]]


def _trimmed(part: JsonObject) -> JsonObject:
    """Return an embed, or a part of one, without white space around its texts."""
    tidy = dict(part)
    for name in _TRIMMED_TEXTS:
        if isinstance(tidy.get(name), str):
            tidy[name] = tidy[name].strip()
    for name in ("footer", "author"):
        if tidy.get(name):
            tidy[name] = _trimmed(tidy[name])
    if tidy.get("fields"):
        tidy["fields"] = [_trimmed(field) for field in tidy["fields"]]
    return tidy


def _check_embed(embed: JsonObject, path: Path, problems: Problems) -> int:
    """Note what is wrong with one embed; return how many characters count for the total."""
    total = 0
    for steps, most in _EMBED_TEXTS:
        value: Json = embed
        for step in steps:
            value = (value or {}).get(step)
        if value is not None:
            check_text(problems, (*path, *steps), value, 0, most)
            total += len(str(value))
    fields = embed.get("fields") or []
    if len(fields) > MAX_FIELDS:
        problems.length((*path, "fields"), 0, MAX_FIELDS)
    for number, part in enumerate(fields):
        for name, most in (("name", 256), ("value", 1024)):
            text = part.get(name, "")
            check_text(problems, (*path, "fields", number, name), text, 1, most)
            total += len(str(text))
    address = embed.get("url")
    if address is not None and not _HTTP_ADDRESS.match(str(address)):
        problems.add((*path, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    color = embed.get("color")
    if color is not None and color not in range(_MAX_COLOR + 1):
        problems.add((*path, "color"), "NUMBER_TYPE_MAX", f"int value should be 0 to {_MAX_COLOR}.")
    if embed.get("timestamp") is not None and not is_moment(embed["timestamp"]):
        problems.add((*path, "timestamp"), "DATE_TIME_TYPE_PARSE", "Not ISO8601.")
    return total
