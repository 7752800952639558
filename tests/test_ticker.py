from __future__ import annotations

import asyncio
import logging

import pytest

from bot.ticker import open_ticker

SOON = 0.01


async def test_a_job_is_run_again_and_again_though_it_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs = 0
    thrice = asyncio.Event()

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            thrice.set()
        raise ValueError("not today")

    async with open_ticker() as ticker:
        ticker.every(SOON, job, name="failing")
        async with asyncio.timeout(5):
            await thrice.wait()
    assert "'failing' failed" in caplog.text
    assert "not today" in caplog.text


async def test_one_run_of_a_job_ends_before_the_next_begins() -> None:
    under_way = most = runs = 0
    enough = asyncio.Event()

    async def job() -> None:
        nonlocal under_way, most, runs
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(5 * SOON)
        under_way -= 1
        runs += 1
        if runs == 3:
            enough.set()

    async with open_ticker() as ticker:
        ticker.every(SOON, job, name="slow")
        async with asyncio.timeout(5):
            await enough.wait()
    assert most == 1


async def test_a_run_under_way_ends_before_the_ticker_does(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    ended = False

    async def job() -> None:
        nonlocal ended
        begun.set()
        await may_end.wait()
        ended = True

    with caplog.at_level(logging.WARNING):
        async with open_ticker() as ticker:
            ticker.every(SOON, job, name="last")
            async with asyncio.timeout(5):
                await begun.wait()
            asyncio.get_running_loop().call_later(SOON, may_end.set)
    assert ended
    assert not caplog.records


async def test_a_stopped_job_is_not_run_again() -> None:
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()

    async with open_ticker() as ticker:
        ticker.every(SOON, job, name="once")
        async with asyncio.timeout(5):
            await begun.wait()
        ticker.stop("once")
        begun.clear()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10 * SOON):
                await begun.wait()
