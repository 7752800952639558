"""The browser of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_program() -> str | None:
    """Give the path of a browser from the system's packages, or None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Run it without a window."""
    # Chromium refuses to be run by root with its sandbox, as in most containers.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_program(), args=arguments)
        yield browser
        await browser.close()
