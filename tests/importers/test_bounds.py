"""What is large or hostile takes bounded time and memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import UserError
from bot.importers.page import MAX_PAGE_BYTES, read_page
from tests.importers.page_html import page_html
from tests.importers.page_text import MONTHS, page_text

# Measured in a process of its own: peak memory never shrinks.
MEASURE = """
import resource, sys, time
from bot.importers.page import read_page
data = open(sys.argv[1], "rb").read()
start = time.process_time()
page = read_page(data, name="page")
print(len(page.posts), time.process_time() - start)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
TEXT = "I had not thought of Dorothea in that light until I read what you wrote of her. " * 7


def moment(number: int) -> str:
    day, clock = divmod(number, 24)
    year, rest = divmod(day, 336)
    month, day = divmod(rest, 28)
    return f"{MONTHS[month]} {day + 1}, {2000 + year} {clock % 12 or 12}:00:00 " + (
        "AM PST" if clock < 12 else "PM PST"
    )


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


@pytest.mark.slow
@pytest.mark.parametrize("markup", ["text", "html"])
def test_ten_thousand_posts_take_less_than_five_seconds_and_200_mb(
    markup: str, tmp_path: Path
) -> None:
    page = tmp_path / "page"
    if markup == "text":
        page.write_text(page_text([text_post(n) for n in range(10_000)]), encoding="utf-8")
    else:
        page.write_text(page_html([html_post(n) for n in range(10_000)]), encoding="utf-8")
    assert page.stat().st_size < MAX_PAGE_BYTES
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, page], capture_output=True, text=True, check=True
    )
    posts, seconds, megabytes = result.stdout.split()
    assert posts == "10000"
    assert float(seconds) < 5
    assert int(megabytes) < 200


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "deep" + "</div>" * 200_000,
        "<b><i>" * 200_000,
        "<p><a href='x" * 100_000,
        "<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<table><b>" * 100_000,
        "<!--" * 300_000,
        "<script>" + "<" * 1_000_000,
        "<p>" + "<\n" * 500_000,
        "<p>" + "&#x1F600;&nbsp;&lt;" * 100_000,
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b;' + "&b;" * 100_000,
    ],
    ids="deep open quotes attributes tables comments script brackets signs entities".split(),  # noqa: SIM905
)
def test_hostile_markup_is_refused_soon(html: str) -> None:
    with pytest.raises(UserError, match=r"page\.html is not a saved forum page"):
        read_page(html.encode(), name="page.html")


def test_entities_of_a_pages_own_are_not_followed() -> None:
    post = "<div>Posted on Jan 2, 2008 9:00:00 AM PST</div><div>&file; &lt;b&gt;</div>"
    html = page_html([post, post.replace("Jan 2", "Jan 3")])
    entity = '<!DOCTYPE html [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    page = read_page(html.replace("<!DOCTYPE html>", entity).encode(), name="page.html")
    assert page.posts[0].content == "&file; <b>"


def test_a_post_of_a_megabyte_is_read_and_warned_of() -> None:
    text = "word " * 200_000 + "end"
    page = page_text([f"Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\n{text}"])
    read = read_page(page.encode(), name="page.txt")
    assert read.posts[0].content == text
    assert [warning.message for warning in read.warnings] == [
        "This post is unusually long: 1,000,003 characters."
    ]
