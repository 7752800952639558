"""Pages that are damaged, odd, or no pages at all."""

from datetime import UTC, datetime

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.importers.page import MAX_PAGE_BYTES, read_page
from tests.importers.page_text import FOOT, page_text

INITIAL = "Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\nFirst."
SECOND = "Posted on Jan 2, 2008 9:00:00 AM PST\nAsh says:\nSecond."
THIRD = "In reply to an earlier post on Jan 3, 2008 9:00:00 AM PST\nWren says:\nThird."


def read(text: str) -> ImportedDiscussion:
    return read_page(text.encode(), name="page.txt")


def contents(discussion: ImportedDiscussion) -> dict[int, str]:
    return {post.number: post.content for post in discussion.posts}


def test_a_page_sorted_newest_first_is_numbered_down_from_the_total() -> None:
    page = read(page_text([THIRD, SECOND], first=1, total=7))
    assert contents(page) == {6: "Second.", 7: "Third."}
    assert page.missing_posts == ((1, 5),)


def test_the_last_page_sorted_newest_first_ends_with_the_initial_post() -> None:
    page = read(page_text([SECOND, INITIAL], first=6, total=7))
    assert contents(page) == {1: "First.", 2: "Second."}
    assert page.missing_posts == ((3, 7),)
    assert page.warnings == ()


def test_a_lone_initial_post_is_the_first_in_either_order() -> None:
    assert contents(read(page_text([INITIAL], first=7, total=7))) == {1: "First."}
    assert contents(read(page_text([INITIAL], first=1, total=1))) == {1: "First."}
    assert contents(read(page_text([INITIAL], first=1, total=7))) == {1: "First."}


def test_a_later_page_sorted_oldest_first_starts_at_its_number() -> None:
    page = read(page_text([SECOND, THIRD], first=26, total=50))
    assert contents(page) == {26: "Second.", 27: "Third."}
    assert page.missing_posts == ((1, 25), (28, 50))


def test_a_post_that_the_page_promises_and_does_not_hold_is_warned_of() -> None:
    text = page_text([INITIAL, SECOND]).replace("Showing 1-2 of 2", "Showing 1-3 of 3")
    page = read(text)
    assert page.missing_posts == ((3, 3),)
    assert "promises 3 posts here and holds 2" in page.warnings[0].message


def test_a_header_quoted_whole_inside_a_post_stays_text() -> None:
    quoting = SECOND + "\n\nPosted on Jan 1, 2008 9:00:00 AM PST\nThat is what you wrote."
    text = page_text([INITIAL, quoting, THIRD])
    page = read(text)
    assert len(page.posts) == 3
    assert page.posts[1].content == quoting.partition("says:\n")[2]
    (warning,) = page.warnings
    assert text.split("\n")[warning.line - 1].startswith("Posted on Jan 1")


def test_a_header_with_an_unreadable_date_is_kept_as_text_and_warned_of() -> None:
    text = page_text([INITIAL, SECOND.replace("Jan 2", "Jam 2")])
    page = read(text)
    assert "Jam 2, 2008" in page.posts[0].content
    (line,) = (warning.line for warning in page.warnings if "date" in warning.message)
    assert text.split("\n")[line - 1].startswith("Posted on Jam 2")


def test_posts_out_of_order_are_kept_and_warned_of() -> None:
    page = read(page_text([INITIAL, THIRD, SECOND, THIRD.replace("Jan 3", "Jan 4")]))
    assert len(page.posts) == 4
    assert page.warnings[0].message == "Post 3 is older than the one before it."


def test_lines_like_the_foot_inside_a_post_stay_text() -> None:
    last = SECOND + "\n[Add comment]\nis what the button said.\n\nThis discussion\nended there."
    page = read(page_text([INITIAL, last]))
    assert page.posts[1].content == last.partition("says:\n")[2]


def test_blank_lines_inside_a_post_become_one() -> None:
    page = read(page_text([INITIAL + "\n\n \n\n  indented\n\t\nend  \n\n"]))
    assert page.posts[0].content == "First.\n\n  indented\n\nend"


def test_a_post_without_text_is_kept_and_warned_of() -> None:
    page = read(page_text([INITIAL, SECOND.replace("\nSecond.", "")]))
    assert (page.posts[1].author, page.posts[1].content) == ("Ash", "")
    assert [warning.message for warning in page.warnings] == ["This post has no text."]


def test_an_edit_before_the_post_is_warned_of() -> None:
    mark = "PST\nLast edited by the author on Jan 1, 2007 9:00:00 AM PST"
    page = read(page_text([INITIAL.replace("PST", mark)]))
    assert page.posts[0].edited_at == datetime(2007, 1, 1, 17, tzinfo=UTC)
    assert "edited before" in page.warnings[0].message


def test_without_its_counts_a_page_is_numbered_from_one_and_warned_of() -> None:
    text = page_text([INITIAL, SECOND], total=9)
    page = read("\n".join(line for line in text.split("\n") if "Showing" not in line))
    assert list(contents(page)) == [1, 2]
    assert page.total_posts == 9
    assert "does not say which posts" in page.warnings[0].message


