from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digest import DigestMessage, compose_digest
from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind
from bot.core.model import (
    Author,
    Book,
    Concern,
    DiscussionNews,
    EditedPost,
    NewPost,
    Post,
    PostKind,
)
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import DISCUSSION, POST, REPLY, digest, news
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters

LONG = "words " * 100
NEAR = NewPost(replace(REPLY, id=90, content=f"Near {LONG}"), None, Concern.ANSWER)


def compose(
    *of: DiscussionNews, kind: DigestKind = DigestKind.WEEKLY, user_id: int | None = 500
) -> DigestMessage:
    message = compose_digest(digest(*of, kind=kind, user_id=user_id))
    assert message is not None
    return message


def topic(number: int, *posts: Post | NewPost, title: str = "") -> DiscussionNews:
    return news(
        *posts,
        discussion=replace(
            DISCUSSION, id=number, thread_id=number, title=title or f"Topic {number}"
        ),
    )


def many(count: int, text: str = LONG) -> list[Post]:
    return [replace(POST, id=number, content=f"Post {number} {text}") for number in range(count)]


def text_of(message: DigestMessage) -> str:
    return "\n".join(
        [message.title, message.introduction]
        + ["\n".join((section.title, *section.lines)) for section in message.sections]
        + [message.footer]
    )


def assert_fits_one_message(message: DigestMessage) -> None:
    """Discord's own limits (developers/resources/message, "Embed Limits")."""
    assert len(message.sections) + bool(message.introduction) <= 10
    total = sum(map(utf16_length, (message.title, message.introduction, message.footer)))
    assert utf16_length(message.title) <= 256
    assert utf16_length(message.introduction) <= 4096
    for section in message.sections:
        description = "\n".join(section.lines)
        assert 0 < utf16_length(section.title) <= 256
        assert 0 < utf16_length(description) <= 4096
        total += utf16_length(section.title) + utf16_length(description)
    assert total + len(" · ") + 25 <= 6000


def test_nothing_new_is_no_digest() -> None:
    assert compose_digest(digest()) is None
    assert compose_digest(digest(news())) is None


def test_edits_of_what_the_reader_had_not_answered_are_no_digest_by_themselves() -> None:
    passed_by, answered = news(edited=(POST,)), news(edited=(EditedPost(POST, is_answered=True),))
    other = news(REPLY, discussion=replace(DISCUSSION, id=2))

    assert compose_digest(digest(passed_by)) is None
    assert "changed the post that you answered" in text_of(compose(answered))
    assert "Edited since" in text_of(compose(other, passed_by))


def test_a_digest_tells_of_each_discussion_what_a_reader_wants_to_know() -> None:
    changed = replace(POST, id=4, content="He lies to all.")
    message = compose(
        news(
            NewPost(replace(REPLY, content="Who says so?"), POST, Concern.QUESTION),
            POST,
            edited=(EditedPost(changed, is_answered=True), replace(POST, id=5)),
            count=33,
            first_number=12,
            is_new=True,
        )
    )
    [section] = message.sections
    assert section.title == "Is Charles a liar?"
    assert section.url == "https://discord.com/channels/9/7"
    assert (section.discussion_id, section.first_number) == (1, 12)
    when, post = "<t:1795199400:R>", "https://discord.com/channels/9/7/7"
    assert "\n".join(section.lines) == (
        "-# The Sea, the Sea — Iris Murdoch · New discussion · 33 new posts by 2 people"
        " · 2 edited posts\n"
        "\n"
        f"**Ben** asks you · [{when}]({post}1)\n"
        "-# in reply to Ann: He lies to himself first.\n"
        "> Who says so?\n"
        "\n"
        f"**Ann** changed the post that you answered · [{when}]({post}0)\n"
        "> He lies to all.\n"
        "\n"
        f"**Ann** · [{when}]({post}0)\n"
        "> He lies to himself first.\n"
        "\n"
        f"-# Edited since: [Ann]({post}0)\n"
        "\n"
        "**and 31 more new posts**: press Read, or"
        " [open the discussion](https://discord.com/channels/9/7)"
    )
    assert message.shown == {1: (3, 4, 2, 5)}


def test_what_a_post_answers_is_quoted_once() -> None:
    own = replace(POST, id=1, author=Author(5, "Odile", 500), content="Mine.")
    question, answer, aside, last = (
        replace(REPLY, id=number, parent_id=parent, content=f"Post {number}")
        for number, parent in ((11, 1), (12, 1), (13, 9), (14, 12))
    )
    told = news(
        NewPost(question, own, Concern.QUESTION),
        NewPost(answer, own, Concern.ANSWER),
        NewPost(aside, replace(POST, id=9, content="Other.")),
        NewPost(last, answer),
        NewPost(replace(REPLY, id=15, parent_id=20), replace(POST, id=20)),
        NewPost(replace(REPLY, id=16, parent_id=13), aside),
        edited=(EditedPost(replace(POST, id=20, content="Edited."), is_answered=True),),
    )
    text = text_of(compose(told))
    assert text.count("in reply to you: Mine.") == 1
    assert text.count("-# in reply to Ann: Other.") == 1
    assert text.count("-# in reply to") == 2
    assert "**Ben** in reply to Ben · " in text
    assert "**Ben** in reply to Ann · " in text


