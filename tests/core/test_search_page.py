from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Attachment, Post
from bot.core.query import parse_query
from bot.core.search import SearchCount, SearchHit
from bot.core.search_page import PAGE_LENGTH, compose_hits
from tests.core.samples import POST

ONE = SearchCount(1, is_more=False)


def post(number: int, text: str) -> Post:
    return replace(POST, number=number, content=text)


def text_of(hit: SearchHit, typed: str) -> str:
    return compose_hits(typed, parse_query(typed), [hit], ONE, 0, "newest first").text


def test_a_hit_says_where_by_whom_and_when_it_was_written() -> None:
    found = post(2, "She meddled.")

    text = text_of(SearchHit(found, "Emma *again*"), "meddle")

    assert text.startswith(f"**[Emma \\*again\\*]({found.jump_url})** #2 · ")
    assert text.endswith("\n> She **meddled**.")


def test_a_blank_line_keeps_hits_apart() -> None:
    hits = [SearchHit(post(number, "She meddled."), "Emma") for number in (2, 1)]

    text = compose_hits("meddle", parse_query("meddle"), hits, ONE, 0, "newest first").text

    assert [hit.splitlines()[-1] for hit in text.split("\n\n")] == ["> She **meddled**."] * 2


def test_a_post_that_is_not_on_discord_has_no_link() -> None:
    found = replace(post(2, "She meddled."), message_id=None)

    assert text_of(SearchHit(found, "Emma"), "meddle").startswith("**Emma** #2 · ")


def test_what_was_found_beside_the_text_is_shown_from_there() -> None:
    poll = replace(post(1, "Vote!"), notes=("Poll: Whose meddling?",))
    files = (
        Attachment(1, "map-of-highbury.png", "image/png", 1, "Hartfield from above"),
        Attachment(2, "SPOILER_wedding.png", "image/png", 1, "The bride"),
    )
    with_files = replace(post(1, "Look!"), attachments=files)

    assert "> Poll: Whose **meddling**?" in text_of(SearchHit(poll, "Emma"), "meddle")
    hit = SearchHit(with_files, "Emma")
    assert "> map-of-**highbury**.png" in text_of(hit, "highbury")
    assert "> **Hartfield** from above" in text_of(hit, "hartfield")
    for secret in ("wedding", "bride"):
        assert text_of(hit, secret).endswith("> Look!")


@pytest.mark.parametrize(
    ("hits", "count", "skipped", "footer"),
    [
        (1, SearchCount(1, is_more=False), 0, "1 of 1 post, newest first"),
        (8, SearchCount(57, is_more=False), 8, "9–16 of 57 posts, newest first"),
        (8, SearchCount(1_000, is_more=True), 992, "993–1,000 of more than 1,000 posts"),
        (
            8,
            SearchCount(1_000, is_more=True, best_of_newest=5_000),
            0,
            "1–8 of more than 1,000 posts, best of the newest 5,000",
        ),
    ],
)
def test_the_footer_counts_honestly(
    hits: int, count: SearchCount, skipped: int, footer: str
) -> None:
    found = [SearchHit(post(1, "meddle"), "Emma")] * hits

    message = compose_hits("meddle", parse_query("meddle"), found, count, skipped, "newest first")

    assert message.footer.startswith(footer)


def test_a_page_of_the_longest_hits_fits_an_embed() -> None:
    hit = SearchHit(post(1, "👩‍👩‍👧meddle**_" * 300), "[" * 100)

    message = compose_hits(
        "`" * 200 + "meddle", parse_query("meddle"), [hit] * PAGE_LENGTH, ONE, 0, "newest first"
    )

    assert len(message.title.encode("utf-16-le")) // 2 <= 256
    assert len(message.text.encode("utf-16-le")) // 2 <= 4096
