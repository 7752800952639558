"""Whatever was debated, a page of it reads back as it was; whatever else comes, is refused."""

import re
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.importers.page import read_page, read_pages
from tests.importers.discussions import discussions
from tests.importers.page_html import page_html, with_parents
from tests.importers.page_text import ZONES, page_text, post_text


def words_only(posts: Iterable[ImportedPost]) -> list[ImportedPost]:
    """Leave out what a reader concludes from links and words."""
    return [
        replace(post, in_reply_to=None, reply_evidence=None, message_id=None, answered_id=None)
        for post in posts
    ]


def read(text: str, encoding: str = "utf-8") -> ImportedDiscussion:
    return read_page(text.encode(encoding), name="page.txt")


@given(
    posts=discussions(),
    site=st.sampled_from(sorted(ZONES)),
    zone=st.integers(0, 1),
    newest_first=st.booleans(),
    later=st.integers(0, 40),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_page_reads_back_as_the_discussion_it_shows(
    posts: list[ImportedPost],
    site: str,
    zone: int,
    newest_first: bool,
    later: int,
    line_end: str,
    encoding: str,
) -> None:
    total = len(posts) + later
    texts = [post_text(post, site, ZONES[site][zone]) for post in posts]
    if newest_first:
        text = page_text(texts[::-1], first=later + 1, total=total)
    else:
        text = page_text(texts, total=total)
    page = read(text.replace("\n", line_end), encoding)
    assert words_only(page.posts) == posts
    assert (page.title, page.forum) == ("On Dorothea", "Middlemarch forum")
    assert page.missing_posts == (((len(posts) + 1, total),) if later else ())


@st.composite
def pages_of(
    draw: st.DrawFn,
) -> tuple[list[ImportedPost], dict[int, int], list[range], list[bytes]]:
    """Draw a discussion, what its replies answer, which posts are on which page, and the pages."""
    posts = draw(discussions(most=12))
    parents = {
        post.number: draw(st.integers(1, post.number - 1)) for post in posts if post.number > 1
    }
    site = draw(st.sampled_from(sorted(ZONES)))
    windows = []
    pages = []
    for _ in range(draw(st.integers(1, 5))):
        first = draw(st.integers(1, len(posts) - 1))
        window = range(first, draw(st.integers(first + 1, len(posts))) + 1)
        windows.append(window)
        zone = draw(st.sampled_from(ZONES[site]))
        shown = [post for post in posts if post.number in window]
        newest_first = draw(st.booleans())
        at = len(posts) - window[-1] + 1 if newest_first else window[0]
        order = -1 if newest_first else 1
        markup = draw(st.sampled_from(["text", "classed", "bare"]))
        if markup == "text":
            texts = [post_text(post, site, zone) for post in shown]
            pages.append(page_text(texts[::order], first=at, total=len(posts)).encode())
            continue
        is_classed = markup == "classed"
        html = with_parents(shown, site, zone, parents, is_classed=is_classed)
        page = page_html(html[::order], first=at, total=len(posts), is_classed=is_classed)
        pages.append(page.encode())
    return posts, parents, windows, pages


@given(pages_of(), st.randoms(use_true_random=False))
def test_pages_of_a_discussion_in_any_order_and_markup_make_it_whole(
    drawn: tuple[list[ImportedPost], dict[int, int], list[range], list[bytes]], random: Random
) -> None:
    posts, parents, windows, pages = drawn
    named = [(f"page-{place}", page) for place, page in enumerate(pages)]
    whole = read_pages(named)
    shown = {number for window in windows for number in window}
    assert words_only(whole.posts) == [post for post in posts if post.number in shown]
    missing = {n for low, high in whole.missing_posts for n in range(low, high + 1)}
    assert missing == set(range(1, len(posts) + 1)) - shown
    html = {
        number
        for window, page in zip(windows, pages, strict=True)
        for number in window
        if page.startswith(b"<")
    }
    linked = {
        post.number: post.in_reply_to for post in whole.posts if post.reply_evidence == "link"
    }
    assert linked == {
        post.number: parents[post.number]
        for post in posts
        if post.kind is PostKind.REPLY and post.number in html and parents[post.number] in html
    }
    random.shuffle(named)
    again = read_pages(named + named[:1])
    assert replace(again, warnings=()) == replace(whole, warnings=())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page_or_a_clear_refusal(data: bytes) -> None:
    assert_read_or_refused(data)


EDIT_MARK = "Last edited by the author on Jan 2, 2008 9:05:00 AM PST"
SAMPLE = page_text(
    [
        "Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\nFirst.",
        f"Posted on Jan 2, 2008 9:00:00 AM PST\n{EDIT_MARK}\nAsh says:\nSecond.",
    ]
) + (
    "Initial post: Jan 1, 2008\nTracked by 2 customers\nThis discussion is about\n"
    "Middlemarch [Paperback]\nMiddlemarch [Paperback] by George Eliot (Penguin - May 1, 2003)\n"
    "4.3 out of 5 stars (612)\n"
)


HTML_INITIAL = """\
<div class="postBody"><a name="Mx1"></a>
<div class="postHeader">Initial post: Jan 1, 2008 9:00:00 AM PST</div>
<div class="postFrom"><a href="/p">Wren</a> says:</div>
<div class="postContent">First, <i>see</i> <a href="/dp/0000000018">this</a>.</div></div>
"""
HTML_REPLY = f"""\
<div class="postBody"><a name="Mx2"></a><div class="postHeader">In reply to
<a href="/Tx1#Mx1">an earlier post</a> on Jan 2, 2008 9:00:00 AM PST</div>
<div>{EDIT_MARK}</div><p>Second.<br>&nbsp;&amp;&#x41;</p></div>
"""
HTML_SAMPLE = page_html([HTML_INITIAL, HTML_REPLY])


@given(st.data(), st.sampled_from([SAMPLE, HTML_SAMPLE]))
def test_a_damaged_page_is_a_page_or_a_clear_refusal(data: st.DataObject, sample: str) -> None:
    pieces = re.split(r"(?<=[\n>])|(?=<)", sample)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(pieces) - 1))
        piece = pieces[place]
        damage = data.draw(st.sampled_from(["drop", "double", "cut", "move", "numbers"]))
        if damage == "drop" and len(pieces) > 1:
            del pieces[place]
        elif damage == "double":
            pieces.insert(place, piece)
        elif damage == "cut":
            pieces[place] = piece[: data.draw(st.integers(0, len(piece)))]
        elif damage == "move":
            pieces.insert(data.draw(st.integers(0, len(pieces))), pieces.pop(place))
        else:
            digits = data.draw(st.text("0123456789,", max_size=30))
            pieces[place] = "".join(digits if c.isdigit() else c for c in piece)
    assert_read_or_refused("".join(pieces).encode())


@given(st.lists(st.sampled_from(re.split(r"(?<=[\n>])|(?=<)", HTML_SAMPLE)), max_size=60))
def test_any_markup_is_a_page_or_a_clear_refusal(pieces: list[str]) -> None:
    assert_read_or_refused(("<html>" + "".join(pieces)).encode())


def assert_read_or_refused(data: bytes) -> None:
    page = read_or_refusal(data)
    if isinstance(page, str):
        assert page.startswith("page.txt")
        return
    numbers = [post.number for post in page.posts]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
    assert not any(low <= n <= high for low, high in page.missing_posts for n in numbers)


def read_or_refusal(data: bytes) -> ImportedDiscussion | str:
    try:
        return read_page(data, name="page.txt")
    except UserError as refusal:
        return str(refusal)