def test_old_posts_that_were_brought_back_are_one_line_and_may_be_all_there_is() -> None:
    message = compose(news(imported_count=50, is_new=True))
    assert message.introduction == "50 old posts imported in 1 discussion that you track."
    assert message.sections[0].lines == (
        "-# The Sea, the Sea — Iris Murdoch · New discussion · 50 old posts imported",
    )
    notice = compose(news(imported_count=50), kind=DigestKind.NOTICE)
    assert "50 old posts imported" in text_of(notice)


def test_a_notice_is_the_posts_and_little_else() -> None:
    message = compose(news(POST, parent=None), kind=DigestKind.NOTICE)
    assert message.introduction == ""
    [section] = message.sections
    assert message.title == section.title == "New in Is Charles a liar?"
    assert section.lines == (
        "**Ann** · [<t:1795199400:R>](https://discord.com/channels/9/7/70)",
        "> He lies to himself first.",
    )


def test_a_notice_of_much_is_shorter_than_a_digest_of_it() -> None:
    notice, weekly = (
        compose(news(*many(40)), kind=kind) for kind in (DigestKind.NOTICE, DigestKind.WEEKLY)
    )
    assert len(text_of(notice)) <= 2500
    assert len(text_of(weekly)) > 4000


def test_a_busy_discussion_says_that_it_is_told_once_an_hour() -> None:
    busy = replace(news(POST, count=40), is_busy=True)
    message = compose(busy, kind=DigestKind.NOTICE)
    assert "once an hour" in message.sections[0].lines[-1]
    assert "once an hour" not in text_of(compose(news(POST, count=40), kind=DigestKind.NOTICE))


def test_a_channels_digest_calls_nobody_you() -> None:
    own = replace(POST, author=Author(5, "Odile", 500))
    text = text_of(compose(news(REPLY, parent=own), kind=DigestKind.CHANNEL, user_id=None))
    assert "in reply to Odile" in text
    assert "you " not in text


def test_a_title_never_styles_and_hides_what_discord_cannot_hide_in_it() -> None:
    odd = replace(DISCUSSION, title="**Loud** [x](y) <@1>", book=Book(1, 9, "_Emma_"))
    [section] = compose(news(POST, discussion=odd)).sections
    assert section.title == "\\*\\*Loud\\*\\* \\[x\\](y) \\<@1>"
    assert section.lines[0] == "-# \\_Emma\\_ · 1 new post by 1 person"
    telling = replace(DISCUSSION, title="Who dies? ||Bertha|| does", book=Book(1, 9, "||Emma||"))
    [section] = compose(news(POST, discussion=telling)).sections
    assert section.title == "Who dies? ▮▮▮ does"
    assert section.lines[0] == "-# ▮▮▮ · 1 new post by 1 person"


def test_what_is_left_out_is_counted() -> None:
    def last_line(told: DiscussionNews) -> str:
        return compose(told).sections[0].lines[-1]

    assert last_line(news(POST, count=32)).startswith("**and 31 more new posts**: press Read, or [")
    assert last_line(news(POST, edited_count=2)).startswith("**and 2 more edited posts**")
    unthreaded = replace(DISCUSSION, thread_id=None)
    assert last_line(news(POST, count=2, discussion=unthreaded)) == (
        "**and 1 more new post**: press Read"
    )


def test_every_post_is_either_shown_or_counted() -> None:
    message = compose(news(*many(40)))
    [section] = message.sections
    in_sight = [line for line in section.lines if line.startswith("> Post")]
    assert 10 < len(in_sight) < 40
    assert section.lines[-1].startswith(f"**and {40 - len(in_sight)} more new posts**")
    assert message.shown == {1: tuple(range(len(in_sight)))}


def test_a_week_that_fits_is_shown_as_a_whole() -> None:
    message = compose(topic(1, *many(3, "")), topic(2, POST))
    assert message.shown == {1: None, 2: None}
    assert "more" not in text_of(message)


def test_a_busy_discussion_leaves_the_quiet_ones_their_room() -> None:
    quiet = replace(POST, content="A quiet word.")
    message = compose(topic(1, *many(40)), topic(2, quiet), topic(3, *many(40)), topic(4, quiet))
    assert message.shown[2] is message.shown[4] is None
    shown = [len(message.shown[number] or ()) for number in (1, 3)]
    assert min(shown) >= 5
    assert max(shown) - min(shown) <= 1


