"""What was exported as JSON reads back as it was; whatever else comes, is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost, PageWarning
from bot.core.model import PostKind
from bot.exporters.json import discussion_json
from bot.importers.json_document import read_document
from bot.importers.page import read_page, read_pages
from bot.importers.refusal import PageRefusedError
from tests.exporters.test_json import BARE, FULL
from tests.importers.page_text import page_text

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
counts = st.none() | st.integers(0, 10**8)
days = st.none() | st.dates()
moments = st.integers(0, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@st.composite
def posts(draw: st.DrawFn) -> tuple[ImportedPost, ...]:
    numbers = sorted(draw(st.sets(st.integers(1, 99), max_size=6)))
    return tuple(
        ImportedPost(
            number=number,
            author=draw(st.none() | texts),
            posted_at=draw(moments),
            edited_at=draw(st.none() | moments),
            kind=draw(st.sampled_from(PostKind)),
            content=draw(texts),
            in_reply_to=draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
            reply_evidence=draw(st.sampled_from([None, "link", "reply", "address", "quotation"])),
        )
        for number in numbers
    )


documents = st.builds(
    ImportedDiscussion,
    title=texts,
    forum=st.none() | texts,
    book=st.none()
    | st.builds(
        ImportedBook,
        title=texts,
        binding=st.none() | texts,
        rating=st.none() | st.floats(0, 5),
        rating_count=counts,
        asin=st.none() | texts,
    ),
    participants=counts,
    total_posts=counts,
    tracked_by=counts,
    initial_post=days,
    latest_post=days,
    missing_posts=st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), max_size=3).map(
        tuple
    ),
    posts=posts(),
    warnings=st.lists(st.builds(PageWarning, st.integers(1, 99), texts), max_size=3).map(tuple),
)


@given(documents)
def test_what_is_exported_reads_back_as_it_was(document: ImportedDiscussion) -> None:
    assert read_document(discussion_json(document).decode()) == document


@pytest.mark.parametrize("document", [BARE, FULL], ids=["bare", "full"])
def test_samples_read_back(document: ImportedDiscussion) -> None:
    assert read_document(discussion_json(document).decode()) == document


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.data())
def test_a_damaged_document_is_refused_or_read(data: st.DataObject) -> None:
    document = json.loads(discussion_json(FULL))
    place = data.draw(st.sampled_from([document, document["book"], *document["posts"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
    with suppress(PageRefusedError):
        read_document(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"schema": "marginalia.discussion/1"', r"page\.json, line 1: the JSON breaks off"),
        ('{"schema": "other/1"}', "no discussion of the form"),
        ('{"schema": "marginalia.discussion/1"}', "“posts” is not what it must be"),
        ('{"a":' * 100_000, "is not a discussion that was exported here"),
        ('{"a": ' + "9" * 10_000 + "}", "is not a discussion that was exported here"),
        (discussion_json(BARE).decode(), "without posts"),
    ],
    ids=["cut off", "schema", "empty", "deep", "endless number", "no posts"],
)
def test_what_is_no_discussion_is_refused_by_name(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=problem):
        read_page(text.encode(), name="page.json")


def test_a_field_that_is_wrong_is_named_by_its_path() -> None:
    document = json.loads(discussion_json(FULL))
    document["posts"][1]["posted_at"] = "2006-05-10T22:02:44"
    with pytest.raises(UserError, match=r"“posts\[1\]\.posted_at” is not"):
        read_page(json.dumps(document).encode(), name="page.json")


def test_an_export_is_imported_like_a_page() -> None:
    page = read_page(discussion_json(FULL), name="page.json")
    assert page == FULL


def test_an_export_and_a_saved_page_make_one_discussion() -> None:
    later = page_text(
        ["Posted on Jan 1, 2007 9:00:00 AM PST\nWren says:\nDoch."],
        first=3,
        total=4,
        title=FULL.title,
    )
    later = later.replace("Jan 1, 2008", "May 10, 2006")
    whole = read_pages([("b.txt", later.encode()), ("a.json", discussion_json(FULL))])
    assert [(post.number, post.in_reply_to) for post in whole.posts] == [
        (1, None),
        (2, 1),
        (3, None),
    ]
    assert whole.posts[1].reply_evidence == "address"
    assert whole.missing_posts == ((4, 4),)
