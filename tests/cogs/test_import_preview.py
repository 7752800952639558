"""What previews and lists of imports say, and how much of them a message of Discord shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.imported import ImportedBook, ImportedDiscussion, PageWarning
from bot.exporters.preview import preview_of
from bot.store.importing.imports import ImportPlan
from bot.store.importing.replay_progress import ImportProgress, ReplayState
from cogs._import_list import imports_embed
from cogs._import_preview import Offer, offer_words, preview_embed, whole_preview
from tests.exporters.test_json import FULL

LONG_TITLE = replace(FULL, title="Why? " * 60)
LONG_FACT = replace(FULL, book=ImportedBook(title="A Tale " * 80))
LONG_ODDITY = replace(FULL, warnings=(PageWarning(9, "Odd. " * 60),))
MANY_ODDITIES = replace(FULL, warnings=tuple(PageWarning(n, "Odd.") for n in range(1, 7)))
# Every character of these is shown as two.
WORST = replace(
    FULL,
    title="*" * 4000,
    forum="*" * 4000,
    book=ImportedBook(title="*" * 4000),
    posts=tuple(replace(post, author="*" * 4000) for post in FULL.posts),
    warnings=tuple(PageWarning(n, "*" * 4000) for n in range(1, 400)),
)


FINISHED = ImportProgress(7, 1, 2, 3, "On Dorothea", 24, 24, ReplayState.FINISHED, None)


@pytest.mark.parametrize(
    ("blocked", "said"),
    [(1, "1 post of these pages stays away"), (3, "3 posts of these pages stay")],
)
def test_what_is_barred_from_coming_back_is_counted(blocked: int, said: str) -> None:
    plan = ImportPlan(FINISHED.discussion_id, known=24, added=1, blocked=blocked)
    words = offer_words(Offer(plan, FINISHED, channel_id=2, tag=None, tags=[]))
    assert said in words
    assert "**1 post** is new" in words
    none = replace(plan, blocked=0)
    assert "away" not in offer_words(Offer(none, FINISHED, channel_id=2, tag=None, tags=[]))


def test_the_list_of_imports_shows_the_latest_and_counts_the_earlier_ones() -> None:
    imports = [replace(FINISHED, title=f"{n} {'*' * 90}") for n in range(100)]
    description = imports_embed(imports, None).description or ""
    *shown, rest = description.split("\n")
    assert len(description) <= 4096
    assert len(shown) > 10
    assert rest == f"… and {100 - len(shown)} earlier ones"


def test_what_a_message_shows_whole_comes_without_a_file() -> None:
    assert whole_preview(FULL) is None


@pytest.mark.parametrize(
    "discussion",
    [LONG_TITLE, LONG_FACT, LONG_ODDITY, MANY_ODDITIES],
    ids=["title", "fact", "oddity", "oddities"],
)
def test_what_a_message_cannot_show_whole_comes_as_a_file_too(
    discussion: ImportedDiscussion,
) -> None:
    file = whole_preview(discussion)
    assert file is not None
    told = file.fp.read().decode()
    assert discussion.title in told
    assert all(str(warning) in told for warning in discussion.warnings)


def test_the_longest_preview_keeps_to_what_an_embed_holds() -> None:
    embed = preview_embed(preview_of(WORST))
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert (embed.fields[0].value or "").endswith("and 394 more, in the file preview.txt")
