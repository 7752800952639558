"""How long a saved page of thousands of posts takes to be read, and how much memory.

python -m bench.saved_pages [posts]
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.importers.page_html import page_html
from tests.importers.page_text import MONTHS, page_text

POSTS = 10_000
TEXT = "I had not thought of Dorothea in that light until I read what you wrote of her. " * 7

# In a process of its own, started without the memory of this one.
MEASURE = """
import resource, sys, time
from bot.importers.page import read_page
data = open(sys.argv[1], "rb").read()
started = time.process_time()
page = read_page(data, name="page")
print(len(page.posts), time.process_time() - started)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def moment(number: int) -> str:
    day, hour = divmod(number, 24)
    year, rest = divmod(day, 336)
    month, day = divmod(rest, 28)
    half = "AM PST" if hour < 12 else "PM PST"
    return f"{MONTHS[month]} {day + 1}, {2000 + year} {hour % 12 or 12}:00:00 {half}"


def text_post(number: int) -> str:
    words = "In reply to an earlier post on" if number else "Initial post:"
    return f"{words} {moment(number)}\nReader {number % 700} says:\n{number}. {TEXT}"


def html_post(number: int) -> str:
    words = 'In reply to <a href="#Mx1">an earlier post</a> on' if number else "Initial post:"
    return (
        f'<div class="postBody"><a name="Mx{number + 1}"></a><div class="postHeader">{words} '
        f'{moment(number)}</div><div><a href="/p">Reader {number % 700}</a> says:</div>\n'
        f"<div>{number}. {TEXT}</div></div>\n"
    )


async def measured(page: Path) -> tuple[int, float, int]:
    """Give the posts that were read, the seconds of processor time and the peak in MiB."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEASURE, page, stdout=subprocess.PIPE
    )
    output, _ = await process.communicate()
    posts, seconds, megabytes = output.split()
    return int(posts), float(seconds), int(megabytes)


async def main(posts: int) -> None:
    """Print a line for each markup."""
    markups: dict[str, Callable[[], str]] = {
        "text": lambda: page_text([text_post(number) for number in range(posts)]),
        "HTML": lambda: page_html([html_post(number) for number in range(posts)]),
    }
    print(f"a page of {posts:,} posts, replies searched for what they answer")
    with tempfile.TemporaryDirectory() as folder:
        for name, page in markups.items():
            path = Path(folder) / "page"
            path.write_text(page(), encoding="utf-8")
            read, seconds, megabytes = await measured(path)
            print(f"  {name:8}{read:>8,} posts{seconds:>8.1f} s{megabytes:>8,} MiB")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS))
