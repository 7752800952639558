from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from bot.core.book_card import Ratings
from bot.core.graphemes import utf16_length
from bot.core.overview import Overview
from bot.core.panel import compose_panel
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import BOOK, DISCUSSION, INITIAL, POST

OVERVIEW = Overview(DISCUSSION, 14, INITIAL, POST, 6)
UNRATED = Ratings(None, 0)


def test_a_panel_tells_what_the_old_forums_told_beside_a_discussion() -> None:
    book = replace(BOOK, edition="Vintage, 1999")
    overview = replace(OVERVIEW, discussion=replace(DISCUSSION, book=book))

    panel = compose_panel(overview, Ratings(4.2, 17))

    assert (panel.title, panel.url) == ("Is Charles a liar?", "https://discord.com/channels/9/7")
    assert panel.fields == (
        (
            "This discussion is about",
            "*The Sea, the Sea* by Iris Murdoch (Vintage, 1999)\n4.2 out of 5 stars (17)",
        ),
        ("Participants", "14"),
        ("Total posts", "3"),
        ("Initial post", "[<t:1795199400:f>](https://discord.com/channels/9/7/7)"),
        ("Latest post", "[<t:1795199400:f>](https://discord.com/channels/9/7/70)"),
        ("Tracked by", "6 members"),
    )


def test_what_is_not_known_is_left_out() -> None:
    empty = Overview(replace(DISCUSSION, book=None, post_count=0), 0, None, None, 0)

    assert [name for name, _ in compose_panel(empty, UNRATED).fields] == [
        "Participants",
        "Total posts",
        "Tracked by",
    ]


def test_its_text_changes_with_whatever_it_says() -> None:
    before = compose_panel(OVERVIEW, UNRATED).as_text

    assert compose_panel(OVERVIEW, UNRATED).as_text == before
    assert compose_panel(OVERVIEW, Ratings(5.0, 1)).as_text != before
    assert compose_panel(replace(OVERVIEW, tracked_by=7), UNRATED).as_text != before
    renamed = replace(OVERVIEW, discussion=replace(DISCUSSION, title="Is he?"))
    assert compose_panel(renamed, UNRATED).as_text != before


@given(nasty_texts(max_size=300))
def test_whatever_the_names_are_it_fits(text: str) -> None:
    book = replace(BOOK, title=text * 4, author=text * 4, edition=text * 4)
    long = replace(DISCUSSION, title=text * 4, book=book, guild_id=10**19, thread_id=10**19)

    panel = compose_panel(replace(OVERVIEW, discussion=long), Ratings(4.2, 10**6))

    assert 0 < utf16_length(panel.title) <= 256
    assert all(0 < utf16_length(value) <= 1024 for _, value in panel.fields)
