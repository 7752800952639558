"""Which files an option takes: API documentation, "Reference", section "File Type Filtering"."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.limits import Path, Problems
    from sandbox.wire import Json

_MOST = 10
_GROUPS = {
    "image": {".png", ".gif", ".jpg", ".jpeg", ".jfif", ".webp", ".avif"},
    "video": {".mp4", ".mov", ".qt", ".webm"},
    "audio": {".mp3", ".m4a", ".wav", ".ogg", ".opus", ".flac"},
}


def check_file_types(types: Sequence[Json], path: Path, problems: Problems) -> None:
    """Note more than ten types, and those that are neither a group nor begin with a dot."""
    if len(types) > _MOST:
        problems.length(path, 0, _MOST)
    for index, kind in enumerate(types):
        if kind not in _GROUPS and not (isinstance(kind, str) and len(kind) > 1 and kind[0] == "."):
            problems.choice((*path, index), (*_GROUPS, ".extension"))


def is_of_type(filename: str, types: Sequence[str]) -> bool:
    """Say whether a file passes by its name alone; any file does where there are no types."""
    taken = {one for kind in types for one in _GROUPS.get(kind, {kind.lower()})}
    return not taken or PurePath(filename).suffix.lower() in taken
