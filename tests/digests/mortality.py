"""Ends a piece of the program at any of its steps, as a kill would, and all that it began.

A step is what runs between two awaits that really wait. At the fatal one every task of the piece
gets an error that nothing catches; what is cleaned up then is what a process leaves that dies:
SQLite rolls back what was not committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any


class Killed(BaseException):
    """The process has ended here."""


class Fate:
    """Counts the steps of a piece of the program; at `fatal_step` it ends."""

    def __init__(self, fatal_step: int) -> None:
        self._fatal_step = fatal_step
        self.steps = 0

    @property
    def is_sealed(self) -> bool:
        """Whether the fatal step has come."""
        return self.steps >= self._fatal_step

    def pass_step(self) -> None:
        self.steps += 1


_fate: ContextVar[Fate | None] = ContextVar("fate", default=None)


class _Mortal(Coroutine[Any, Any, Any]):
    """A coroutine that is killed at the first step after its fate is sealed."""

    def __init__(self, inner: Coroutine[Any, Any, Any], fate: Fate) -> None:
        self._inner = inner
        self._fate = fate
        self._is_killed = False

    def send(self, value: Any) -> Any:
        self._fate.pass_step()
        if self._fate.is_sealed and not self._is_killed:
            self._is_killed = True
            return self._inner.throw(Killed())
        return self._inner.send(value)

    def throw(
        self,
        kind: Any,
        value: Any = None,
        traceback: TracebackType | None = None,
    ) -> Any:
        del value, traceback
        return self._inner.throw(kind)

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._inner.__await__()


@contextmanager
def mortal_tasks() -> Iterator[None]:
    """Let tasks that a mortal piece begins share its fate; those of others are as ever."""
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()

    def make_task(
        loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **how: Any
    ) -> asyncio.Task[Any]:
        fate = _fate.get()
        if fate is not None and not fate.is_sealed:
            coroutine = _Mortal(coroutine, fate)
        return asyncio.Task(coroutine, loop=loop, **how)

    loop.set_task_factory(make_task)  # type: ignore[arg-type]  # the stubs know generators alone
    try:
        yield
    finally:
        loop.set_task_factory(before)


async def run_until_killed(work: Coroutine[Any, Any, Any], fatal_step: int) -> bool:
    """Run a piece of the program within `mortal_tasks`; say if it was killed before its end."""
    fate = Fate(fatal_step)
    token = _fate.set(fate)
    try:
        task = asyncio.create_task(work, name="a piece of the program")
    finally:
        _fate.reset(token)
    await asyncio.wait({task})
    if not task.cancelled():
        error = task.exception()
        assert error is None or isinstance(error, (Killed, BaseExceptionGroup)), error
    return fate.is_sealed
