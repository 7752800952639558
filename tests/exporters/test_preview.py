from dataclasses import replace

from bot.core.imported import PageWarning
from bot.exporters.preview import discussion_preview
from tests.exporters.test_json import BARE, FULL


def test_a_preview_says_what_an_import_would_bring() -> None:
    assert discussion_preview(FULL).split("\n") == [
        "„Ist das gut?“",
        "  Forum: Middlemarch forum",
        "  Book: Middlemarch [Paperback] by George Eliot (Penguin), 4.3 out of 5 stars (612)",
        "  Posts: 2 of 4",
        "  Missing: 3-4 (on the discussion's other pages)",
        "  Authors: Wren, 1 post by nobody known",
        "  Written: 2006-05-10 22:02 to 2006-05-10 23:00 UTC",
        "  Replies: 1; for 1 it is known what they answer (1 by address)",
        "  Participants: 2, tracked by 1",
        "  Line 9: Odd.",
        "",
    ]


def test_what_a_page_does_not_say_is_left_out() -> None:
    preview = discussion_preview(replace(BARE, posts=FULL.posts[:1]))
    assert preview.split("\n") == [
        "On Dorothea",
        "  Posts: 1",
        "  Authors: Wren",
        "  Written: 2006-05-10 22:02 to 2006-05-10 22:02 UTC",
        "  Replies: none",
        "",
    ]


def test_unresolved_replies_are_counted() -> None:
    replies = [replace(FULL.posts[1], number=n, in_reply_to=None) for n in (2, 3)]
    preview = discussion_preview(replace(FULL, posts=(*FULL.posts[:1], *replies)))
    assert "Replies: 2; for none is it known what they answer\n" in preview


def test_a_parent_that_a_host_chose_is_told_as_theirs() -> None:
    chosen = replace(FULL.posts[1], reply_evidence=None)
    preview = discussion_preview(replace(FULL, posts=(FULL.posts[0], chosen)))
    assert "Replies: 1; for 1 it is known what they answer (1 by a host)\n" in preview


def test_the_authors_with_most_posts_are_named_and_the_others_counted() -> None:
    posts = [replace(FULL.posts[0], number=n, author=f"R{n % 14}") for n in range(1, 30)]
    preview = discussion_preview(replace(FULL, posts=tuple(posts)))
    assert "Authors: R1 (3), R2 (2)" in preview
    assert preview.count(" (2)") == 9
    assert "4 more\n" in preview


def test_every_warning_has_its_line() -> None:
    warnings = tuple(PageWarning(n, f"Odd {n}.") for n in range(1, 40))
    preview = discussion_preview(replace(FULL, warnings=warnings))
    assert all(f"Line {n}: Odd {n}." in preview for n in range(1, 40))


def test_a_warning_of_one_of_several_pages_begins_with_its_name() -> None:
    preview = discussion_preview(replace(FULL, warnings=(PageWarning(55, "Odd.", "page.txt"),)))
    assert preview.endswith("\n  page.txt, line 55: Odd.\n")
