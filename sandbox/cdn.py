"""Where the files that people give to commands are fetched, at addresses that expire.

API documentation, "Reference", section "Signed Attachment CDN URLs".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.state import SandboxAttachment
    from sandbox.world import World

FILE_ROUTE = "/ephemeral-attachments/{channel_id}/{file_id}/{filename}"

_LIFE = timedelta(hours=24)
_GONE = "This content is no longer available."


class Cdn:
    """Keeps the files of commands, and serves each until its address has expired."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[str, SandboxAttachment] = {}
        self._refusals: list[int] = []
        self.base = ""

    def keep(self, channel_id: int, file: SandboxAttachment) -> SandboxAttachment:
        """Take a file that somebody chose in a channel; give it with its id and address."""
        file_id = self._world.snowflakes.next()
        path = f"{channel_id}/{file_id}/{quote(file.filename)}"
        seal = signature(file_id, self._world.now())
        kept = replace(file, id=file_id, url=f"{self.base}/ephemeral-attachments/{path}?{seal}")
        self._files[str(file_id)] = kept
        return kept

    def refuse(self, status: int, *, times: int = 1) -> None:
        """Answer the next requests for a file with this status."""
        self._refusals += [status] * times

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with the file; 404 where it or its address is not valid (any more)."""
        if self._refusals:
            return web.Response(status=self._refusals.pop(0))
        file = self._files.get(request.match_info["file_id"])
        if file is None or not file.url.endswith(request.raw_path) or self._expired(request):
            return web.Response(status=404, text=_GONE)
        # Not `content_type`, which would take no charset.
        headers = {"Content-Type": file.content_type or "application/octet-stream"}
        return web.Response(body=file.content, headers=headers)

    def _expired(self, request: web.Request) -> bool:
        return datetime.fromtimestamp(int(request.query["ex"], 16), UTC) < self._world.now()


def signature(file_id: int, now: datetime) -> str:
    """Give the parameters of a signed address: when it expires, was issued, and its seal."""
    return f"ex={_hex(now + _LIFE)}&is={_hex(now)}&hm={file_id:064x}&"


def _hex(moment: datetime) -> str:
    return f"{int(moment.timestamp()):x}"
