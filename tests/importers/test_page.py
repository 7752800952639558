"""The sample pages, read to the letter."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.core.imported import ImportedBook, ImportedDiscussion
from bot.core.model import PostKind
from bot.importers.page import read_page, read_pages

PAGES = Path(__file__).parents[1] / "pages"


def read(name: str) -> ImportedDiscussion:
    return read_page((PAGES / name).read_bytes(), name=name)


def whole(ending: str) -> ImportedDiscussion:
    names = [f"frankenstein-{number}.{ending}" for number in (2, 1)]
    return read_pages([(name, (PAGES / name).read_bytes()) for name in names])


@pytest.fixture(scope="module")
def first_page() -> ImportedDiscussion:
    return read("frankenstein-1.txt")


def test_head_and_box_are_read(first_page: ImportedDiscussion) -> None:
    assert first_page.title == "Why does Victor never tell anyone?"
    assert first_page.forum == "Frankenstein forum"
    assert first_page.participants == 14
    assert first_page.total_posts == 29
    assert first_page.tracked_by == 6
    assert first_page.initial_post == date(2007, 10, 3)
    assert first_page.latest_post == date(2012, 5, 5)
    assert first_page.book == ImportedBook(
        title="Frankenstein",
        binding="Paperback",
        author="Mary Shelley",
        edition="Mass Market Paperback - May 1, 2004",
        rating=4.1,
        rating_count=1018,
    )


def test_every_post_has_its_number_and_the_second_page_is_missing(
    first_page: ImportedDiscussion,
) -> None:
    assert [post.number for post in first_page.posts] == list(range(1, 26))
    assert first_page.missing_posts == ((26, 29),)


def test_the_second_page_goes_on_where_the_first_ends() -> None:
    page = read("frankenstein-2.txt")
    assert [post.number for post in page.posts] == [26, 27, 28, 29]
    assert page.missing_posts == ((1, 25),)
    assert page.warnings == ()


def test_the_sample_saved_as_html_holds_the_same_and_its_links() -> None:
    text = whole("txt")
    html = whole("html")
    unlinked = [
        replace(post, in_reply_to=None, reply_evidence=None, message_id=None, answered_id=None)
        for post in html.posts
    ]
    assert unlinked == [replace(post, in_reply_to=None, reply_evidence=None) for post in text.posts]
    assert [post.in_reply_to for post in html.posts[:9]] == [None, 1, 2, 1, 4, 5, None, 7, 8]
    assert (html.posts[25].in_reply_to, html.posts[25].reply_evidence) == (1, "link")
    assert html.book is not None
    assert replace(html.book, asin=None) == text.book
    assert html.missing_posts == text.missing_posts == ()


def test_kinds_are_those_of_the_headers(first_page: ImportedDiscussion) -> None:
    kinds = {post.number: post.kind for post in first_page.posts}
    assert kinds[1] is PostKind.INITIAL
    plain = [number for number, kind in kinds.items() if kind is PostKind.POST]
    assert plain == [7, 13, 21]


def test_authors_are_named_where_the_page_names_them(first_page: ImportedDiscussion) -> None:
    unknown = [post.number for post in first_page.posts if post.author is None]
    assert unknown == [3, 8, 12, 15, 20, 23]
    authors = {post.number: post.author for post in first_page.posts}
    assert authors[10] == "R. J. Quillfeather"
    assert authors[21] == "Dr. Imre Vasko"


def test_a_pen_name_that_reads_like_prose_is_known_by_being_used_again(
    first_page: ImportedDiscussion,
) -> None:
    assert [p.number for p in first_page.posts if p.author == "the night porter"] == [7, 9, 22]


def test_times_are_utc_whatever_their_zone(first_page: ImportedDiscussion) -> None:
    post = first_page.posts[12]
    assert post.posted_at == datetime(2008, 3, 9, 9, 30, 5, tzinfo=UTC)
    assert post.edited_at == datetime(2008, 3, 9, 10, 2, 19, tzinfo=UTC)
    assert post.posted_at.tzinfo is UTC
    assert [p.number for p in first_page.posts if p.edited_at is not None] == [4, 13]


def test_paragraphs_and_the_lines_of_verse_are_kept(first_page: ImportedDiscussion) -> None:
    paragraphs = first_page.posts[12].content.split("\n\n")
    assert [len(paragraph.split("\n")) for paragraph in paragraphs] == [1, 1, 3, 1]
    assert paragraphs[2].endswith("From darkness to promote me?")
    assert "[[ASIN:0000000018 Paradise Lost]]" in paragraphs[3]


def test_a_first_line_that_ends_in_says_stays_in_the_text(first_page: ImportedDiscussion) -> None:
    assert first_page.posts[9].content.startswith("Elizabeth says:\nthat Justine is innocent")
    unknown = first_page.posts[14]
    assert unknown.author is None
    assert unknown.content.startswith("When the creature meets him on the glacier")
    assert [warning.line for warning in first_page.warnings] == [83]


def test_header_words_in_prose_stay_in_the_text(first_page: ImportedDiscussion) -> None:
    assert first_page.posts[17].content.startswith("Posted on too soon.")


def test_the_foot_is_no_part_of_the_last_post(first_page: ImportedDiscussion) -> None:
    assert first_page.posts[-1].content.endswith("Thank you, everyone.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("space", [" ", "\u00a0"])
def test_encoding_line_ends_and_spaces_change_nothing(
    encoding: str, line_end: str, space: str, first_page: ImportedDiscussion
) -> None:
    text = (PAGES / "frankenstein-1.txt").read_text(encoding="utf-8")
    data = text.replace(" ", space).replace("\n", line_end).encode(encoding)
    assert read_page(data, name="page.txt") == first_page
