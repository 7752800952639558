"""The JSON of a discussion is what its schema and its readers expect."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost, PageWarning
from bot.core.model import PostKind
from bot.exporters.json import discussion_json
from bot.importers.page import read_page

PAGES = Path(__file__).parents[1] / "pages"

BARE = ImportedDiscussion(
    title="On Dorothea",
    forum=None,
    book=None,
    participants=None,
    total_posts=None,
    tracked_by=None,
    initial_post=None,
    latest_post=None,
    missing_posts=(),
    posts=(),
    warnings=(),
)
FULL = ImportedDiscussion(
    title="„Ist das gut?“",
    forum="Middlemarch forum",
    book=ImportedBook(
        "Middlemarch", "Paperback", "George Eliot", "Penguin", 4.3, 612, "014143954X"
    ),
    participants=2,
    total_posts=4,
    tracked_by=1,
    initial_post=date(2006, 5, 10),
    latest_post=date(2007, 1, 1),
    missing_posts=((3, 4),),
    posts=(
        ImportedPost(
            number=1,
            author="Wren",
            posted_at=datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC),
            edited_at=None,
            kind=PostKind.INITIAL,
            content="Ja.\n\nOder?",
        ),
        ImportedPost(
            number=2,
            author=None,
            posted_at=datetime(2006, 5, 11, 1, 0, 0, tzinfo=timezone(timedelta(hours=2))),
            edited_at=datetime(2006, 5, 12, tzinfo=UTC),
            kind=PostKind.REPLY,
            content="Nein 🙂",
            in_reply_to=1,
            reply_evidence="address",
        ),
    ),
    warnings=(PageWarning(9, "Odd."),),
)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    text = files("bot.exporters").joinpath("discussion.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("discussion", [BARE, FULL], ids=["bare", "full"])
def test_every_discussion_keeps_to_the_schema(
    discussion: ImportedDiscussion, validator: Draft202012Validator
) -> None:
    validator.validate(json.loads(discussion_json(discussion)))


@pytest.mark.parametrize("path", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_the_sample_pages_keep_to_the_schema(path: Path, validator: Draft202012Validator) -> None:
    page = read_page(path.read_bytes(), name=path.name)
    validator.validate(json.loads(discussion_json(page)))


def test_the_schema_refuses_a_time_of_another_zone(validator: Draft202012Validator) -> None:
    document = json.loads(discussion_json(FULL))
    document["posts"][0]["posted_at"] = "2006-05-10T15:02:44-07:00"
    assert not validator.is_valid(document)


def test_keys_stand_in_their_order() -> None:
    document = json.loads(discussion_json(FULL))
    assert " ".join(document) == (
        "schema title forum book participants total_posts tracked_by initial_post latest_post "
        "missing_posts posts warnings"
    )
    assert " ".join(document["book"]) == "title binding author edition rating rating_count asin"
    assert " ".join(document["posts"][0]) == (
        "number author posted_at edited_at kind in_reply_to reply_evidence content"
    )


def test_a_warning_of_one_of_several_pages_names_it_in_its_message() -> None:
    named = replace(FULL, warnings=(PageWarning(55, "Odd.", "page.txt"),))
    assert json.loads(discussion_json(named))["warnings"] == [
        {"line": 55, "message": "page.txt: Odd."}
    ]


def test_moments_are_utc_and_days_are_days() -> None:
    document = json.loads(discussion_json(FULL))
    assert document["schema"] == "marginalia.discussion/1"
    assert document["posts"][0]["posted_at"] == "2006-05-10T22:02:44+00:00"
    assert document["posts"][1]["posted_at"] == "2006-05-10T23:00:00+00:00"
    assert document["initial_post"] == "2006-05-10"
    assert document["missing_posts"] == [[3, 4]]


def test_what_is_absent_is_null() -> None:
    document = json.loads(discussion_json(BARE))
    assert " ".join(key for key, value in document.items() if value is None) == (
        "forum book participants total_posts tracked_by initial_post latest_post"
    )


def test_the_bytes_are_readable_utf_8_with_a_last_line_end() -> None:
    data = discussion_json(FULL)
    assert "„Ist das gut?“" in data.decode()
    assert "Nein 🙂" in data.decode()
    assert data.endswith(b"}\n")
    assert len(data.splitlines()) > 20
