from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chains import ChainMessage, compose_chain
from bot.core.graphemes import utf16_length
from bot.core.model import Author, Chain, Post, PostKind
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import DISCUSSION, INITIAL, POST, REPLY


def chain(
    *posts: Post,
    initial: Post | None = INITIAL,
    is_cut: bool = False,
    root_parent_unknown: bool = False,
) -> Chain:
    return Chain(DISCUSSION, initial, posts, is_cut, root_parent_unknown)


def long_chain(length: int, content: str, name: str) -> Chain:
    far = 10**19
    post = replace(
        REPLY, content=content, author=Author(1, name), message_id=far, channel_id=far, guild_id=far
    )
    posts = [replace(post, number=100_000 + n, reply_count=100) for n in range(length)]
    return chain(*posts, initial=replace(post, kind=PostKind.INITIAL), root_parent_unknown=True)


def text_of(message: ChainMessage) -> str:
    return "\n".join(message.lines)


def test_a_chain_tells_the_path_from_the_first_post_to_the_chosen_one() -> None:
    message = compose_chain(chain(replace(POST, reply_count=1), replace(REPLY, reply_count=3)))
    assert message.title == "Reply chain in Is Charles a liar?"
    assert text_of(message) == (
        "The discussion began with\n"
        "1\\. **Ben** · <t:1795199400:f> · [open](https://discord.com/channels/9/7/7)\n"
        "> Well?\n"
        "\n"
        "2\\. **Ann** · Posted on <t:1795199400:f> · 1 direct reply · "
        "[open](https://discord.com/channels/9/7/70)\n"
        "> He lies to himself first.\n"
        "\n"
        "3\\. **Ben** · <t:1795199400:f> · In reply to Ann, <t:1795199400:f> · 3 direct replies · "
        "[open](https://discord.com/channels/9/7/71)\n"
        "> No."
    )


def test_a_chain_that_begins_with_the_initial_post_shows_it_once() -> None:
    message = compose_chain(chain(INITIAL, REPLY, initial=None))
    assert "The discussion began with" not in message.lines
    assert " · Initial post · " in message.lines[0]
    assert message.lines[2] == ""
    assert "In reply to Ben" in message.lines[3]


def test_a_reply_to_an_unknown_post_says_so() -> None:
    message = compose_chain(chain(REPLY, root_parent_unknown=True))
    assert "In reply to an earlier post that is not known here" in text_of(message)


def test_a_deleted_post_keeps_its_place() -> None:
    deleted = replace(POST, is_deleted=True, author=None, content="")
    message = compose_chain(chain(deleted, REPLY))
    assert "**A deleted post** · " in text_of(message)
    assert "> (deleted)" in message.lines
    assert "In reply to a deleted post, <t:" in text_of(message)


def test_a_cut_chain_says_where_posts_are_left_out() -> None:
    message = compose_chain(chain(POST, REPLY, is_cut=True))
    first, left_out, last = (
        next(place for place, line in enumerate(message.lines) if words in line)
        for words in ("**Ann**", "left out …", "In reply to a post that is left out")
    )
    assert first < left_out < last


def test_a_post_without_number_or_message_is_shown_without_them() -> None:
    message = compose_chain(chain(replace(POST, number=None, message_id=None), initial=None))
    assert message.lines[0] == "**Ann** · Posted on <t:1795199400:f>"


def test_names_are_shown_as_they_are() -> None:
    odd = replace(POST, author=Author(1, "||x|| <@1>"))
    assert "**\\|\\|x\\|\\| \\<@1>**" in text_of(compose_chain(chain(odd)))


@pytest.mark.parametrize("content", ["word " * 400, "🦉" * 2000, "||" + "x" * 500 + "||", ""])
@pytest.mark.parametrize("name", ["Ann", "*" * 32, "🦉" * 32])
def test_a_chain_of_25_posts_fits_an_embed_with_its_first_and_its_last_post(
    content: str, name: str
) -> None:
    message = compose_chain(long_chain(25, content, name))
    assert utf16_length(text_of(message)) <= 4000
    assert any(line.startswith("100000\\. ") for line in message.lines)
    assert any(line.startswith("100024\\. ") for line in message.lines)


def test_what_a_chain_leaves_out_for_want_of_room_is_counted() -> None:
    message = compose_chain(long_chain(25, "word " * 400, "Ann"))
    shown = sum("In reply to" in line for line in message.lines)
    if shown < 25:
        assert f"… {25 - shown} posts left out …" in message.lines
    assert shown >= 12


def test_a_short_chain_keeps_longer_texts_than_a_long_one() -> None:
    def longest(length: int) -> int:
        return max(map(len, compose_chain(long_chain(length, "word " * 400, "Ann")).lines))

    assert longest(3) > longest(15)


@given(
    texts=st.lists(nasty_texts(), min_size=1, max_size=25),
    name=st.text(max_size=80),
    is_cut=st.booleans(),
)
def test_a_chain_fits_an_embed_whatever_its_posts_hold(
    texts: list[str], name: str, is_cut: bool
) -> None:
    posts = [replace(REPLY, content=text, author=Author(1, name)) for text in texts]
    message = compose_chain(chain(*posts, is_cut=is_cut))
    assert utf16_length(text_of(message)) <= 4000
    assert utf16_length(message.title) <= 256
