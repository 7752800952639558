from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from bot.core.graphemes import utf16_length
from bot.core.model import Attachment
from bot.core.page import ReadPost, post_heading
from bot.core.whole_post import compose_post
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import ATTACHMENT, DISCUSSION, POST

READ = ReadPost(POST, None)


def test_a_post_is_shown_as_it_was_written_below_its_heading() -> None:
    read = ReadPost(replace(POST, content="# So\n> *he* says\n\n||lies||"), None)

    whole = compose_post(DISCUSSION, read)

    assert whole.title == "Is Charles a liar?"
    assert whole.text == f"{post_heading(read)}\n\n# So\n> *he* says\n\n||lies||"
    assert (whole.part, whole.parts) == (1, 1)


def test_files_and_what_has_no_text_are_named_above_the_text() -> None:
    secret = Attachment(2, "SPOILER_end.png", "image/png", 3 * 1024**2)
    post = replace(POST, content="", notes=("Poll: Yes?",), attachments=(ATTACHMENT, secret))

    text = compose_post(DISCUSSION, ReadPost(post, None)).text

    assert text.endswith("-# Poll: Yes?\n-# Attached: map.png (1 KB), ▮▮▮.png (3.0 MB)")


def test_a_deleted_post_says_that_it_is_deleted() -> None:
    deleted = ReadPost(replace(POST, content="", is_deleted=True), None)

    assert compose_post(DISCUSSION, deleted).text.endswith("\n\n(deleted)")


def test_a_long_post_comes_in_parts_and_nothing_is_lost() -> None:
    words = [f"word{number}" for number in range(1_500)]
    read = ReadPost(replace(POST, content=" ".join(words)), None)

    parts = [compose_post(DISCUSSION, read, part) for part in range(1, 9)]

    count = parts[0].parts
    assert count > 2
    shown = [word for each in parts[:count] for word in each.text.split("\n\n", 1)[1].split()]
    assert shown == words
    assert parts[count] == parts[count - 1]


@given(nasty_texts(max_size=600))
def test_whatever_it_holds_every_part_fits(text: str) -> None:
    files = tuple(replace(ATTACHMENT, name=text[:200] or "x") for _ in range(10))
    post = replace(POST, content=text * 20, notes=(text,), attachments=files)

    first = compose_post(DISCUSSION, ReadPost(post, None))

    for part in range(1, first.parts + 1):
        shown = compose_post(DISCUSSION, ReadPost(post, None), part)
        assert 0 < utf16_length(shown.text) <= 4096
