"""Faults to inject: refusals, lost answers, rate limits, silence."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aiohttp import web

from sandbox.errors import refused
from sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sandbox.errors import SandboxRefused
    from sandbox.rest import Route

    Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NAMES = re.compile(r"\{[^}]*\}")
_WEBHOOK_ROUTE = "/webhooks/{webhook_id}/{webhook_token}"
# Not documented, but well known and sent in headers: 5 executions in 2 s for each webhook.
WEBHOOK_LIMIT = 5
WEBHOOK_WINDOW_S = 2.0
_GENEROUS_LIMIT = 1_000_000


class Held:
    """A request that waits at the door: `came` is set when it is there."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self._let_in = asyncio.Event()

    def let_in(self) -> None:
        """Let the request take effect, now or as soon as it comes."""
        self._let_in.set()

    async def wait(self) -> None:
        """Wait, as the request, to be let in."""
        self.came.set()
        await self._let_in.wait()


@dataclass(slots=True)
class Fault:
    """One planned fault: answers `before` or `after` the request takes effect, `times` times.

    The first `passing` requests it could meet are left alone. One that is `held` takes effect
    when it is let in.
    """

    method: str
    path: str
    times: int
    before: Answer | None = None
    after: Answer | None = None
    held: Held | None = None
    passing: int = 0


class Faults:
    """What goes wrong next. A path is Discord's with `{}` for each id, or one with real ids."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._patterns = [(route.method, _pattern(route)) for route in routes]
        self._planned: list[Fault] = []
        self.real_rate_limits = False
        self._executions: dict[str, deque[float]] = {}

    def fail(self, method: str, path: str, *, status: int = 500, times: int = 1) -> None:
        """Answer `status` before the request takes effect."""
        self._plan(Fault(method, path, times, before=_failing(status)))

    def refuse(self, method: str, path: str, code: int, *, times: int = 1) -> None:
        """Refuse the request as Discord would with this code, such as 40003 for DMs too fast."""
        self._plan(Fault(method, path, times, before=_refusing(refused(code))))

    def lose_answer(
        self, method: str, path: str, *, status: int = 502, times: int = 1, after: int = 0
    ) -> None:
        """Let the request take effect, then answer `status`; not yet to the first `after`."""
        self._plan(Fault(method, path, times, after=_failing(status), passing=after))

    def hold(self, method: str, path: str, *, after: int = 0) -> Held:
        """Let one request wait, not yet one of the first `after`, and give it."""
        held = Held()
        self._plan(Fault(method, path, 1, held=held, passing=after))
        return held

    def rate_limit(
        self,
        method: str,
        path: str,
        *,
        retry_after: float = 0.3,
        times: int = 1,
        scope: Literal["user", "global", "shared"] = "user",
    ) -> None:
        """Answer 429: wait `retry_after` seconds ("Rate Limits")."""
        answer = _limiting(retry_after, scope)
        self._plan(Fault(method, path, times, before=answer))

    def hang(self, method: str, path: str, *, seconds: float = 0.1, times: int = 1) -> None:
        """Never answer: drop the connection after `seconds`."""
        self._plan(Fault(method, path, times, before=_hanging(seconds)))

    def _plan(self, fault: Fault) -> None:
        """Plan a fault; ValueError when no route could ever meet it."""
        known = any(m == fault.method and p.fullmatch(fault.path) for m, p in self._patterns)
        if not known:
            raise ValueError(f"there is no route {fault.method} {fault.path}")
        self._planned.append(fault)

    def clear(self) -> None:
        """Plan nothing any more."""
        self._planned.clear()

    def take(self, route: Route, path: str) -> Fault | None:
        """Return the fault planned for this request, using it up once."""
        limited = self._webhook_limit(route, path)
        if limited is not None:
            return limited
        template = _NAMES.sub("{}", route.path)
        for fault in self._planned:
            if fault.method == route.method and _NAMES.sub("{}", fault.path) in (template, path):
                if fault.passing > 0:
                    fault.passing -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                return fault
        return None

    def headers(self, route: Route, path: str) -> dict[str, str]:
        """Return the X-RateLimit-* headers: generous, but for webhooks when asked to be real."""
        limit, used, window = _GENEROUS_LIMIT, 1, 1.0
        if self._limits_webhook(route):
            limit, window = WEBHOOK_LIMIT, WEBHOOK_WINDOW_S
            # This request is counted when it is taken, after its headers are made.
            used = min(limit, len(self._recent(path)) + 1)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - used),
            "X-RateLimit-Reset": f"{time.time() + window:.3f}",
            "X-RateLimit-Reset-After": f"{window:.3f}",
            "X-RateLimit-Bucket": route.bucket,
            "Via": "1.1 sandbox",
        }

    def _limits_webhook(self, route: Route) -> bool:
        return self.real_rate_limits and route.method == "POST" and route.path == _WEBHOOK_ROUTE

    def _recent(self, path: str) -> deque[float]:
        recent = self._executions.setdefault(path, deque())
        while recent and recent[0] < time.monotonic() - WEBHOOK_WINDOW_S:
            recent.popleft()
        return recent

    def _webhook_limit(self, route: Route, path: str) -> Fault | None:
        if not self._limits_webhook(route):
            return None
        recent = self._recent(path)
        if len(recent) >= WEBHOOK_LIMIT:
            wait = WEBHOOK_WINDOW_S - (time.monotonic() - recent[0])
            return Fault(route.method, path, 1, before=_limiting(wait, "user"))
        recent.append(time.monotonic())
        return None


def _pattern(route: Route) -> re.Pattern[str]:
    steps = ["[^/]+" if _NAMES.fullmatch(s) else re.escape(s) for s in route.path.split("/")]
    return re.compile("/".join(steps))


def _failing(status: int) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        body = encode({"message": f"{status}: injected by the sandbox", "code": 0})
        return web.Response(status=status, body=body, headers={"Content-Type": "application/json"})

    return answer


def _refusing(refusal: SandboxRefused) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        body, headers = encode(refusal.payload()), {"Content-Type": "application/json"}
        return web.Response(status=refusal.status, body=body, headers=headers)

    return answer


def _limiting(retry_after: float, scope: str) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        wait = round(max(retry_after, 0.001), 3)
        everywhere = scope == "global"
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": everywhere}
        headers = {
            "Content-Type": "application/json",
            "Retry-After": str(wait),
            "X-RateLimit-Scope": scope,
            # discord.py takes a 429 without it for a ban by the content network.
            "Via": "1.1 sandbox",
        }
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        return web.Response(status=429, body=encode(body), headers=headers)

    return answer


def _hanging(seconds: float) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)

    return answer
