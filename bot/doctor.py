"""`marginalia doctor`: checks that everything is in place, and says what to do where it is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.client import logged_in
from bot.core.errors import UserError
from bot.core.permissions import INTENT_MESSAGE_CONTENT, invite_link
from bot.settings import load_settings
from bot.store.health import Health, SetUpForum
from bot.store.health import examine as examine_file
from bot.store.migrate import load_migrations
from cogs._diagnosis import Diagnosis, ForumRights, diagnose

LEAST_FREE_BYTES = 100 * 1024 * 1024
_OWNER_ONLY = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `advice` says what to do, and is None where all is well."""

    what: str
    advice: str | None = None


def examine(chosen: Mapping[str, object]) -> int:
    """Check everything, write what was found to stdout, and give 0 only if all is well.

    `chosen` are settings that stand before those of the environment.
    """
    return asyncio.run(_show(chosen))


async def check(chosen: Mapping[str, object]) -> AsyncIterator[Finding]:
    """Check everything. A failed check hides only those that depend on it."""
    try:
        settings = load_settings(**chosen)
    except UserError as error:
        yield Finding("Settings", str(error))
        return
    yield Finding("Settings: all can be used")
    path = settings.database_path
    forums: tuple[SetUpForum, ...] = ()
    try:
        health = await asyncio.to_thread(examine_file, path)
    except UserError as error:
        yield Finding(f"Database {path}", str(error))
    else:
        for finding in _database(path, health):
            yield finding
        if health is not None:
            forums = health.forums
    try:
        async with logged_in(settings, settings.token()) as client:
            diagnosis = await diagnose(client, forums)
    except UserError as error:
        yield Finding("Discord", str(error))
    else:
        for finding in _bot(diagnosis):
            yield finding


async def _show(chosen: Mapping[str, object]) -> int:
    code = 0
    async for finding in check(chosen):
        mark = "✓" if finding.advice is None else "✗"
        sys.stdout.write(f"{mark} {finding.what}\n")
        if finding.advice is not None:
            sys.stdout.write(f"    {finding.advice}\n")
            code = 1
    return code


def _database(path: Path, health: Health | None) -> Iterator[Finding]:
    if health is None:
        folder = path.absolute().parent
        yield Finding(
            f"Database {path}: not there yet, the first run makes it",
            None if folder.is_dir() else f"Make the folder {folder}, and let the bot write there.",
        )
        return
    yield Finding(
        f"Database {path}: {health.size / 1024 / 1024:.1f} MiB, "
        + ("whole" if not health.faults else f"damaged: {health.faults[0]}"),
        "Stop the bot, keep the file, and go back to your last backup." if health.faults else None,
    )
    newest = len(load_migrations())
    yield Finding(
        f"Database schema: {health.version} of {newest}",
        None
        if health.version <= newest
        else "A newer version of this program wrote it: install that version or a later one.",
    )
    yield Finding(
        "Database: can be written" if _writable(health) else "Database: cannot be written",
        None
        if _writable(health)
        else "Another program holds it: close that program."
        if health.is_locked
        else "Let the bot's user write the file and its folder.",
    )
    yield Finding(
        f"Database: file mode {health.mode:04o}",
        f"Others on this machine may read it: chmod 600 {path}"
        if health.mode & _OWNER_ONLY
        else None,
    )
    yield Finding(
        f"Disk: {health.free / 1024**3:.1f} GiB free",
        "Make room: a full disk stops the bot from keeping posts."
        if health.free < LEAST_FREE_BYTES
        else None,
    )


def _writable(health: Health) -> bool:
    return health.is_writable and not health.is_locked


def _bot(diagnosis: Diagnosis) -> Iterator[Finding]:
    yield Finding(f"Discord: the token is that of {diagnosis.name}")
    yield Finding(
        f"Message Content intent: {'on' if diagnosis.has_message_content else 'off'}",
        None if diagnosis.has_message_content else INTENT_MESSAGE_CONTENT,
    )
    for rights in diagnosis.forums:
        yield from _forum(rights)
    if not diagnosis.forums:
        yield Finding("Forums: none is set up; in Discord, a host uses /setup forum")
    yield Finding(f"To invite the bot: {invite_link(diagnosis.application_id)}")


def _forum(rights: ForumRights) -> Iterator[Finding]:
    name = f"Forum #{rights.forum.name}"
    if rights.obstacle is not None:
        yield Finding(name, f"{rights.obstacle} Invite the bot again, or use /setup remove.")
        return
    if not rights.missing:
        yield Finding(f"{name}: every permission is there")
    for permission in rights.missing:
        yield Finding(
            f"{name}: {permission.label} is missing",
            f"Without it, {permission.without_it}. Switch on: {permission.where}.",
        )
