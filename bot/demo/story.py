"""The debate that the demo plays: who says what, when, and what happens to it.

Charlotte Brontë's novel is long out of copyright; the readers and their words are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

CLUB = "The Tuesday Readers"
FORUM = "novels"
LOBBY = "lobby"
BOOK = ("Jane Eyre", "Charlotte Brontë")

HOST = "Harriet"
FOLLOWER = "Odile"
"""She reads everything and says little: the one who tracks."""


@dataclass(frozen=True, slots=True)
class Says:
    """Someone posts, `later` after what came before; `answers` is the key of another post."""

    key: str
    who: str
    text: str
    answers: str | None = None
    later: timedelta = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Edits:
    """The author of a post gives it another text."""

    key: str
    text: str
    later: timedelta = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Deletes:
    """The author of a post deletes it."""

    key: str
    later: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tracks:
    """The follower uses `/track discussion`: in the thread, or from the lobby by its name."""

    from_outside: bool
    later: timedelta = timedelta(minutes=2)


Act = Says | Edits | Deletes | Tracks


@dataclass(frozen=True, slots=True)
class Debate:
    """A discussion: the first act is its initial post."""

    title: str
    acts: Sequence[Act]

    def posts(self) -> Iterator[Says]:
        """Give what is said, in order, be it edited or deleted afterwards."""
        return (act for act in self.acts if isinstance(act, Says))

    def present_text(self, key: str) -> str | None:
        """Give how a post ends: its last text, or None where it was deleted."""
        text: str | None = None
        for act in self.acts:
            if isinstance(act, Says | Edits) and act.key == key:
                text = act.text
            elif isinstance(act, Deletes) and act.key == key:
                text = None
        return text

    def first_text(self, key: str) -> str:
        """Give how a post began."""
        return next(post.text for post in self.posts() if post.key == key)


SPOILER = "it isn't Grace who sets the beds on fire. She is the nurse; the patient is his wife"
"""What must never be seen unhidden."""

DEEP_POST = "weather"
"""The post whose reply chain is shown: five answers below the initial post."""

OWN_POST, QUESTION_TO_HER = "curtain", "asked"
"""What she says herself, and what somebody asks her about it."""

EDITED_POST = "gypsy"
"""The post whose edit history is shown."""

FAIR_PLAY = Debate(
    title="Is Rochester playing fair?",
    acts=(
        Says(
            "opening",
            HOST,
            "The house party, chapter 17. Every evening he has Jane fetched down to the drawing "
            "room, lets her sit in the window, and spends three hours admiring Blanche Ingram. "
            "He knows exactly who is watching. Is this a man courting, or a man running an "
            "experiment?",
        ),
        Tracks(from_outside=False),
        Says(
            "control",
            "Seun",
            "Experiment, and with no control group. He wants her jealous, he arranges for her "
            "to be jealous, and then he has the nerve to ask her why she looks pale.",
            answers="opening",
        ),
        Says(
            OWN_POST,
            FOLLOWER,
            "Then his is the worse seat. She sits half behind the curtain, sees everyone, and is "
            "seen by no one: who is watching whom?",
            answers="opening",
        ),
        Says(
            "coin",
            "Ines",
            "Let me plead for him a little. Everyone who ever smiled at that man was paid for "
            "it, or hoped to be. He tests the coin with his teeth because nobody taught him "
            "another way.",
            answers="control",
        ),
        Says(
            "wages",
            "Tobias",
            "Then let him bite his own coin. The test costs him an evening's charades and costs "
            "her a week of sleep, and she can't walk out, because he pays her wages. Thirty "
            "pounds a year, Ines: that is the price of the seat in the window.",
            answers="coin",
            later=timedelta(minutes=22),
        ),
        Says(
            "gypsy",
            "Ines",
            "Conceded, on the wages. But look at the fortune-teller: he goes to all that "
            "trouble, red cloak, black bonnet and all, to hear her say one true thing, and she "
            "won't. She wins that round outright.",
            answers="wages",
            later=timedelta(minutes=41),
        ),
        Edits(
            "gypsy",
            "Conceded, on the wages. But look at the fortune-teller: he goes to all that "
            "trouble, red cloak, broad-brimmed hat and all (not a bonnet: Jane corrects herself "
            "too), to hear her say one true thing, and she won't. She wins that round outright.",
        ),
        Says(
            "weather",
            "Marguerite",
            "I'm reading it for the first time, I am in chapter 19, and I cheered so loudly "
            "that the bus turned round. But why does everyone in that house talk about Grace "
            "Poole as if she were weather?",
            answers="gypsy",
            later=timedelta(hours=11),
        ),
        Edits(
            "opening",
            "The house party, chapter 17. Every evening he has Jane fetched down to the drawing "
            "room, lets her sit in the window, and spends three hours admiring Blanche Ingram. "
            "He knows exactly who is watching. Is this a man courting, or a man running an "
            "experiment?\n\nMarguerite is new to the book: whatever comes after chapter 20 goes "
            "behind bars, please.",
        ),
        Says(
            "spoiler",
            "Seun",
            f"Because ||{SPOILER}||. Carry on, Marguerite, you're doing splendidly.",
            answers="weather",
        ),
        Says(
            "blunder",
            "Ned",
            "Why so coy? Skip to chapter 26: a solicitor stops the wedding, for the groom has "
            "one wife already.",
            answers="weather",
            later=timedelta(minutes=50),
        ),
        Says("bars", "Seun", "Ned. The bars. Use the bars.", answers="blunder"),
        Deletes("blunder"),
        Says(
            "stairs",
            "Ines",
            "And the one time she slips away, he is out in the hall before she has reached the "
            "stairs.",
            answers=OWN_POST,
            later=timedelta(hours=1),
        ),
        Says(
            "adele",
            "Tobias",
            "There is a control group, come to think of it: Adèle. The same mixture of presents "
            "and contempt, for years, and she adores him.",
            answers="control",
            later=timedelta(hours=3),
        ),
        Says(
            "apart",
            HOST,
            "I had never put those two side by side, and now I can't get them apart. Thank you, "
            "I think.",
            answers="adele",
        ),
        Says(
            QUESTION_TO_HER,
            "Marguerite",
            "Do you think she likes it there? I would have brought a cushion and stayed until "
            "they put the candles out.",
            answers=OWN_POST,
        ),
        Says(
            "locked",
            "Marguerite",
            "Chapter 20 done. I have been up twice to see whether my own door is locked.",
            later=timedelta(hours=10),
        ),
    ),
)

RED_ROOM = Debate(
    title="The light in the red room",
    acts=(
        Says(
            "light",
            "Tobias",
            "Ten years old, locked into the room where her uncle died, she sees a light glide "
            "up the wall. A lantern on the lawn, most likely, says the grown woman. Whom do we "
            "believe: her, or the child?",
            later=timedelta(hours=20),
        ),
        Tracks(from_outside=True),
        Says(
            "child",
            "Marguerite",
            "The child. Being told afterwards that it was only a lantern never once made "
            "anybody less frightened at the time.",
            answers="light",
        ),
        Says(
            "reed",
            HOST,
            "And Mrs Reed believes neither of them, and pushes her back in. That is the part "
            "that frightens *me*.",
            answers="child",
        ),
    ),
)

DEBATES = (FAIR_PLAY, RED_ROOM)

LIVE_REPLY = "Are any of you still out there? I have only now read it, and I side with this post."
"""What the follower of a replayed page is told about: a reader of today answers an old post."""


def speakers(debates: Sequence[Debate] = DEBATES) -> list[str]:
    """Give everyone who says something, the host first."""
    names = [post.who for debate in debates for post in debate.posts()]
    return list(dict.fromkeys([HOST, *names]))
