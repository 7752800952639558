"""What old replies answer, found in their words: never a wrong parent, whatever the words."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.evidence import resolve_replies
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.model import PostKind

SIGRID = "The desert was tedious beyond bearing and the worms looked like socks. I skipped supper."
ANN = "A planet without rain needs a slow beginning."
BAKER = "Banquet chapters are where politics hide, under the sauce and the silverware."
EARLIER = (("Sigrid", SIGRID), ("Ann", ANN), ("Tom Baker", BAKER))


def discussion(posts: Sequence[tuple[str | None, str]], first: int = 1) -> ImportedDiscussion:
    return ImportedDiscussion(
        title="Too much sand?",
        forum="Dune forum",
        book=ImportedBook("Dune", author="Frank Herbert"),
        participants=None,
        total_posts=None,
        tracked_by=None,
        initial_post=None,
        latest_post=None,
        missing_posts=(),
        posts=tuple(
            ImportedPost(
                number=number,
                author=author,
                posted_at=datetime(2008, 3, 1, tzinfo=UTC) + timedelta(days=number),
                edited_at=None,
                kind=PostKind.INITIAL if number == 1 else PostKind.REPLY,
                content=content,
            )
            for number, (author, content) in enumerate(posts, first)
        ),
        warnings=(),
    )


def answered(content: str, author: str | None = "Zoe") -> tuple[int | None, str | None]:
    """Give what a fourth post with this text answers, and how that is known."""
    post = resolve_replies(discussion((*EARLIER, (author, content)))).posts[-1]
    return post.in_reply_to, post.reply_evidence


@pytest.mark.parametrize(
    ("content", "parent"),
    [
        ("Sigrid: but they do look like socks.", 1),
        ("@Sigrid lol", 1),
        ("@sigrid: no", 1),
        ("Sigrid, I disagree, the worms were fine.", 1),
        ("Sigrid, what did you expect from worms?", 1),
        ("Sigrid -- you should read it again", 1),
        ("Sigrid\n\nThe supper is the best of it.", 1),
        ("Hi Sigrid,\nthe supper is the best of it.", 1),
        ("Thanks, Ann. That is well put.", 2),
        ("In reply to Ann: rain would not help.", 2),
        ("ann, i agree", 2),
        ("Ann, I know what you mean.", 2),
        ("Tom Baker: yes, and in the seating.", 3),
        ("Mr. Baker, you are right about the sauce.", 3),
        ("Tom, you are right about the sauce.", 3),
    ],
)
def test_who_opens_by_addressing_an_author_answers_their_one_post(
    content: str, parent: int
) -> None:
    assert answered(content) == (parent, "address")


@pytest.mark.parametrize(
    "content",
    [
        "Annual: the planet's rains are.",
        "Anna: I agree with you.",
        "Ann's: I agree with you.",
        "@Annie I agree",
        "@Sigrid's point stands.",
        "@Sigrid and @Ann, no.",
        "Sigrid and Ann: you are both wrong.",
        "Sigrid, Ann: you are wrong.",
        "Sigrid: worms, Ann: rain, Baker: sauce.",
        "Sigrid: agreed.\n\nAnn: not at all.",
        "Ann, I agree. Sigrid, I do not.",
        "Ann, I agree with you, but Sigrid, your socks!",
        "Thanks, Sigrid, and you too, Ann!",
        "Sigrid, I think, is wrong.",
        "Ann, I was told, loved it.",
        "Ann, you know, would never say so.",
        "Ann, your friend, wrote otherwise.",
        "Ann, you say? I never heard of her.",
        "Ann I agree",
        "Ann :) socks",
        '"Sigrid: I am" was how she signed.',
        "I agree with Sigrid.",
        "Tom: always the first at table.",
        "Sigrid? I thought it was Ann who said that.",
    ],
)
def test_who_only_mentions_a_name_answers_nobody_known(content: str) -> None:
    assert answered(content) == (None, None)


ODD_NAMES = (
    ("havisham & sons", "We deal in sand, wholesale and by the bag."),
    ("~dune_rat~", "Spice is a metaphor for petroleum."),
    ("99", "Knees hurt when one walks without rhythm."),
    ("Ezra J. (retired)", "Leto knew from the beginning."),
    ("A Reader", "Sandtrout, obviously."),
    ("María José", "Nothing."),
)


@pytest.mark.parametrize(
    ("content", "parent"),
    [
        ("Dear havisham & sons,\ndo you deliver?", 4),
        ("~dune_rat~, it's more than that.", 5),
        ("dune_rat: it is more than that.", 5),
        ("dune_rat, it's clear, is an economist.", None),
        ("99: the number of times that this made me laugh.", None),
        ("99, I agree with you about rhythm.", 6),
        ("Ezra J., fair enough.", 7),
        ("A Reader -- would you mind telling us where?", 8),
        ("A reader who looks for sandtrout finds them.", None),
        ("Maria Jose, hear hear.", 9),
        ("Beautifully put, Sigrid.", 1),
        ("I agree with you, Tom Baker!", 3),
        ("Sigrid, please, is not the heroine.", None),
        ("Sigrid, don't forget, was hungry.", None),
        ("Sigrid, is she your heroine?", None),
        ("Not you, Ann: I meant Sigrid.", None),
    ],
)
def test_names_of_every_kind_are_known_from_words(content: str, parent: int | None) -> None:
    posts = resolve_replies(discussion((*EARLIER, *ODD_NAMES, ("Zoe", content)))).posts
    assert posts[-1].in_reply_to == parent


def test_nobody_addresses_themselves() -> None:
    assert answered("Ann: that is how I sign.", author="Ann") == (None, None)


@pytest.mark.parametrize(
    ("content", "parent"),
    [
        ('"under the sauce and the silverware" indeed.', 3),
        ("“Under the sauce and the silverware” indeed.", 3),
        ("'under the sauce and the silverware' indeed.", 3),
        ("> The worms looked like socks\nThey did.", 1),
        ("You say the desert was tedious beyond bearing, and I loved each grain.", 1),
        ('Sigrid wrote: "the worms looked like socks". They did.', 1),
    ],
)
def test_who_quotes_one_post_alone_answers_it(content: str, parent: int) -> None:
    assert answered(content) == (parent, "quotation")


@pytest.mark.parametrize(
    "content",
    [
        'Like Tom says, "under the sauce and the silverware".',
        'Somebody said "under the sauce and the silverware".',
        'The best line is "under the sauce and the silverware".',
        '"Under the sauce and the silverware" (page 114) is my favourite.',
        '"Under the sauce and the silverware," as Herbert writes.',
        'Ann wrote: "the worms looked like socks".',
        'Ann: "the worms looked like socks and tedious beyond bearing".',
        'Between "the worms looked like socks" and "under the sauce and the silverware" I am torn.',
        'Neither "tedious beyond bearing" nor "under the sauce and the silverware" is fair.',
        'Herbert has Paul say "under the sauce and the silverware" at dinner.',
        'To quote a friend: "under the sauce and the silverware".',
        'Paul thinks: "under the sauce and the silverware".',
        '"under the sauce and the silverware" - The Guardian',
        "It needs a slow beginning.",
    ],
)
def test_who_quotes_a_third_person_the_book_or_two_posts_answers_nobody_known(
    content: str,
) -> None:
    assert answered(content) == (None, None)


def test_who_quotes_more_than_the_post_holds_quotes_the_book_as_that_post_did() -> None:
    first = ("Mo", "I like the ending, with no shadow of another parting.")
    more = ("Zoe", '"I saw no shadow of another parting from her" is what he says.')
    part = ("Eve", '"no shadow ... of another parting" made me laugh.')
    posts = resolve_replies(discussion((*EARLIER, first, more))).posts
    assert posts[-1].in_reply_to is None
    posts = resolve_replies(discussion((*EARLIER, first, part))).posts
    assert posts[-1].in_reply_to == 4


def test_a_phrase_of_two_earlier_posts_tells_nothing() -> None:
    quoting = ("Mo", '"Under the sauce and the silverware" made me hungry.')
    last = ("Zoe", '"Under the sauce and the silverware" made me smile.')
    posts = resolve_replies(discussion((*EARLIER, quoting, last))).posts
    assert [post.in_reply_to for post in posts[3:]] == [3, None]


def test_a_phrase_of_the_language_tells_nothing() -> None:
    first = ("Mo", "The second worm was the straw that broke the camel's back.")
    last = ("Zoe", '"The straw that broke the camel\'s back" came for me with the third.')
    assert resolve_replies(discussion((*EARLIER, first, last))).posts[4].in_reply_to is None


def test_an_author_of_several_posts_is_meant_only_where_a_quotation_says_which() -> None:
    again = ("Sigrid", "The second half moves, I grant.")
    plain = ("Zoe", "Sigrid: that surprises me.")
    quoting = ("Mo", 'Sigrid, you "skipped supper"? And "the second half moves, I grant" is thin.')
    exact = ("Eve", 'Sigrid: "I grant" is what people say before they take it back.')
    clear = ("Kim", 'Sigrid: "the second half moves" is more than I hoped to hear.')
    posts = resolve_replies(discussion((*EARLIER, again, plain, quoting, exact, clear))).posts
    assert [post.in_reply_to for post in posts[4:]] == [None, None, None, 4]


def test_only_replies_get_a_parent() -> None:
    told = discussion((*EARLIER, ("Zoe", "Sigrid: but they do look like socks.")))
    plain = replace(told, posts=(*told.posts[:3], replace(told.posts[3], kind=PostKind.POST)))
    assert resolve_replies(plain) == plain


def test_what_a_link_has_told_is_left_alone() -> None:
    told = discussion((*EARLIER, ("Zoe", "Sigrid: but they do look like socks.")))
    linked = replace(told.posts[3], in_reply_to=2, reply_evidence="link")
    known = replace(told, posts=(*told.posts[:3], linked))
    assert resolve_replies(known) == known


def test_nothing_is_decided_while_an_earlier_post_is_missing() -> None:
    posts = (*EARLIER, ("Zoe", "Sigrid: but they do look like socks."))
    assert resolve_replies(discussion(posts)).posts[3].in_reply_to == 1
    later = discussion(posts, first=26)
    assert resolve_replies(later) == later


PHRASES = (
    "Sigrid: ", "@Ann ", "Ann, I ", "Tom, you said ", '"', "'", "\n", "> ", "the worms looked ",
    "tedious beyond bearing ", "under the sauce and the silverware ", "page 12 ", "you say ", ": ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PHRASES) | st.text(max_size=5), max_size=8).map("".join)
NAMES = st.sampled_from(("Sigrid", "Ann", "Ann Lee", "Will", "Tom Baker", None))
DISCUSSIONS = st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=8).map(discussion)


@given(DISCUSSIONS, st.integers(1, 8))
def test_later_posts_change_no_parent(whole: ImportedDiscussion, length: int) -> None:
    beginning = replace(whole, posts=whole.posts[:length])
    assert resolve_replies(beginning).posts == resolve_replies(whole).posts[:length]


@given(DISCUSSIONS, st.sets(st.integers(0, 7)))
def test_a_parent_found_from_some_pages_is_found_from_all(
    whole: ImportedDiscussion, lost: set[int]
) -> None:
    kept = [post for place, post in enumerate(whole.posts) if place not in lost]
    told = {post.number: post for post in resolve_replies(whole).posts}
    for post in resolve_replies(replace(whole, posts=tuple(kept))).posts:
        assert post.in_reply_to in (None, told[post.number].in_reply_to)


@given(DISCUSSIONS)
def test_a_parent_is_an_earlier_post_of_somebody_else(whole: ImportedDiscussion) -> None:
    authors = {post.number: post.author for post in whole.posts}
    for before, post in zip(whole.posts, resolve_replies(whole).posts, strict=True):
        assert replace(post, in_reply_to=None, reply_evidence=None) == before
        if post.in_reply_to is not None:
            assert post.in_reply_to < post.number
            assert post.author is None or authors[post.in_reply_to] != post.author


@pytest.mark.parametrize(
    "piece",
    ['"a ', "'a ", ">", " ", ". ", "Ann, ", "Ann: ", "you say ", '"zebra yak" ', "a:\n", "[[ASIN:"],
)
def test_a_post_of_a_hundred_kilobytes_takes_no_longer_than_its_length(piece: str) -> None:
    long = "".join(repeat(piece, 100_000 // len(piece)))
    start = time.process_time()
    resolve_replies(discussion((("Ann", long), ("Bo", long), ("Cid", f"Ann, I say {long}"))))
    assert time.process_time() - start < 5  # about 0.3 s; a square of the length takes minutes