def test_what_concerns_the_reader_is_shown_before_anything_else_is() -> None:
    near = [replace(NEAR, post=replace(NEAR.post, id=number)) for number in range(100, 109)]
    lively = [topic(number, *many(40)) for number in range(1, 8)]
    message = compose(*lively, topic(8, *near, *many(40)))
    assert set(range(100, 109)) <= set(message.shown[8] or ())
    assert "> Near words" in text_of(message)
    # What else is new there waits its turn.
    others = [len(message.shown[number] or ()) for number in range(1, 8)]
    assert len(message.shown[8] or ()) <= 9 + max(others)


def test_more_discussions_than_embeds_are_named_in_the_last_section() -> None:
    message = compose(*(topic(number, POST) for number in range(1, 31)))
    assert_fits_one_message(message)
    *named, rest = message.sections
    assert [section.title for section in named] == [f"Topic {number}" for number in range(1, 9)]
    assert rest.title == "And 22 more discussions"
    assert rest.discussion_id is None
    assert rest.lines[0] == "[Topic 9](https://discord.com/channels/9/9): 1 new post by 1 person"
    assert rest.lines[-1] == f"and {22 - len(rest.lines) + 1} more discussions"
    assert message.shown == {number: None if number < 9 else () for number in range(1, 31)}


def test_a_discussion_without_a_section_still_says_who_answered() -> None:
    answered = replace(topic(9, NEAR), answered_by=frozenset({2}))
    message = compose(*(topic(number, POST) for number in range(1, 9)), answered, topic(10, POST))
    assert "[Topic 9](https://discord.com/channels/9/9): 1 person answered you · 1 new post" in (
        text_of(message)
    )


names = st.one_of(st.none(), st.builds(Author, st.integers(1, 9), st.text(max_size=80)))
odd_texts = st.one_of(
    nasty_texts(), st.text(max_size=300), st.just("🦉" * 2000), st.just("|" * 999)
)
posts = st.builds(
    lambda content, author, kind, message_id, replies: replace(
        POST,
        content=content,
        author=author,
        kind=kind,
        message_id=message_id,
        reply_count=replies,
        channel_id=10**19,
        guild_id=10**19,
    ),
    odd_texts,
    names,
    st.sampled_from(PostKind),
    st.sampled_from([None, 10**19]),
    st.sampled_from([0, 10**6]),
)
new_posts = st.builds(
    NewPost, posts, st.one_of(st.none(), posts), st.sampled_from([None, *Concern])
)
discussions = st.builds(
    lambda title, book_title: replace(
        DISCUSSION,
        title=title,
        guild_id=10**19,
        thread_id=10**19,
        book=Book(1, 1, book_title, book_title),
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=100),
    st.text(max_size=300),
)
some_news = st.builds(
    lambda some, discussion, more, edited, imported, is_busy: news(
        *some * 8,
        discussion=discussion,
        count=len(some) * 8 + more,
        edited=edited,
        imported_count=imported,
        answered_by=frozenset(range(more)),
        is_new=is_busy,
        is_busy=is_busy,
    ),
    st.lists(new_posts, min_size=1, max_size=4),
    discussions,
    st.sampled_from([0, 1, 1000]),
    st.lists(st.builds(EditedPost, posts, st.booleans()), max_size=3).map(tuple),
    st.sampled_from([0, 10**6]),
    st.booleans(),
)


@given(st.lists(some_news, min_size=1, max_size=12), st.sampled_from(DigestKind))
def test_a_digest_fits_one_message_whatever_the_posts_hold(
    told: list[DiscussionNews], kind: DigestKind
) -> None:
    assert_fits_one_message(compose(*told, kind=kind))


@given(first=nasty_texts(), second=nasty_texts(), third=nasty_texts())
def test_posts_in_one_digest_do_not_unhide_each_other(first: str, second: str, third: str) -> None:
    texts = [first, *(apart(text, place) for place, text in enumerate((second, third), start=1))]
    one, two, three = (replace(REPLY, id=place, content=text) for place, text in enumerate(texts))
    told = news(NewPost(one, two), NewPost(three, one), edited=(EditedPost(two, is_answered=True),))
    [section] = compose(told).sections
    secret = frozenset[str]().union(*(hidden_letters(text, ALL) for text in texts))
    shown = visible_letters("\n".join(section.lines), CLIENTS)
    assert not {letter for letter in secret & shown if letter >= "\u4e00"}


def apart(text: str, place: int) -> str:
    """The same text with letters that no other one has."""
    return "".join(chr(ord(sign) + 1000 * place) if sign >= "\u4e00" else sign for sign in text)


@pytest.mark.parametrize("kind", DigestKind)
def test_the_longest_names_and_counts_leave_room_for_a_word_of_each_discussion(
    kind: DigestKind,
) -> None:
    wide = replace(
        POST, author=Author(1, "W" * 80), message_id=10**18, channel_id=10**18, guild_id=10**18
    )
    told = [
        replace(
            topic(number, *[replace(wide, content=LONG)] * 30, title="M" * 100),
            new_post_count=10**6,
        )
        for number in range(1, 10)
    ]
    message = compose(*told, kind=kind)
    assert_fits_one_message(message)
    if kind is not DigestKind.NOTICE:
        assert all(message.shown.values())
