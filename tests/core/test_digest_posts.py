from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.digest_posts import TextLengths, changed_post, new_post, other_changes
from bot.core.model import Author, Concern, EditedPost, NewPost, Post, PostKind
from tests.core.samples import ATTACHMENT, INITIAL, POST, REPLY

LENGTHS = TextLengths(near=40, other=20, answered=10)
READER = 500
OWN = replace(POST, author=Author(5, "Odile", READER), content="I think that he lies.")
LINK = "[<t:1795199400:R>](https://discord.com/channels/9/7/71)"


def words(new: NewPost, *, quotes_answered: bool = True) -> str:
    return new_post(new, READER, LENGTHS, quotes_answered=quotes_answered)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewPost(REPLY, POST), f"**Ben** · {LINK}\n-# in reply to Ann: He lies…\n> No."),
        (NewPost(REPLY, None), f"**Ben** in reply to an earlier post · {LINK}\n> No."),
        (
            NewPost(REPLY, replace(POST, is_deleted=True, author=None, content="")),
            f"**Ben** in reply to a deleted post · {LINK}\n> No.",
        ),
        (
            NewPost(REPLY, OWN, Concern.ANSWER),
            f"**Ben** answered you · {LINK}\n-# in reply to you: I think…\n> No.",
        ),
        (
            NewPost(REPLY, replace(OWN, is_deleted=True, author=None, content=""), Concern.ANSWER),
            f"**Ben** answered you, in reply to a deleted post · {LINK}\n> No.",
        ),
        (
            NewPost(replace(REPLY, content="No?"), OWN, Concern.QUESTION),
            f"**Ben** asks you · {LINK}\n-# in reply to you: I think…\n> No?",
        ),
        (
            NewPost(replace(REPLY, reply_count=3), POST, Concern.MENTION),
            f"**Ben** mentions you · 3 replies · {LINK}\n-# in reply to Ann: He lies…\n> No.",
        ),
        (
            NewPost(replace(REPLY, author=None), replace(POST, author=None)),
            f"**A reader** · {LINK}\n-# in reply to A reader: He lies…\n> No.",
        ),
    ],
)
def test_a_new_post_says_whose_it_is_what_it_answers_and_how_it_begins(
    new: NewPost, said: str
) -> None:
    assert words(new) == said


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewPost(REPLY, POST), f"**Ben** in reply to Ann · {LINK}\n> No."),
        (NewPost(REPLY, OWN, Concern.ANSWER), f"**Ben** answered you · {LINK}\n> No."),
        (
            NewPost(replace(REPLY, reply_count=2), POST, Concern.MENTION),
            f"**Ben** mentions you, in reply to Ann · 2 replies · {LINK}\n> No.",
        ),
    ],
)
def test_what_is_in_sight_above_is_named_alone(new: NewPost, said: str) -> None:
    assert words(new, quotes_answered=False) == said


def test_an_initial_post_begins_the_discussion() -> None:
    assert words(NewPost(INITIAL, None)).startswith("**Ben** began the discussion · [")


def test_a_channels_readers_are_no_you() -> None:
    assert "you" not in new_post(NewPost(REPLY, OWN), None, LENGTHS, quotes_answered=True)
    nobody = replace(POST, author=Author(9, "Webhook"))
    said = new_post(NewPost(REPLY, nobody), None, LENGTHS, quotes_answered=True)
    assert "in reply to Webhook" in said


def test_what_concerns_the_reader_is_shown_at_greater_length() -> None:
    long = replace(REPLY, content="words " * 50)
    texts = [
        words(NewPost(long, POST, concern)).rpartition("> ")[2] for concern in (None, *Concern)
    ]
    assert [len(text) for text in texts] == [18, 36, 36, 36]


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (replace(POST, content="", attachments=(ATTACHMENT,)), "> 1 attachment"),
        (replace(POST, content="", attachments=(ATTACHMENT,) * 2), "> 2 attachments"),
        (replace(POST, content="", notes=("Poll: who?", "A / B")), "> Poll: who? · A / B"),
        (replace(POST, content=""), "> (no text)"),
        (replace(POST, author=Author(1, "**x** [a](b)")), "**\\*\\*x\\*\\* \\[a\\](b)** ·"),
        (replace(POST, content="||He did it|| " * 60), "> ||He did it||…"),
        (replace(POST, kind=PostKind.REPLY, content="A\n\nB"), "> A B"),
    ],
)
def test_a_post_without_text_or_with_an_odd_name_reads_well(post: Post, said: str) -> None:
    assert said in words(NewPost(post, None))


def test_spoilers_stay_hidden_in_what_a_post_answers() -> None:
    assert "-# in reply to Ann: ||x||\n" in words(NewPost(REPLY, replace(POST, content="||x||")))


def test_a_post_without_a_message_has_no_link() -> None:
    imported = replace(POST, message_id=None)
    assert words(NewPost(imported, None)).startswith("**Ann** · <t:1795199400:R>\n")
    assert other_changes([EditedPost(imported)]) == "-# Edited since: Ann"


def test_a_changed_post_is_shown_as_it_is_now() -> None:
    edited = replace(POST, edited_at=POST.posted_at + timedelta(minutes=1))
    assert changed_post(edited, LENGTHS) == (
        "**Ann** changed the post that you answered · "
        "[<t:1795199460:R>](https://discord.com/channels/9/7/70)\n"
        "> He lies to himself first."
    )


def test_other_edits_are_a_line_of_links() -> None:
    assert other_changes([EditedPost(POST), EditedPost(REPLY)]) == (
        "-# Edited since: [Ann](https://discord.com/channels/9/7/70),"
        " [Ben](https://discord.com/channels/9/7/71)"
    )
