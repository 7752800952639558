"""Pages saved as HTML: what their markup adds, and what it must not."""

from __future__ import annotations

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.importers.html_lines import html_lines, is_html
from bot.importers.page import read_page, read_pages
from tests.importers.page_html import FOOT, page_html

INITIAL = """\
<div class="postBody"><a name="Mx1"></a>
<div class="postHeader">Initial post:&nbsp;Jan 1, 2008 9:00:00 AM PST</div>
<div class="postFrom"><a href="/gp/pdp/profile/A1">Wren</a> says:</div>
<div class="postContent">First.</div></div>
"""


def reply(number: int, text: str, link: str = "#Mx1", author: str = "") -> str:
    return f"""\
<div class="postBody"><a name="Mx{number}"></a>
<div class="postHeader">In reply to <a href="{link}">an earlier post</a>
 on Jan {number}, 2008 9:00:00 AM PST</div>
<div class="postFrom">{author}</div>
<div class="postContent">{text}</div></div>
"""


def read(html: str) -> ImportedDiscussion:
    return read_page(html.encode(), name="page.html")


def second(page: ImportedDiscussion) -> str:
    return page.posts[1].content


def test_lines_are_those_a_browser_shows_with_their_place_in_the_file() -> None:
    html = (
        "<p>one &amp; <b>two</b>\nthree</p>\n<script>x\n</script><div>four<br><br>five\n\n</div>six"
    )
    lines = [(line.text, line.number) for line in html_lines(html) if line.text]
    assert lines == [("one & two three", 1), ("four", 4), ("five", 4), ("six", 6)]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("a<br>b<br><br>c", ["a", "b", "", "c"]),
        ("<p>a</p><p>b</p>", ["a", "", "b", ""]),
        ("<div>a</div>\n<div>b</div>", ["a", "b"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a b", "c"]),
        ("<pre>a\n  b</pre>", ["a", "  b", ""]),
        ("a&nbsp; &nbsp;b", ["a   b"]),
        ("a<style>b</style><input value=c><select><option>d</select><!-- e -->f", ["af"]),
        ("a <span style='display: none'>b</span><span hidden>c</span>d", ["a d"]),
    ],
)
def test_markup_becomes_lines(html: str, texts: list[str]) -> None:
    assert [line.text for line in html_lines(html)] == texts


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html>", "\n <html>", "<?xml version='1.0'?>", "<!-- saved -->", "<div>"]
)
def test_html_is_known_by_its_beginning(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize("text", ["Customer Discussions > X forum", "< less", "a <b>", "<3 this"])
def test_text_is_not_taken_for_html(text: str) -> None:
    assert not is_html(text)


def test_the_head_and_the_box_are_read_from_markup() -> None:
    page = read(page_html([INITIAL]))
    assert (page.title, page.forum) == ("On Dorothea", "Middlemarch forum")
    assert (page.participants, page.total_posts, page.tracked_by) == (3, 1, 2)
    assert page.book is not None
    assert (page.book.title, page.book.asin) == ("Middlemarch", "014143954X")
    assert (page.book.author, page.book.rating_count) == ("George Eliot", 612)


@pytest.mark.parametrize("between", ["</a> &rsaquo; <a", "</a> &gt;</div><div><a"])
def test_a_breadcrumb_may_have_another_sign_or_two_lines(between: str) -> None:
    page = read(page_html([INITIAL]).replace("</a> &gt; <a", between))
    assert (page.forum, page.title) == ("Middlemarch forum", "On Dorothea")


@pytest.mark.parametrize(
    "link",
    ["#Mx1", "/forum/m/Tx1?cdPage=1#Mx1", "http://example.com/m?cdThread=Tx1&amp;cdMsgID=Mx1"],
)
def test_an_earlier_post_is_the_one_its_link_leads_to(link: str) -> None:
    page = read(page_html([INITIAL, reply(2, "Second.", link)]))
    assert (page.posts[1].in_reply_to, page.posts[1].reply_evidence) == (1, "link")


def test_a_link_leads_to_a_post_on_another_page() -> None:
    one = page_html([INITIAL], total=3).encode()
    two = page_html([reply(3, "Third.")], first=3, total=3).encode()
    assert read_page(two, name="2").posts[0].in_reply_to is None
    whole = read_pages([("2", two), ("1", one)])
    assert [(post.number, post.in_reply_to) for post in whole.posts] == [(1, None), (3, 1)]
    assert whole.missing_posts == ((2, 2),)


def test_a_reply_whose_link_leads_to_a_missing_post_gets_no_parent_by_its_words() -> None:
    page = read(page_html([INITIAL, reply(2, "Wren: no.", "#Mx77")]))
    assert page.posts[1].in_reply_to is None
    assert page.posts[1].answered_id == "Mx77"


@pytest.mark.parametrize(
    "place",
    ['<a name="Mx1"></a><div class="post">', '<div id="Mx1">', '<div><span id="Mx1"></span>'],
)
def test_an_id_may_stand_before_a_post_or_hold_it(place: str) -> None:
    html = page_html([INITIAL, reply(2, "Second.")])
    page = read(html.replace('<div class="postBody"><a name="Mx1"></a>', place, 1))
    assert page.posts[1].in_reply_to == 1


def test_an_id_may_stand_in_the_post() -> None:
    posts = [INITIAL.replace('<a name="Mx1"></a>', ""), reply(2, "B.").replace("Mx2", "x")]
    html = page_html(posts).replace('"postContent">First', '"postContent" id="Mx1">First')
    assert read(html).posts[1].in_reply_to == 1


def test_a_product_link_and_a_shortened_address_are_as_they_were_typed() -> None:
    text = (
        'See <a href="http://www.example.com/dp/0000000018/ref=x">Paradise Lost</a> and '
        '<a href="http://example.org/a/long/one">http://example.org/a/lo...</a>, '
        '<a href="http://example.org/b">http://example.org/b</a>.'
    )
    assert second(read(page_html([INITIAL, reply(2, text)]))) == (
        "See [[ASIN:0000000018 Paradise Lost]] and http://example.org/a/long/one, "
        "http://example.org/b."
    )


def test_what_one_can_do_with_a_post_is_not_its_text() -> None:
    text = (
        'Mine.</div><div>Yes. Reply</div><div><a href="#">Reply to this post</a> | '
        '<a href="#Mx2">Permalink</a>'
    )
    assert second(read(page_html([INITIAL, reply(2, text)]))) == "Mine.\nYes. Reply"


def test_an_author_with_a_badge_is_named_and_prose_that_ends_in_says_is_text() -> None:
    named = reply(2, "Second.", author='<a href="/p">the night porter</a> says: (REAL NAME)')
    unnamed = reply(3, "Emma says:<br>nothing.")
    page = read(page_html([INITIAL, named, unnamed]))
    assert [post.author for post in page.posts] == ["Wren", "the night porter", None]
    assert page.posts[2].content == "Emma says:\nnothing."


def test_header_edit_mark_and_brackets_may_share_a_line() -> None:
    header = "AM PST <span>(Last edited by the author on Jan 1, 2008 9:30:00 AM PST)</span>"
    page = read(page_html([INITIAL.replace("AM PST", header)]))
    assert page.posts[0].edited_at is not None
    assert (page.posts[0].author, page.posts[0].content) == ("Wren", "First.")


def test_a_later_header_quoted_in_a_post_is_told_by_its_markup() -> None:
    quoted = reply(2, "Look:<br>Posted on Jan 2, 2009 9:00:00 AM PST<br>was wrong.")
    page = read(page_html([INITIAL, quoted, reply(3, "Third.")]))
    assert [post.number for post in page.posts] == [1, 2, 3]
    assert page.posts[1].content.count("\n") == 2


def test_counts_repeated_below_the_posts_are_no_second_page() -> None:
    html = page_html([INITIAL])
    again = "<div>Showing 1-1 of 1 posts in this discussion</div>"
    page = read(html.replace('<div class="pager">', again + '<div class="pager">'))
    assert page.posts[0].content == "First."


def test_a_page_that_is_cut_off_is_refused_by_its_line() -> None:
    html = page_html([INITIAL, reply(2, "Second, and")]).partition(", and")[0]
    with pytest.raises(UserError, match=r"page\.html, line \d+: the page breaks off"):
        read(html)


def test_a_whole_page_without_the_usual_foot_ends_with_its_last_post() -> None:
    html = page_html([INITIAL]).replace(FOOT.format(total=1), "<p>(c) 2008</p></body></html>")
    assert read(html).posts[0].content == "First."


def test_warnings_name_the_line_of_the_file() -> None:
    html = page_html([INITIAL, reply(2, "")])
    (warning,) = read(html).warnings
    line = html.split("\n")[warning.line - 1]
    assert "earlier post" in line


def test_pages_of_two_threads_are_told_by_their_links() -> None:
    one = page_html([INITIAL, reply(2, "B.", "/Tx1?cdPage=1#Mx1")], total=3).encode()
    two = page_html([reply(3, "C.", "/Tx2?cdPage=1#Mx1")], first=3, total=3).encode()
    with pytest.raises(UserError, match=r"b\.html belongs to another discussion"):
        read_pages([("a.html", one), ("b.html", two)])