@pytest.mark.parametrize("counts", ["3-1 of 2", "1-2 of 1", "0-2 of 2"])
def test_counts_that_make_no_sense_are_not_used(counts: str) -> None:
    page = read(page_text([INITIAL, SECOND]).replace("1-2 of 2", counts))
    assert list(contents(page)) == [1, 2]
    assert "makes no sense" in page.warnings[0].message


def test_a_box_that_counts_otherwise_than_the_head_is_warned_of() -> None:
    page = read(page_text([INITIAL]).replace("Total posts:\u00a0 1", "Total posts:\u00a0 2"))
    assert page.total_posts == 1
    assert "1 posts at its top and 2 in its box" in page.warnings[0].message


def test_a_british_page_is_read() -> None:
    text = page_text(["Initial post: 28 Oct 2015 23:40:36 BDT\nWren says:\nFirst."])
    page = read(text.replace("Jan 1, 2008", "28 Oct 2015"))
    assert page.posts[0].posted_at == datetime(2015, 10, 28, 22, 40, 36, tzinfo=UTC)
    assert page.initial_post is not None
    assert page.initial_post.isoformat() == "2015-10-28"


def test_a_book_without_brackets_or_credits_is_its_title_alone() -> None:
    page = read(page_text([INITIAL]) + "This discussion is about\nMiddlemarch\n")
    assert page.book is not None
    assert (page.book.title, page.book.binding, page.book.author) == ("Middlemarch", None, None)


def test_a_title_that_holds_by_does_not_hide_the_author() -> None:
    name = "Saved by the Bell (A Novel) [Hardcover]"
    credits_line = f"{name} by A. Gale (author) (Hardcover - June 1, 1901)"
    page = read(page_text([INITIAL]) + f"This discussion is about\n{name}\n{credits_line}\n")
    assert page.book is not None
    assert page.book.title == "Saved by the Bell (A Novel)"
    assert page.book.author == "A. Gale (author)"
    assert page.book.edition == "Hardcover - June 1, 1901"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Dear diary,\nnothing today.", r"page\.txt is not a saved forum page"),
        ("<!DOCTYPE html>\n<html><body>Posted on</body></html>", "not a saved forum page"),
        (
            "Sortieren\n\nErsteintrag: 20.10.2015 09:11:29 GMT+02:00\nWren meint:\nJa.\n",
            r"page\.txt, line 3: this is a page of the \.de forums",
        ),
        (page_text([INITIAL]).partition("‹")[0], r"page\.txt, line 9: the page breaks off"),
        (page_text([INITIAL]) * 2, r"page\.txt, line 27: a second page begins here"),
        (INITIAL + "\n" + FOOT, r"page\.txt, line 1: the discussion's title is missing"),
    ],
    ids=["prose", "html", "german", "broken off", "two pages", "no title"],
)
def test_what_cannot_be_read_whole_is_refused_with_a_way_out(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=problem) as refusal:
        read(text)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(UserError, match="larger than 8 MiB"):
        read_page(b"a" * (MAX_PAGE_BYTES + 1), name="page.txt")


BOOK = """
This discussion is about
Middlemarch [Paperback]
Middlemarch [Paperback] by George Eliot (Penguin - May 1, 2003)
"""


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("This discussion\n", ""),
        ("This discussion is about\n", "This discussion is about\n" * 2),
        ("Middlemarch [Paperback]\n", ""),
    ],
)
def test_a_box_with_a_line_lost_or_doubled_still_tells_the_book(line: str, others: str) -> None:
    damaged = (page_text([INITIAL]) + BOOK).replace(f"\n{line}", f"\n{others}", 1)
    book = read(damaged).book
    assert book is not None
    assert (book.title, book.binding, book.author) == ("Middlemarch", "Paperback", "George Eliot")


def test_a_page_that_breaks_off_in_its_box_is_warned_of() -> None:
    page = read(page_text([INITIAL]).partition("Total posts:")[0])
    (warning,) = page.warnings
    assert warning.line == 18
    assert warning.message.endswith("not tell “Total posts:”, “Initial post:”, “Latest post:”.")


def test_an_author_without_a_header_is_warned_of() -> None:
    text = page_text(["Initial post: Jan 1, 2008 9:00:00 AM PST\nFirst.\nWren says:\nSecond."])
    page = read(text)
    assert page.posts[0].author is None
    assert [warning.message for warning in page.warnings] == [
        "“Wren says:” stands inside a post: kept as its text."
    ]


def test_of_two_edit_marks_the_last_counts() -> None:
    mark = "Last edited by the author on Jan {}, 2008 9:00:00 AM PST"
    opening = "Initial post: Jan 1, 2008 9:00:00 AM PST"
    post = f"{opening}\n{mark.format(2)}\n{mark.format(3)}\nWren says:\nFirst."
    (edited,) = read(page_text([post])).posts
    assert (edited.author, edited.content) == ("Wren", "First.")
    assert edited.edited_at == datetime(2008, 1, 3, 17, tzinfo=UTC)
