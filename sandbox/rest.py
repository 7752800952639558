"""One REST call: read, authenticated, answered and logged as Discord does."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from sandbox.errors import SandboxRefused, refused
from sandbox.limits import MAX_FILE_BYTES, invalid
from sandbox.state import SandboxAttachment
from sandbox.wire import decode, encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.faults import Faults
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

_log = logging.getLogger(__name__)

PREFIX = "/api/v10"


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """A request the bot made: `path` without the API's prefix, `status` as answered."""

    method: str
    path: str
    status: int
    body: Json
    query: dict[str, str]


class Call:
    """What a route's handler is given."""

    def __init__(self, world: World, request: web.Request) -> None:
        self.world = world
        self._request = request
        self.body: JsonObject = {}
        self.json: Json = None
        self.files: dict[int, SandboxAttachment] = {}

    def id(self, name: str) -> int:
        """Return the id in the path; what is no number is refused (50035)."""
        text = self._request.match_info[name]
        if not text.isdecimal() or int(text) >= 1 << 63:
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return int(text)

    def optional_id(self, name: str) -> int | None:
        """Return the id in the path, or None for a route without it."""
        return self.id(name) if name in self._request.match_info else None

    def text(self, name: str) -> str:
        """Return a part of the path as it was written."""
        return self._request.match_info[name]

    def optional_text(self, name: str) -> str | None:
        """Return a part of the path, or None for a route without it."""
        return self._request.match_info.get(name)

    def query(self, name: str) -> str | None:
        """Return a query parameter."""
        return self._request.query.get(name)

    def query_flag(self, name: str) -> bool:
        """Return a boolean query parameter ("Reference", section "Boolean Query Strings")."""
        return self._request.query.get(name, "").lower() in ("true", "1")

    def query_id(self, name: str) -> int | None:
        """Return a snowflake in the query, or None when it is not there."""
        text = self._request.query.get(name)
        if text is None:
            return None
        if not text.isdecimal():
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return int(text)

    def query_moment(self, name: str) -> datetime | None:
        """Return an ISO 8601 time in the query, aware (UTC unless it says); None without it."""
        text = self._request.query.get(name)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise invalid((name,), "DATE_TIME_TYPE_PARSE", "Not ISO8601.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def query_limit(self, default: int, most: int, least: int = 1) -> int:
        """Return `limit`, refusing what is outside `least`..`most` (50035)."""
        text = self._request.query.get("limit")
        if text is None:
            return default
        if not text.isdecimal():
            raise invalid(("limit",), "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
        if not least <= int(text) <= most:
            bound = "greater" if int(text) < least else "less"
            code = "NUMBER_TYPE_MIN" if int(text) < least else "NUMBER_TYPE_MAX"
            limit = least if int(text) < least else most
            raise invalid(
                ("limit",), code, f"int value should be {bound} than or equal to {limit}."
            )
        return int(text)

    async def read(self) -> None:
        """Read the body: JSON, or multipart with `payload_json` and `files[n]`.

        "Reference", section "Uploading Files". Raises 50109 for what is not JSON, 40005 for a
        file over 10 MiB.
        """
        request = self._request
        if request.content_type.startswith("multipart/"):
            await self._read_multipart()
        elif request.can_read_body:
            self._take_json(await request.read())

    def _take_json(self, text: bytes) -> None:
        if not text:
            return
        try:
            self.json = decode(text)
        except ValueError:
            raise refused(50109) from None
        if isinstance(self.json, dict):
            self.body = self.json

    async def _read_multipart(self) -> None:
        reader = await self._request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise refused(50109)
            name = part.name or ""
            content = bytes(await part.read())
            if name == "payload_json":
                self._take_json(content)
            elif name.startswith("files[") and name.endswith("]"):
                if len(content) > MAX_FILE_BYTES:
                    raise refused(40005)
                filename = part.filename or "unknown"
                kind = part.headers.get("Content-Type")
                kind = None if kind == "application/octet-stream" else kind
                self.files[int(name[6:-1])] = SandboxAttachment(filename, content, kind)


@dataclass(frozen=True, slots=True)
class Route:
    """A route: `path` as the API documents it, `public` when no bot token is asked for."""

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Json]]
    public: bool = False

    @property
    def bucket(self) -> str:
        """The rate limit bucket's name."""
        return hashlib.sha256(f"{self.method} {self.path}".encode()).hexdigest()[:32]


class Rest:
    """Serves the routes, with faults, rate limits, the log and the 501 for what is missing."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.requests: list[SandboxRequest] = []
        self.unknown_routes: list[tuple[str, str]] = []
        self.failures: list[Exception] = []

    def install(self, app: web.Application, routes: list[Route]) -> None:
        """Add the routes to the application; every other path of the API answers 501."""
        for route in routes:
            app.router.add_route(route.method, PREFIX + route.path, self._serving(route))
        app.router.add_route("*", "/api/{rest:.*}", self._unknown)

    def _serving(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = Call(self._world, request)
            path = request.path.removeprefix(PREFIX)
            try:
                response = await self._answer(route, call, request, path)
            except Exception as error:  # noqa: BLE001 - answered so that no client retries it
                response = self._broken(request, error)
            query = dict(request.query)
            body = call.json
            self.requests.append(SandboxRequest(request.method, path, response.status, body, query))
            return response

        return serve

    async def _answer(
        self, route: Route, call: Call, request: web.Request, path: str
    ) -> web.StreamResponse:
        headers = self._faults.headers(route, path)
        try:
            await call.read()
            fault = self._faults.take(route, path)
            if fault is not None and fault.before is not None:
                return await fault.before(request)
            if fault is not None and fault.held is not None:
                await fault.held.wait()
            if not route.public:
                self._check_token(request)
            result = await route.handler(call)
            if fault is not None and fault.after is not None:
                return await fault.after(request)
        except SandboxRefused as error:
            return _json_response(error.status, error.payload(), headers)
        if result is None:
            return web.Response(status=204, headers=headers)
        return _json_response(200, result, headers)

    def _broken(self, request: web.Request, error: Exception) -> web.StreamResponse:
        """Answer a request the sandbox cannot deal with: 501, which clients do not repeat."""
        _log.error("%s %s broke the sandbox", request.method, request.path, exc_info=error)
        self.failures.append(error)
        return _json_response(501, {"code": 0, "message": f"the sandbox broke: {error!r}"}, {})

    def _check_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._world.token}":
            raise SandboxRefused(401, 0, "401: Unauthorized")

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        self.unknown_routes.append((request.method, path))
        self.requests.append(SandboxRequest(request.method, path, 501, None, dict(request.query)))
        text = f"the sandbox has no route {request.method} {path}"
        return _json_response(501, {"code": 0, "message": text}, {})

    @property
    def invalid_requests(self) -> int:
        """How many answers were 401, 403 or 429: 10,000 in ten minutes ban an address."""
        return sum(1 for r in self.requests if r.status in (401, 403, 429))


def _json_response(status: int, body: Json, headers: dict[str, str]) -> web.Response:
    # Clients compare the content type with "application/json", without a charset.
    content_type = {"Content-Type": "application/json"}
    return web.Response(status=status, body=encode(body), headers={**headers, **content_type})
