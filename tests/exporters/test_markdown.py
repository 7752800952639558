"""A discussion as a Markdown document, for paper."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from bot.core.exported import Names, Visibility
from bot.core.markup import read_markdown
from bot.core.spoilers import hidden_ranges
from bot.exporters.markdown import discussion_markdown
from bot.exporters.post_markdown import PostMarkdown
from tests.core.nasty_texts import nasty_texts
from tests.exporters.exported import BOOK, debate

NAMES = Names(users={1: "Ann *"}, channels={2: "emma"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("**b** *e* __u__ ~~s~~", "**b** *e* *u* ~~s~~"),
        ("**one\n\ntwo**", "**one  \ntwo**"),
        ("2 * 3 <b> &amp; [x] snake_case", r"2 \* 3 \<b\> \&amp; \[x\] snake\_case"),
        ("a\n=====\n-", "a  \n\\=====  \n\\-"),
        ("# Title\ntext", "**Title**\n\ntext"),
        ("-# small", "small"),
        ("so\n> one\n> two\n\n> - a\n> - b\nout", "so\n\n> one  \n> two\n\n> - a\n> - b\n\nout"),
        ("- a\n- b\n  - c\nout", "- a\n- b\n  - c\n\nout"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("```py\nx = `1`\n\n# no\n```", "```\nx = `1`\n\n# no\n```"),
        ("`` a`b ``", "``a`b``"),
        ("`` `a ``", "`` `a ``"),
        ("<@1> <@9> <#2> <a:wave:4>", r"@Ann \* @someone #emma :wave:"),
        ("<t:0:f>", "1 Jan 1970, 00:00 UTC"),
        ("[Emma](https://e.org/a_b)", "[Emma](<https://e.org/a_b>)"),
        ("https://e.org/a_b", "<https://e.org/a_b>"),
        ("[[ASIN:0141439580 Emma]]", "[Emma](<https://www.amazon.com/dp/0141439580>)"),
        ("She ||dies *here*|| now", "She ▮▮▮[^1] now"),
    ],
)  # fmt: skip
def test_a_post_is_commonmark_that_reads_as_discord_shows_it(text: str, expected: str) -> None:
    assert PostMarkdown(NAMES).markdown(text) == expected


def test_spoilers_are_footnotes_at_the_end() -> None:
    document = discussion_markdown(debate(5, lambda number: f"It was ||reader *{number}*||!"))
    head, _, foot = document.decode().partition("\n## Spoilers\n")
    assert "reader" not in head
    assert "It was ▮▮▮[^3]!" in head
    assert "[^3]: reader *3*\n" in foot


def test_it_tells_what_the_forum_told() -> None:
    document = discussion_markdown(debate(12)).decode()
    for told in (
        "# Was the creature born bad?\n",
        "about *Frankenstein* by Mary Shelley (Lackington, 1818), ISBN 9780198840824, 3.8 out of 5",
        "- Total posts: 12\n",
        "- Tracked by 11 members\n",
        "## 1. Ben\n\nInitial post: 10 May 2026, 23:02 UTC\n",
        "Posted on 11 May 2026, 03:02 UTC\n",
        ", in reply to 1 (Ben, 10 May 2026, 23:02 UTC)\n",
        "File: map.png: A map of Ingolstadt\n",
        "File: ▮▮▮.png\n",
        "*Last edited by the author on 11 May 2026, 04:05 UTC.*\n",
        "> It was *born* bad.\n",
        "Dora \\& Sons \\<b\\>",
    ):
        assert told in document


def test_a_deleted_post_is_a_marker() -> None:
    discussion = debate(3)
    first, second, third = discussion.posts
    gone = replace(
        second, author=None, content="", attachments=(), revisions=(), visibility=Visibility.DELETED
    )
    document = discussion_markdown(replace(discussion, posts=(first, gone, third))).decode()
    assert "## 2. A deleted post\n" in document
    assert "*This post was deleted.*\n" in document


@given(st.one_of(nasty_texts(), st.text(alphabet="<>\"'&[]()`|*_-#=+~\n :/ahtps1.)!\\")))
@example("||hidden||(https://x.org)")
@example("||||||||||(||](https://1/||)")
def test_no_post_can_forge_a_heading_or_bring_markup(text: str) -> None:
    for write in (PostMarkdown(NAMES).markdown, PostMarkdown(NAMES).old_text):
        shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(write(text))
        assert not re.search(r"<(h[1-6r]|table|img|script)\b", shown)
        for element in html.fragment_fromstring(shown, create_parent="div").iter("a"):
            assert re.match(r"https?://|mailto:", element.attrib["href"])


@given(nasty_texts())
def test_what_discord_hides_stands_in_the_footnotes_alone(text: str) -> None:
    text = text.replace("\x00", "").replace("\u202e", "")
    hidden = "".join(text[start:end] for start, end in hidden_ranges(read_markdown(text)))
    writer = PostMarkdown(NAMES)
    assert not letters(hidden) & letters(writer.markdown(text))


def letters(text: str) -> set[str]:
    return {letter for letter in text if "\u4e00" <= letter <= "\u9fa5"}


def test_an_old_post_shows_as_it_was_typed_with_its_links_and_spoilers() -> None:
    texts = PostMarkdown(NAMES)
    typed = "# *One* <b>\n1. [[ASIN:0141439580 Emma]] ||dies||"
    assert texts.old_text(typed) == (
        "\\# \\*One\\* \\<b\\>  \n1\\. [Emma](<https://www.amazon.com/dp/0141439580>) ▮▮▮[^1]"
    )
    assert texts.spoilers == ["dies"]


def test_a_book_without_an_isbn_is_named_by_its_asin() -> None:
    book = replace(BOOK, isbn=None, asin="B000OCXHRM")
    document = discussion_markdown(replace(debate(1), book=book)).decode()
    assert "(Lackington, 1818), ASIN B000OCXHRM, " in document
