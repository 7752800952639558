from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PIL import Image

from bot.core.tree import COLOURS, OutlinePost, plan_tree
from bot.exporters.tree_picture import draw_tree
from tests.core.samples import POSTED_AT

NAMES = ("Ann", "_under_", "$x^2$", "村上", "🦉 Owl", "Zoë", "A\u202eB", "Ben")


def posts(count: int, *, authors: int = 8, is_deleted: bool = False) -> list[OutlinePost]:
    """Posts of which every third begins a line of its own, and the others answer the one before."""
    return [
        OutlinePost(
            id=number,
            number=number,
            parent_id=number - 1 if number % 3 else None,
            author=f"{NAMES[number % len(NAMES)]}{number % authors if authors > 8 else ''}",
            posted_at=POSTED_AT + timedelta(hours=7 * number),
            is_deleted=is_deleted,
        )
        for number in range(1, count + 1)
    ]


def drawn(of: list[OutlinePost]) -> Image.Image:
    return Image.open(io.BytesIO(draw_tree(plan_tree("Emma & $co$ 村", of, len(of))))).convert(
        "RGB"
    )


def colours(picture: Image.Image) -> set[str]:
    counted = picture.getcolors(maxcolors=1 << 24)
    assert counted is not None
    return {"#{:02X}{:02X}{:02X}".format(*rgb) for _, rgb in counted if isinstance(rgb, tuple)}


@pytest.mark.parametrize("count", [1, 2, 5, 60, 61, 500])
def test_any_number_of_posts_is_drawn_as_large_as_discord_shows_pictures(count: int) -> None:
    picture = drawn(posts(count))

    assert 1_000 <= picture.width <= 4_000
    assert 800 <= picture.height <= 2_000


@pytest.mark.slow
def test_a_longer_discussion_has_a_wider_picture() -> None:
    widths = [drawn(posts(count)).width for count in (5, 200, 500)]

    assert all(narrow < wide for narrow, wide in pairwise(widths))


def test_each_author_has_their_colour_in_the_picture() -> None:
    assert set(COLOURS) <= colours(drawn(posts(24)))


def test_nothing_is_cut_off_at_the_edges_however_long_names_and_title_are() -> None:
    long = [replace(each, author=f"{each.number % 8} {'Wolkenstein' * 3}") for each in posts(24)]

    picture = Image.open(io.BytesIO(draw_tree(plan_tree("Why does he? " * 9, long, 24))))

    right, bottom = picture.width - 1, picture.height - 1
    for edge in ((0, 0, 1, bottom), (right, 0, right + 1, bottom), (0, bottom, right, bottom + 1)):
        assert colours(picture.crop(edge).convert("RGB")) == {"#FFFFFF"}


@pytest.mark.slow
def test_more_authors_than_colours_and_shapes_can_be_drawn() -> None:
    assert "#8A8A8A" in colours(drawn(posts(180, authors=60)))
