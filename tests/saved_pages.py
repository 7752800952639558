"""Pages that were really saved: their texts belong to others, so they are read where they lie."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "pages"

SAVED_PAGES = sorted(
    Path(os.environ.get("MARGINALIA_SAVED_PAGES", _BESIDE_THE_PROJECT)).glob("*.txt")
)
"""Those at hand: in the folder that MARGINALIA_SAVED_PAGES names, or beside the project."""
