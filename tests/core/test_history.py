from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.graphemes import utf16_length
from bot.core.history import FIRST_UNKNOWN, GAP, compose_history
from bot.core.model import Attachment, Author, Revision
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import ATTACHMENT, POST, POSTED_AT


def revision(
    text: str, minutes: int = 0, *, files: tuple[Attachment, ...] = (), after_gap: bool = False
) -> Revision:
    return Revision(text, files, POSTED_AT + timedelta(minutes=minutes), after_gap)


def test_every_text_is_told_with_its_time_and_what_changed() -> None:
    history = compose_history(
        POST, [revision("He lies."), revision("He lies to us.", 1), revision("He lies.", 2)]
    )

    assert history.title == "Edits of post 2 by Ann"
    assert history.text == (
        "**Written** · <t:1795199400:f>\n> He lies.\n\n"
        "**Edit 1 of 2** · <t:1795199460:f> · 3 words added, 1 removed\n"
        "> He ~~lies.~~ **lies to us.**\n\n"
        "**Edit 2 of 2** · <t:1795199520:f> · 1 word added, 3 removed\n"
        "> He ~~lies to us.~~ **lies.**"
    )


def test_a_gap_in_which_edits_may_have_been_missed_is_marked() -> None:
    history = compose_history(POST, [revision("One."), revision("Two.", 5, after_gap=True)])

    assert history.text.endswith(GAP)


def test_a_post_that_was_edited_before_it_was_known_says_so() -> None:
    history = compose_history(POST, [revision("Two.", 5)])

    assert history.text.startswith(f"{FIRST_UNKNOWN}\n**First known text** · ")
    assert history.text.endswith("It has not been edited since.")


def test_changed_files_are_named_and_an_edit_of_files_alone_says_that_no_word_changed() -> None:
    history = compose_history(
        POST, [revision("Look.", files=(ATTACHMENT,)), revision("Look.", 1), revision("Look.", 2)]
    )

    first, second, third = history.text.split("\n\n")
    assert first.endswith("-# Attached: map.png")
    assert second.endswith("> (no word changed)\n-# Attached: nothing any more")
    assert third.endswith("> (no word changed)")


def test_a_deleted_post_has_no_texts() -> None:
    history = compose_history(replace(POST, is_deleted=True, author=None), [])
    assert (history.title, history.text) == ("Edits of post 2 (deleted)", "(deleted)")


def test_many_edits_are_read_page_by_page_and_none_is_lost() -> None:
    texts = [revision(f"word{n} " * 300, n) for n in range(12)]

    pages = [compose_history(POST, texts, page) for page in range(1, 14)]

    count = pages[0].pages
    assert 1 < count < 13
    shown = "\n\n".join(page.text for page in pages[:count])
    assert [f"**Edit {n} of 11**" in shown for n in range(1, 12)] == [True] * 11
    assert pages[count] == pages[count - 1]


@given(st.lists(nasty_texts(max_size=200), min_size=1, max_size=8), nasty_texts(max_size=60))
def test_whatever_the_texts_hold_every_page_fits(texts: list[str], name: str) -> None:
    files = tuple(replace(ATTACHMENT, name=name or "x") for _ in range(10))
    revisions = [revision(text * 5, n, files=files[n:]) for n, text in enumerate(texts)]
    post = replace(POST, author=Author(1, name))

    first = compose_history(post, revisions)

    for page in range(1, first.pages + 1):
        history = compose_history(post, revisions, page)
        assert 0 < utf16_length(history.text) <= 4096
        assert utf16_length(history.title) <= 256
