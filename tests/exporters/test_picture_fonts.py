from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.exporters.picture_fonts import legible, shortened, width_of

# Hieroglyphs: no font of those that pictures are written with has them.
REED, OWL = "\N{EGYPTIAN HIEROGLYPH M017}", "\N{EGYPTIAN HIEROGLYPH G017}"


@pytest.fixture
def figure() -> Figure:
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë & Ян", "Zoë & Ян"),
        ("🦉 Owl", "Owl"),
        ("A\u202eB", "AB"),
        (f"Ann {REED}", None),
        (REED + OWL, None),
        ("🦉", None),
        ("", None),
    ],
)
def test_a_text_is_written_where_the_fonts_have_its_letters(text: str, written: str | None) -> None:
    assert legible(text) == written


@pytest.mark.parametrize("room", [1, 20, 100, 300])
@pytest.mark.parametrize("text", ["W" * 60, "il" * 60, "Who is mad, and who is not? " * 3, "W"])
def test_a_text_is_cut_where_there_is_no_room_for_more(
    figure: Figure, text: str, room: float
) -> None:
    shown = shortened(figure, text, 8, room)

    assert text.startswith(shown.removesuffix("…"))
    assert width_of(figure, shown, 8) <= room or len(shown.removesuffix("…")) <= 1


def test_a_text_that_fits_is_left_as_it_is(figure: Figure) -> None:
    assert shortened(figure, "Ann", 8, 300) == "Ann"
