"""Draws docs/export.png: the demo's discussion as `marginalia export` writes it, in a browser.

Run `python -m tests.browser.pictures` when the looks of the page have changed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.program import open_browser

DOCS = Path(__file__).parents[2] / "docs"
DISCUSSION = "Is Rochester playing fair?"


def marginalia(*arguments: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)], check=True, capture_output=True
    )


async def draw(page_file: Path) -> None:
    async with open_browser() as browser:
        page = await browser.new_page(
            viewport={"width": 860, "height": 1180}, locale="en-GB", timezone_id="UTC"
        )
        await page.goto(page_file.as_uri())
        await page.locator("#post-2 a.parent").hover()
        await page.locator("#preview").wait_for()
        await page.screenshot(path=DOCS / "export.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database, page_file = Path(folder) / "demo.sqlite3", Path(folder) / "discussion.html"
        marginalia("demo", "--database", database)
        marginalia("export", DISCUSSION, "--database", database, "--out", page_file)
        asyncio.run(draw(page_file))


if __name__ == "__main__":
    main()
