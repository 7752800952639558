"""The bot's database, as a command that only makes sense beside it finds it."""

from __future__ import annotations

from pathlib import Path

from bot.core.errors import UserError


def require_database(path: Path) -> None:
    """Raise `UserError` where there is no such file.

    A new one would hold nothing; in the wrong folder, it would be found by nobody.
    """
    if not path.exists():
        raise UserError(
            f"There is no database {path.absolute()}. Name the bot's own with --database, or use "
            "the command in the bot's folder."
        )
