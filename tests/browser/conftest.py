"""A real browser, where there is one.

Where `MARGINALIA_REQUIRE_BROWSER` is set, as in `.ci/run`, a machine without one fails.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from bot.core.exported import ExportedDiscussion
from bot.exporters.html import discussion_html
from tests.browser.program import find_program, open_browser


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if find_program() is None:
        missing = "no browser is found: install Chromium, such as with apt-get install chromium"
        if os.environ.get("MARGINALIA_REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    async with open_browser() as browser:
        yield browser


@dataclass
class Reader:
    """Opens exported discussions in tabs of their own."""

    browser: Browser
    folder: Path

    async def open(
        self,
        discussion: ExportedDiscussion,
        *,
        script: bool = True,
        dark: bool = False,
        width: int = 1000,
        at: str = "",
    ) -> Page:
        """Open the page of a discussion; `at` is what follows its address, such as "#post-3"."""
        file = self.folder / "discussion.html"
        file.write_bytes(discussion_html(discussion))
        context = await self.browser.new_context(
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 800},
            locale="en-GB",
            timezone_id="UTC",
        )
        page = await context.new_page()
        await page.goto(f"{file.as_uri()}{at}")
        return page


@pytest.fixture
async def reader(browser: Browser, tmp_path: Path) -> AsyncIterator[Reader]:
    yield Reader(browser, tmp_path)
    for context in browser.contexts:
        await context.close()
