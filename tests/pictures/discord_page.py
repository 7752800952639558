"""Makes of what the bot sent a page that draws it as Discord does.

The messages, embeds and buttons are drawn by the web components of
@skyra/discord-components-core; their texts are read by the reader of the exports.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup, escape

from bot.core.exported import Names
from bot.demo.discord_text import from_now
from bot.exporters.discord_tokens import shown_moment
from bot.exporters.post_html import PostHtml
from sandbox.state import SandboxAttachment, SandboxMessage
from sandbox.wire import JsonObject
from tests.pictures.sent import Scene

_Attributes = Mapping[str, str | bool | None]

_COLOURS = ("#5865f2", "#3ba55c", "#c27c0e", "#eb459e", "#747f8d", "#1abc9c", "#992d22")
_BUTTON_KINDS = {1: "primary", 2: "secondary", 3: "success", 4: "destructive", 5: "secondary"}
_BUTTON, _SELECT = 2, 3
_PICTURE_WIDTH = 480

# Files show every time as a date; Discord counts these from the present.
_RELATIVE_TIME = re.compile(r"<t:(\d+):R>")

# Discord shows a blank line as one, a page as the space between paragraphs.
_BLANK = Markup('<div class="blank"></div>')

# What the components draw is theirs; this is how the texts within them look in Discord.
_STYLE = """
body { margin: 0; font: 16px "gg sans", "Noto Sans", "DejaVu Sans", sans-serif; width: 760px; }
p { margin: 0; }
.blank { height: 1.375em; }
p.subtext { font-size: 13px; color: #949ba4; }
h3, h4, h5 { margin: 8px 0 4px; font-size: 1.1em; }
blockquote { margin: 0; padding: 0 0 0 12px; border-left: 4px solid #4e5058; }
a { color: #00a8fc; text-decoration: none; }
time { background: #ffffff0f; border-radius: 3px; padding: 0 2px; }
.mention { color: #c9cdfb; background: #5865f24d; border-radius: 3px; padding: 0 2px; }
.spoiler input { display: none; }
.spoiler span { background: #202225; border-radius: 3px; }
.spoiler span, .spoiler span * { color: transparent; }
code { background: #1e1f22; padding: 0 4px; border-radius: 3px; }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style>
<script type="importmap">{{"imports": {{
  "@skyra/discord-components-core": "/@skyra/discord-components-core/dist/index.js",
  "@lit/context": "/@lit/context/index.js",
  "@lit/reactive-element": "/@lit/reactive-element/reactive-element.js",
  "@lit/reactive-element/": "/@lit/reactive-element/",
  "lit": "/lit/index.js", "lit/": "/lit/",
  "lit-element": "/lit-element/index.js", "lit-element/": "/lit-element/",
  "lit-html": "/lit-html/lit-html.js", "lit-html/": "/lit-html/"
}}}}</script>
<script type="module">
import "@skyra/discord-components-core";
for (const each of document.querySelectorAll("time")) {{
  each.textContent = each.textContent.replace(/ UTC$/, "");
}}
document.documentElement.dataset.drawn = "yes";
</script></head><body>{body}</body></html>
"""


@dataclass(frozen=True, slots=True)
class _Texts:
    """Reads the texts of a message that is looked at when it has just come."""

    reader: PostHtml
    now: datetime

    def markdown(self, text: str) -> Markup:
        return self.reader.markdown(_RELATIVE_TIME.sub(self._from_now, text))

    def _from_now(self, stamp: re.Match[str]) -> str:
        return from_now(datetime.fromtimestamp(int(stamp[1]), UTC) - self.now)


def discord_page(scene: Scene, names: dict[int, str]) -> str:
    """Give the HTML of a scene; the scripts it asks for lie under `/`, as npm installs them."""
    reader = PostHtml(Names(users=names, channels=names))
    *before, last = scene.messages
    messages = [_message(message, _Texts(reader, message.created_at)) for message in before]
    texts = _Texts(reader, last.created_at)
    messages.append(_message(last, texts, scene.who, scene.command))
    body = _element("discord-messages", {}, messages)
    return _PAGE.format(title=escape(scene.name), style=_STYLE, body=body)


def _message(message: SandboxMessage, texts: _Texts, who: str = "", command: str = "") -> Markup:
    parts = [_text(message.content, texts)]
    if command:
        used = {"slot": "reply", "author": who, "command": command, "avatar": _avatar(who)}
        parts.append(_element("discord-command", used))
    parts += [_embed(embed, texts) for embed in message.embeds]
    pictures = [_picture(attached) for attached in message.attachments]
    if pictures:
        parts.append(_element("discord-attachments", {"slot": "attachments"}, pictures))
    rows = [_row(row["components"]) for row in message.components]
    if rows:
        parts.append(_element("discord-attachments", {"slot": "components"}, rows))
    about: _Attributes = {
        "author": message.author_name,
        "avatar": _avatar(message.author_name),
        "timestamp": shown_moment(message.created_at).removesuffix(" UTC"),
        "bot": message.author.bot,
        "ephemeral": message.ephemeral,
        "twenty-four": True,
    }
    return _element("discord-message", about, parts)


def _text(markdown: str, texts: _Texts) -> Markup:
    """Give a text of which no block reaches across a blank line."""
    return _BLANK.join(map(texts.markdown, markdown.split("\n\n")))


def _embed(embed: JsonObject, texts: _Texts) -> Markup:
    parts = []
    if "description" in embed:
        description = _text(embed["description"], texts)
        parts.append(_element("discord-embed-description", {"slot": "description"}, [description]))
    fields = list(_fields(embed.get("fields", ()), texts))
    if fields:
        parts.append(_element("discord-embed-fields", {"slot": "fields"}, fields))
    if "footer" in embed:
        footer = [escape(embed["footer"]["text"])]
        parts.append(_element("discord-embed-footer", {"slot": "footer"}, footer))
    about = {
        "slot": "embeds",
        "embed-title": texts.markdown(embed.get("title", "")).striptags(),
        "url": embed.get("url"),
        "color": f"#{embed['color']:06x}" if embed.get("color") is not None else None,
    }
    return _element("discord-embed", about, parts)


def _fields(fields: Iterable[JsonObject], texts: _Texts) -> Iterator[Markup]:
    """Give the fields; Discord sets those within the line three to a row."""
    column = 0
    for field in fields:
        column = column % 3 + 1 if field.get("inline") else 0
        about: _Attributes = {
            "field-title": texts.markdown(field["name"]).striptags(),
            "inline": bool(column),
            "inline-index": str(column) if column else None,
        }
        yield _element("discord-embed-field", about, [_text(field["value"], texts)])


def _row(items: Sequence[JsonObject]) -> Markup:
    return _element("discord-action-row", {}, map(_item, items))


def _item(item: JsonObject) -> Markup:
    is_disabled = bool(item.get("disabled"))
    if item["type"] == _SELECT:
        about = {"placeholder": item.get("placeholder"), "disabled": is_disabled}
        return _element("discord-string-select-menu", about)
    if item["type"] != _BUTTON:
        raise ValueError(f"not drawn yet: a component of type {item['type']}")
    about = {"type": _BUTTON_KINDS[item["style"]], "disabled": is_disabled, "url": item.get("url")}
    return _element("discord-button", about, [escape(item.get("label", ""))])


def _picture(attached: SandboxAttachment) -> Markup:
    image = {
        "src": _data_address("image/png", attached.content),
        "alt": attached.description,
        "style": f"width: {_PICTURE_WIDTH}px",
    }
    return Markup("<img{}>").format(_attributes(image))


def _avatar(name: str) -> str:
    """Draw a disc with the first letter: Discord's own pictures are not to be had offline."""
    colour = _COLOURS[sum(map(ord, name)) % len(_COLOURS)]
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" fill="{colour}"/><text x="20" y="27" font-size="20"'
        f' font-family="sans-serif" fill="#fff" text-anchor="middle">{escape(name[:1])}'
        "</text></svg>"
    )
    return _data_address("image/svg+xml", picture.encode())


def _data_address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _element(tag: str, attributes: _Attributes, content: Iterable[Markup] = ()) -> Markup:
    inside = Markup().join(content)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, _attributes(attributes), inside)


def _attributes(attributes: _Attributes) -> Markup:
    """Give the attributes that say something; True stands for one without a value."""
    said = ((name, "" if value is True else value) for name, value in attributes.items() if value)
    return Markup().join(Markup(' {}="{}"').format(name, value) for name, value in said)
