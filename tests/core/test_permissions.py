from urllib.parse import parse_qs, urlsplit

import discord

from bot.core.permissions import (
    INTENT_MESSAGE_CONTENT,
    REQUIRED,
    invite_link,
    invite_permissions,
    missing,
)


def test_every_permission_has_the_name_and_the_bit_that_discord_gives_it() -> None:
    for permission in REQUIRED:
        assert discord.Permissions.VALID_FLAGS[permission.name] == permission.bit


def test_the_invite_asks_for_the_table_and_never_for_administrator() -> None:
    asked = discord.Permissions(invite_permissions())
    assert asked == discord.Permissions(**dict.fromkeys([one.name for one in REQUIRED], True))
    assert not asked.administrator


def test_what_is_missing_is_what_was_not_granted() -> None:
    assert missing(invite_permissions()) == ()
    assert missing(discord.Permissions.all().value) == ()
    asked_of_a_channel = [one for one in REQUIRED if one.name != "send_messages"]
    assert missing(0) == tuple(asked_of_a_channel), "where nobody may write, the bot need not"
    without = discord.Permissions(invite_permissions())
    without.update(manage_webhooks=False, send_polls=True)
    assert [one.label for one in missing(without.value)] == ["Manage Webhooks"]


def test_every_permission_says_what_it_is_for_and_where_to_switch_it_on() -> None:
    for one in REQUIRED:
        assert all((one.label, one.feature, one.without_it, one.where))
    assert "Message Content Intent" in INTENT_MESSAGE_CONTENT
    assert "https://discord.com/developers/applications" in INTENT_MESSAGE_CONTENT


def test_the_invite_link_adds_the_bot_and_its_commands() -> None:
    address = urlsplit(invite_link(123))
    assert (address.netloc, address.path) == ("discord.com", "/oauth2/authorize")
    assert parse_qs(address.query) == {
        "client_id": ["123"],
        "scope": ["bot applications.commands"],
        "permissions": [str(invite_permissions())],
    }
