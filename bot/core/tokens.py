"""Mentions, emoji, timestamps and addresses: what stands in a text as one piece.

Their forms are those of developers/reference, "Message Formatting".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.core.markdown import showable

WEB_ADDRESS = re.compile(r"https?://[^\s<]*[^\s<.,:;\"'\]]")
BRACKETED_ADDRESS = re.compile(r"<(?P<address>https?://[^\s<>]+)>")
TOKEN = re.compile(
    r"<(?:(?P<user>@!?)[0-9]{1,20}|(?P<role>@&)[0-9]{1,20}|(?P<channel>\#)[0-9]{1,20}"
    r"|a?:(?P<emoji>\w{1,32}):[0-9]{1,20}"
    r"|t:(?P<time>-?[0-9]{1,15})(?::(?P<time_style>[tTdDfFsSR]))?"
    r"|(?P<command>/[\w -]{1,100}):[0-9]{1,20}"
    r"|id:(?P<navigation>\w{1,32})(?::[0-9]{1,20})?)>"
)


def safe_address(address: str) -> str:
    """Give the same address without signs that could be read as Markdown around it."""
    address = showable(address)
    return re.sub(r"[|*`~\\()>]", lambda sign: f"%{ord(sign[0]):02X}", address)


def readable(token: re.Match[str]) -> str:
    """Say in words what a mention, an emoji or a timestamp stands for."""
    match token.lastgroup:
        case "user":
            return "@someone"
        case "role":
            return "@role"
        case "channel":
            return "#channel"
        case "emoji":
            return f":{token['emoji']}:"
        case "command":
            return token["command"]
        case "navigation":
            return f"#{token['navigation']}"
        case _:
            return _readable_time(int(token["time"]), token["time_style"] or "f")


def _readable_time(seconds: int, style: str) -> str:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return "some time"
    if style in "tT":
        return f"{moment:%H:%M} UTC"
    return f"{moment:%Y-%m-%d}" if style in "dD" else f"{moment:%Y-%m-%d %H:%M} UTC"
