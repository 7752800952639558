"""What Discord refuses, with its code and its tree of errors; sent raw, as no library would."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from sandbox import SandboxClock, SandboxRefused
from sandbox.embed_limits import read_embeds
from sandbox.limits import MAX_FILE_BYTES, Problems
from sandbox.message_rights import LATE_EDITS

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import Caller


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **fields}


def row(*components: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": list(components)}]


def select(options: list[dict[str, Any]], **fields: Any) -> list[dict[str, Any]]:
    return row({"type": 3, "custom_id": "s", "options": options, **fields})


def at(errors: dict[str, Any], path: str) -> list[str]:
    """Return the codes of the problems noted at a path."""
    for step in path.split("."):
        errors = errors[step]
    return [problem["code"] for problem in errors["_errors"]]


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
            "embeds.0.fields.0.value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"embeds": [{"fields": [{"name": " \n", "value": "x"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"content": "x", "sticker_ids": ["1", "2", "3", "4"]},
            "sticker_ids",
            "BASE_TYPE_MAX_LENGTH",
        ),
        ({"embeds": [{"title": "x", "url": "no"}]}, "embeds.0.url", "URL_TYPE_INVALID_URL"),
        ({"embeds": [{"title": "x", "color": 1 << 24}]}, "embeds.0.color", "NUMBER_TYPE_MAX"),
        (
            {"embeds": [{"title": "x", "timestamp": "yesterday"}]},
            "embeds.0.timestamp",
            "DATE_TIME_TYPE_PARSE",
        ),
        ({"content": "x", "nonce": True}, "nonce", "NONCE_TYPE_INVALID"),
        ({"content": "x", "nonce": "9" * 26}, "nonce", "NONCE_TYPE_TOO_LONG"),
        (
            {"components": row(button(custom_id="x" * 101))},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": row(button(label="x" * 81))},
            "components.0.components.0.label",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"components": row(button(), button())},
            "components",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"components": row(*[button(custom_id=str(n)) for n in range(6)])},
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": select([{"label": str(n), "value": str(n)} for n in range(26)])},
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": select([{"label": "a", "value": "v"}, {"label": "b", "value": "v"}])},
            "components.0.components.0.options.1.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"components": [{"type": 10, "content": "y"}]}, "components.0.type", "BASE_TYPE_CHOICES"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_an_invalid_message_is_refused_with_the_fields_error(
    call: Caller, text: SandboxChannel, body: dict[str, Any], path: str, code: str
) -> None:
    status, answer = await call("POST", f"/channels/{text.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    assert code in at(answer["errors"], path)
    assert text.messages == ()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/channels/{text}/messages", {}, 400, 50006),
        ("POST", "/channels/{text}/messages", {"content": " \n "}, 400, 50006),
        ("POST", "/channels/{text}/messages", {"embeds": [{"type": "article"}]}, 400, 50006),
        ("GET", "/channels/{text}/messages?before=2&after=1", None, 400, 50035),
        ("POST", "/channels/{forum}/messages", {"content": "x"}, 400, 40058),
        ("POST", "/channels/1/messages", {"content": "x"}, 404, 10003),
        ("GET", "/channels/{text}/messages/1", None, 404, 10008),
        ("GET", "/channels/{text}/messages?limit=101", None, 400, 50035),
        ("GET", "/channels/abc", None, 400, 50035),
        ("GET", "/guilds/1", None, 404, 10004),
        ("GET", "/guilds/{guild}/members/1", None, 404, 10013),
        ("GET", "/guilds/{guild}/members?limit=10", None, 403, 50001),
        ("GET", "/users/1", None, 404, 10013),
        ("GET", "/webhooks/1", None, 404, 10015),
        ("POST", "/interactions/1/x/callback", {"type": 4}, 404, 10062),
        ("POST", "/channels/{text}/messages/bulk-delete", {"messages": ["1"]}, 400, 50016),
        ("POST", "/channels/{text}/messages/bulk-delete", {"messages": ["1", "2"]}, 400, 50034),
        ("POST", "/channels/{text}/threads", {"name": "", "type": 11}, 400, 50035),
        ("POST", "/channels/{text}/threads", {"name": "x" * 101, "type": 11}, 400, 50035),
        (
            "POST",
            "/channels/{text}/threads",
            {"name": "x", "type": 11, "auto_archive_duration": 61},
            400,
            50035,
        ),
        ("POST", "/channels/{forum}/threads", {"name": "x"}, 400, 50035),
        ("POST", "/channels/{text}/threads", {"name": " \n ", "type": 11}, 400, 50035),
        ("POST", "/channels/{text}/webhooks", {"name": "Clyde"}, 400, 50035),
        ("POST", "/channels/{text}/webhooks", {"name": "   "}, 400, 50035),
        ("POST", "/channels/{text}/messages", {"content": "x", "tts": True}, 403, 50013),
    ],
)
async def test_each_refusal_has_discords_status_and_code(
    call: Caller,
    guild: SandboxGuild,
    text: SandboxChannel,
    forum: SandboxChannel,
    method: str,
    path: str,
    body: Any,
    status: int,
    code: int,
) -> None:
    filled = path.format(text=text.id, forum=forum.id, guild=guild.id)
    answered, answer = await call(method, filled, body)
    assert (answered, answer["code"]) == (status, code)


async def test_a_body_that_is_no_json_is_refused(call: Caller, text: SandboxChannel) -> None:
    status, answer = await call("POST", f"/channels/{text.id}/messages", text="{")
    assert (status, answer["code"]) == (400, 50109)


async def test_another_persons_message_cannot_be_edited(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    message = await ann.post(text, "mine")
    path = f"/channels/{text.id}/messages/{message.id}"
    status, answer = await call("PATCH", path, {"content": "yours"})
    assert (status, answer["code"]) == (403, 50005)
    assert message.content == "mine"


async def test_a_system_message_that_stands_for_a_thread_cannot_be_deleted(
    call: Caller, ann: SandboxMember, text: SandboxChannel
) -> None:
    message = await ann.post(text, "let us discuss")
    thread = await ann.start_thread(text, "Discussion", message=message)
    status, answer = await call("DELETE", f"/channels/{thread.id}/messages/{thread.messages[0].id}")
    assert (status, answer["code"]) == (403, 50021)


async def test_a_nonce_sends_a_message_once(call: Caller, text: SandboxChannel) -> None:
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    _, first = await call("POST", f"/channels/{text.id}/messages", body)
    _, second = await call("POST", f"/channels/{text.id}/messages", body)
    assert first["id"] == second["id"]
    assert len(text.messages) == 1


async def test_a_reply_to_nothing_is_sent_bare_when_asked(
    call: Caller, text: SandboxChannel
) -> None:
    reference = {"message_id": "1", "fail_if_not_exists": False}
    body = {"content": "x", "message_reference": reference}
    status, answer = await call("POST", f"/channels/{text.id}/messages", body)
    assert status == 200
    assert answer["type"] == 0
    assert "message_reference" not in answer


async def test_an_old_message_takes_few_edits(
    sandbox: Sandbox, call: Caller, text: SandboxChannel
) -> None:
    _, sent = await call("POST", f"/channels/{text.id}/messages", {"content": "0"})
    sandbox.clock.advance(timedelta(hours=2))
    path = f"/channels/{text.id}/messages/{sent['id']}"
    for number in range(LATE_EDITS):
        assert (await call("PATCH", path, {"content": str(number)}))[0] == 200
    status, answer = await call("PATCH", path, {"content": "too often"})
    assert (status, answer["code"]) == (429, 30046)


def command(**fields: Any) -> dict[str, Any]:
    return {"name": "show", "description": "Show it", "type": 1, **fields}


def option(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "An option", **fields}


@pytest.mark.parametrize(
    ("commands", "path", "code"),
    [
        ([command(name="Show")], "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        ([command(name="x" * 33)], "0.name", "BASE_TYPE_BAD_LENGTH"),
        ([command(description="")], "0.description", "BASE_TYPE_REQUIRED"),
        ([command(description="x" * 101)], "0.description", "BASE_TYPE_BAD_LENGTH"),
        (
            [command(options=[option(f"o{n}") for n in range(26)])],
            "0.options",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            [command(options=[option("a"), option("b", required=True)])],
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            [command(options=[option("a", choices=[{"name": "x", "value": "y" * 101}])])],
            "0.options.0.choices.0.value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            [
                command(
                    options=[
                        option(
                            f"o{n}",
                            description="x" * 100,
                            choices=[{"name": "n" * 30, "value": "v" * 90}] * 3,
                        )
                        for n in range(25)
                    ]
                )
            ],
            "0",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
        ([command(), command()], "", "APPLICATION_COMMANDS_DUPLICATE_NAME"),
    ],
)
async def test_an_invalid_command_is_refused(
    sandbox: Sandbox,
    call: Caller,
    guild: SandboxGuild,
    commands: list[dict[str, Any]],
    path: str,
    code: str,
) -> None:
    place = f"/applications/{sandbox.application.id}/guilds/{guild.id}/commands"
    status, answer = await call("PUT", place, commands)
    assert (status, answer["code"]) == (400, 50035)
    problems = answer["errors"]["_errors"] if not path else None
    codes = [p["code"] for p in problems] if problems else at(answer["errors"], path)
    assert code in codes
    assert (await call("GET", place)) == (200, [])


async def test_too_many_commands_are_refused(
    sandbox: Sandbox, call: Caller, guild: SandboxGuild
) -> None:
    place = f"/applications/{sandbox.application.id}/guilds/{guild.id}/commands"
    many = [{"name": f"m{n}", "type": 3} for n in range(16)]
    status, answer = await call("PUT", place, many)
    assert (status, answer["code"]) == (400, 30032)


async def test_members_are_held_to_the_same_limits(
    ann: SandboxMember, forum: SandboxChannel, text: SandboxChannel
) -> None:
    with pytest.raises(SandboxRefused) as long:
        await ann.post(text, "x" * 2001)
    assert long.value.code == 50035
    with pytest.raises(SandboxRefused) as empty:
        await ann.post(text, "\N{NULL} ")
    assert empty.value.code == 50006
    with pytest.raises(SandboxRefused) as named:
        await ann.start_thread(forum, "x" * 101, "x")
    assert named.value.code == 50035


async def test_what_no_json_can_carry_is_stripped(
    ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "A\0 title\ud800", " \udfffA\0 text ")
    assert (thread.name, thread.messages[0].content) == ("A title", "A text")


async def test_what_breaks_the_sandbox_is_answered_and_kept(
    sandbox: Sandbox, call: Caller, text: SandboxChannel
) -> None:
    status, _ = await call("POST", f"/channels/{text.id}/messages", {"embeds": 5})
    assert status == 501
    assert isinstance(sandbox.failures.pop(), TypeError)


def test_white_space_around_an_embeds_texts_is_trimmed_and_not_counted() -> None:
    problems = Problems()
    embed = {"title": f" {'x' * 256} ", "description": "y" * 4096, "footer": {"text": "z\n"}}
    (kept,) = read_embeds([embed], problems)
    problems.raise_if_any()
    assert (kept["title"], kept["footer"]) == ("x" * 256, {"text": "z"})


def test_of_embeds_with_the_same_address_only_the_first_is_kept() -> None:
    page = {"url": "https://example.org/"}
    embeds = [{"title": "1", **page}, {"title": "2"}, {"title": "3", **page}, {"title": "4"}]
    assert [e["title"] for e in read_embeds(embeds, Problems())] == ["1", "2", "4"]


@pytest.mark.parametrize(("over", "status"), [(0, 200), (1, 413)])
async def test_a_file_over_ten_mebibytes_is_refused(
    sandbox: Sandbox, text: SandboxChannel, over: int, status: int
) -> None:
    form = aiohttp.FormData()
    form.add_field("files[0]", io.BytesIO(bytes(MAX_FILE_BYTES + over)), filename="export.json")
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{sandbox.api_url}/channels/{text.id}/messages", data=form) as response,
    ):
        assert response.status == status
        answer = await response.json()
    assert answer.get("code") == (40005 if over else None)
    assert len(text.messages) == (0 if over else 1)


def test_the_clock_only_moves_forward() -> None:
    clock = SandboxClock()
    before = clock.now()
    clock.advance(timedelta(days=7))
    assert clock.now() - before >= timedelta(days=7)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
