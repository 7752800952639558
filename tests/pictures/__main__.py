"""Draws the README's pictures from what the bot sends in the sandbox, and what it exports.

Run `python -m tests.pictures` when the looks of something have changed. It needs Chromium and
npm; the first run installs what draws Discord's messages.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, Route

from bot.demo.story import FAIR_PLAY
from tests.browser.program import open_browser
from tests.pictures.discord_page import discord_page
from tests.pictures.sent import Scene, hold_debate

DRAWN = Path(__file__).parents[2] / "docs" / "pictures"
COMPONENTS = Path(__file__).parent / "node_modules"
# What is drawn needs no more, and the files become half as large.
COLOURS = 256
# Nothing is asked for there: every request is answered from this machine.
ADDRESS = "http://pictures.invalid"


async def draw_all(database: Path) -> None:
    sent = await hold_debate(database)
    async with open_browser() as browser:
        for scene in sent.scenes:
            await draw_scene(browser, scene, sent.names)
        await draw_export(browser, database)


async def draw_scene(browser: Browser, scene: Scene, names: dict[int, str]) -> None:
    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(f"{ADDRESS}/")
        if path:
            await route.fulfill(path=COMPONENTS / path)
        else:
            await route.fulfill(body=discord_page(scene, names), content_type="text/html")

    page = await new_page(browser, width=760, height=100)
    await page.route("**/*", answer)
    await page.goto(f"{ADDRESS}/")
    await page.locator("html[data-drawn]").wait_for()
    keep(await page.locator("discord-messages").screenshot(), scene.name)


async def draw_export(browser: Browser, database: Path) -> None:
    file = database.with_name("discussion.html")
    options = ["--database", str(database), "--out", str(file)]
    export = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "export", FAIR_PLAY.title, *options
    )
    if await export.wait():
        raise RuntimeError("The discussion was not exported: see above.")
    page = await new_page(browser, width=860, height=1000)
    await page.goto(file.as_uri())
    await page.locator("#post-2 a.parent").hover()
    await page.locator("#preview").wait_for()
    keep(await page.screenshot(), "export")


def keep(picture: bytes, name: str) -> None:
    """Write a picture into docs/, with the few colours that it needs."""
    with Image.open(io.BytesIO(picture)) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(DRAWN / f"{name}.png", optimize=True)


async def new_page(browser: Browser, width: int, height: int) -> Page:
    return await browser.new_page(
        viewport={"width": width, "height": height}, locale="en-GB", timezone_id="UTC"
    )


def install_components() -> None:
    """Install what package.json names, without running any script of a package."""
    command = ["npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit"]
    subprocess.run(command, cwd=COMPONENTS.parent, check=True)


def main() -> None:
    if not COMPONENTS.is_dir():
        install_components()
    DRAWN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(draw_all(Path(folder) / "demo.sqlite3"))


if __name__ == "__main__":
    main()
