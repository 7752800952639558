"""Answers to interactions that Discord does not take, sent raw to a sandbox without a client."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Choice, Sandbox
from sandbox.state import Pinged
from tests.sandbox.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.answers import Answer

COMMAND = {
    "name": "find",
    "description": "Find a book",
    "options": [
        {"type": 3, "name": "title", "description": "Its title", "autocomplete": True},
        {"type": 4, "name": "year", "description": "Its year", "autocomplete": True},
    ],
}
FIELD = {"type": 4, "custom_id": "why", "label": "Why", "style": 1}
FORM: dict[str, Any] = {
    "custom_id": "form",
    "title": "A book",
    "components": [{"type": 1, "components": [FIELD]}],
}


class Asked:
    """A person's interaction that waits for its answer; the test is the bot."""

    def __init__(self, sandbox: Sandbox, call: Caller) -> None:
        self._sandbox = sandbox
        self._call = call

    async def answer(self, kind: int, data: dict[str, Any]) -> tuple[int, Any]:
        (interaction,) = self._sandbox.world.interactions.values()
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return await self._call("POST", path, {"type": kind, "data": data})


@pytest_asyncio.fixture(loop_scope="session")
async def lonely() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def raw(lonely: Sandbox) -> AsyncIterator[Caller]:
    headers = {"Authorization": f"Bot {lonely.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        caller = Caller(lonely, session)
        place = f"/applications/{lonely.application.id}/commands"
        assert (await caller("PUT", place, [COMMAND]))[0] == 200
        yield caller


@asynccontextmanager
async def typing(
    sandbox: Sandbox, call: Caller, option: str
) -> AsyncIterator[tuple[Asked, asyncio.Task[list[Choice]]]]:
    guild = await sandbox.create_guild("Readers")
    ann = await guild.add_member("Ann")
    text = await guild.create_text_channel("books")
    task = asyncio.create_task(ann.autocomplete(text, "find", option, "1"))
    await asyncio.sleep(0)
    yield Asked(sandbox, call), task
    await task


@asynccontextmanager
async def asking(
    sandbox: Sandbox, call: Caller
) -> AsyncIterator[tuple[Asked, asyncio.Task[Answer]]]:
    guild = await sandbox.create_guild("Readers")
    ann = await guild.add_member("Ann")
    text = await guild.create_text_channel("books")
    task = asyncio.create_task(ann.slash(text, "find"))
    await asyncio.sleep(0)
    yield Asked(sandbox, call), task
    await task


def choices(*values: Any) -> dict[str, Any]:
    return {"choices": [{"name": f"n{v}"[:90], "value": v} for v in values]}


@pytest.mark.parametrize(
    ("option", "offered"),
    [
        ("title", choices(*[str(n) for n in range(26)])),
        ("title", choices("x" * 101)),
        ("title", choices(1813)),
        ("year", choices("1813")),
        ("title", {"choices": [{"name": "x" * 101, "value": "x"}]}),
        ("title", {"choices": [{"name": "", "value": "x"}]}),
    ],
)
async def test_suggestions_that_do_not_fit_their_option_are_refused(
    lonely: Sandbox, raw: Caller, option: str, offered: dict[str, Any]
) -> None:
    async with typing(lonely, raw, option) as (asked, task):
        status, answer = await asked.answer(8, offered)
        assert (status, answer["code"]) == (400, 50035)
        assert (await asked.answer(8, {"choices": []}))[0] == 204
    assert task.result() == []


async def test_twenty_five_suggestions_of_a_hundred_characters_are_shown(
    lonely: Sandbox, raw: Caller
) -> None:
    most = [{"name": f"{n:0100}", "value": f"{n:0100}"} for n in range(25)]
    async with typing(lonely, raw, "title") as (asked, task):
        assert (await asked.answer(8, {"choices": most}))[0] == 204
    assert task.result() == [Choice(c["name"], c["value"]) for c in most]


@pytest.mark.parametrize(
    "form",
    [
        {**FORM, "title": "x" * 46},
        {**FORM, "custom_id": ""},
        {**FORM, "components": []},
        {**FORM, "components": FORM["components"] * 6},
        {**FORM, "components": FORM["components"] * 2},  # both fields are named "why"
        {**FORM, "components": [FIELD]},
        {**FORM, "components": [{"type": 1, "components": [{**FIELD, "label": "x" * 46}]}]},
        {**FORM, "components": [{"type": 1, "components": [{**FIELD, "value": "x" * 4001}]}]},
        {**FORM, "components": [{"type": 18, "label": "Why"}]},
        {**FORM, "components": [{"type": 18, "label": "Why", "component": {"type": 10}}]},
    ],
)
async def test_a_form_that_does_not_fit_is_refused(
    lonely: Sandbox, raw: Caller, form: dict[str, Any]
) -> None:
    async with asking(lonely, raw) as (asked, task):
        status, answer = await asked.answer(9, form)
        assert (status, answer["code"]) == (400, 50035)
        assert (await asked.answer(9, FORM))[0] == 204
    assert task.result().modal == FORM


async def test_an_answer_of_the_wrong_kind_is_refused_and_a_second_one_too(
    lonely: Sandbox, raw: Caller
) -> None:
    async with asking(lonely, raw) as (asked, task):
        for kind in (1, 6, 7, 8):
            status, answer = await asked.answer(kind, {"content": "x"})
            assert (status, answer["code"]) == (400, 50035)
        assert (await asked.answer(4, {"content": "first"}))[0] == 204
        status, answer = await asked.answer(4, {"content": "second"})
        assert (status, answer["code"]) == (400, 40060)
    assert task.result().content == "first"


async def test_an_answer_that_does_not_say_whom_pings_people_and_nothing_more(
    lonely: Sandbox, raw: Caller
) -> None:
    async with asking(lonely, raw) as (asked, task):
        (guild,) = lonely.world.guilds.values()
        role = await guild.create_role("Readers", mentionable=True)
        content = f"@everyone {role.mention} {guild.owner.mention}"
        await asked.answer(4, {"content": content})
    pinged = task.result().message.pinged
    assert pinged == Pinged(users=frozenset({guild.owner.id}))
