from __future__ import annotations

from datetime import UTC, datetime

from lxml import html

from sandbox.kinds import EPHEMERAL, FORUM
from sandbox.people import SandboxUser
from sandbox.state import SandboxChannel, SandboxMessage
from tests.pictures.discord_page import discord_page
from tests.pictures.sent import Scene

ANSWER = SandboxMessage(
    id=1,
    channel=SandboxChannel(2, FORUM, "novels", None),
    author=SandboxUser(3, "Marginalia", bot=True),
    content="Who is <@4>? <t:1763726700:R>\n\n<b>||Grace||",
    created_at=datetime(2026, 11, 22, 12, 5, tzinfo=UTC),
    flags=EPHEMERAL,
    embeds=[
        {
            "title": "Jane \\*Eyre\\*",
            "color": 0x8C5A3C,
            "fields": [
                {"name": name, "value": "1", "inline": name != "Book"}
                for name in ("Book", "A", "B", "C", "D")
            ],
        }
    ],
    components=[
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 1, "label": "Track", "disabled": True},
                {"type": 3, "placeholder": "Sort"},
            ],
        }
    ],
)


def test_what_was_sent_is_what_is_drawn() -> None:
    scene = Scene("panel", [ANSWER], "Odile", "/panel show")

    page = html.fromstring(discord_page(scene, {4: "Grace Poole"}))

    (message,) = page.iter("discord-message")
    assert (message.get("author"), message.get("timestamp")) == ("Marginalia", "22 Nov 2026, 12:05")
    assert message.get("bot") == message.get("ephemeral") == ""
    assert "Who is @Grace Poole? 1 year ago" in message.text_content()
    assert len(message.findall("div[@class='blank']")) == 1
    assert "<b>" in message.text_content()
    assert [each.text for each in message.iterfind(".//label[@class='spoiler']/span")] == ["Grace"]
    assert page.find(".//discord-command").get("command") == "/panel show"
    (embed,) = page.iter("discord-embed")
    assert (embed.get("embed-title"), embed.get("color")) == ("Jane *Eyre*", "#8c5a3c")
    assert [each.get("inline-index") for each in embed.iter("discord-embed-field")] == [
        *(None, "1", "2", "3", "1"),
    ]
    (button,) = page.iter("discord-button")
    assert (button.text, button.get("type"), button.get("disabled")) == ("Track", "primary", "")
    (select,) = page.iter("discord-string-select-menu")
    assert (select.get("placeholder"), select.get("disabled")) == ("Sort", None)
