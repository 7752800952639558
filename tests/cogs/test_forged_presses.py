"""What a changed client may send: presses of buttons that are not there, with any content."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from bot.core.place import OpenPost, Place
from cogs._digest_view import LEVEL_OF_ALL, LEVEL_OF_ONE, MUTE, READ_NEW, STOP_ALL
from cogs._list_view import FORUM, FORUMS, LIST, SORT, ListPlace
from cogs._page_view import CHOOSE, ENTER, FOUND, JUMP, PICTURE, TURN
from cogs._panel_view import BEGIN, TAKE_HOME, TRACK
from cogs._pause_view import RESUME
from cogs._post_view import BRANCH, CHAIN, HISTORY, OPEN
from cogs._presses import PressCog
from cogs._search_view import TURN as TURN_HITS
from cogs._searches import SEARCH
from sandbox.state import SandboxMessage
from tests.cogs.old_posts import forum_of_the_few
from tests.cogs.scenes import posts_of
from tests.harness import Club, Settled

CARRYING = (TURN, JUMP, PICTURE, LIST, FORUMS, BEGIN, TAKE_HOME, TRACK, SEARCH)
BELOW_DIGESTS = (READ_NEW, MUTE, LEVEL_OF_ONE, LEVEL_OF_ALL)
CARRYING_POSTS = (OPEN, CHAIN, HISTORY, BRANCH)
CHOOSING = (ENTER, FORUM, SORT, CHOOSE, FOUND, READ_NEW, MUTE, TRACK)
# They are about nothing but the digests of whoever presses.
CARRYING_NOTHING = (STOP_ALL, RESUME)
GARBAGE = ("", "x", "-1", "0.o", "1.x", "9" * 30, "٣", "1.1/9.9", "name o 1", "9" * 20 + ".l.1")


def test_every_action_that_is_heard_is_forged_here(bot: Marginalia) -> None:
    heard = {
        action for cog in bot.cogs.values() if isinstance(cog, PressCog) for action in cog.presses
    }

    carrying = {*CARRYING, *BELOW_DIGESTS, *CARRYING_POSTS, *CHOOSING, TURN_HITS}
    assert heard == carrying | set(CARRYING_NOTHING)


@pytest.fixture
async def panel(bot: Marginalia, club: Club, settled: Settled) -> SandboxMessage:
    """A message of the bot's that everyone sees."""
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await settled()
    await bot.app.ticker.run("panels")
    await settled()
    (panel,) = [message for message in thread.messages if message.embeds]
    return panel


@pytest.mark.parametrize("action", [*CARRYING, *CARRYING_POSTS, *BELOW_DIGESTS, TURN_HITS])
async def test_what_a_button_does_not_carry_is_refused_in_words(
    club: Club, panel: SandboxMessage, action: str
) -> None:
    for state in GARBAGE:
        answer = await club.cleo.forge_press(panel, f"{action}::{state}")

        assert answer.ephemeral
        assert answer.embeds == []
        assert "incident" not in answer.content, state


@pytest.mark.parametrize("action", CHOOSING)
async def test_what_a_select_does_not_offer_is_refused_in_words(
    club: Club, panel: SandboxMessage, action: str
) -> None:
    state = {SORT: f"{club.forum.id}.l.1", CHOOSE: Place(1, 1).as_text()}.get(action, "")
    for value in (*GARBAGE, None):
        answer = await club.cleo.forge_press(panel, f"{action}::{state}", value)

        assert answer.ephemeral
        assert answer.embeds == []
        assert "incident" not in answer.content, value


async def test_who_names_in_a_press_what_they_may_not_read_is_shown_nothing_of_it(
    bot: Marginalia, club: Club, panel: SandboxMessage, settled: Settled
) -> None:
    forum = await forum_of_the_few(bot, club, settled)
    hidden = await club.guild.owner.start_thread(forum, "Dismissals", "Who is to go?")
    reply = await club.guild.owner.reply(hidden.messages[0], "Nobody is to go.")
    await club.guild.owner.edit(reply, "Everybody is to go.")
    await settled()
    first, post = await posts_of(bot, hidden)
    here = Place(first.discussion_id, 2)
    states = {
        TURN: here.as_text(),
        PICTURE: str(first.discussion_id),
        LIST: ListPlace(forum.id).as_text(),
        BEGIN: f"{first.discussion_id}.o",
        TAKE_HOME: str(first.discussion_id),
        TRACK: str(first.discussion_id),
        READ_NEW: f"{first.discussion_id}.1",
    }
    pressed: list[tuple[str, str, str | None]]
    pressed = [(action, state, None) for action, state in states.items()]
    pressed += [(action, OpenPost(post.id, here).as_text(), None) for action in CARRYING_POSTS]
    pressed += [
        (ENTER, "", str(first.discussion_id)),
        (FORUM, "", str(forum.id)),
        (SORT, ListPlace(forum.id).as_text(), "t"),
        (CHOOSE, here.as_text(), str(post.id)),
        (FOUND, "", str(post.id)),
    ]
    forms = [(JUMP, here.as_text()), (SEARCH, str(first.discussion_id))]
    # Those name nothing but a page of all forums, and a search that looks anew at each turn. What
    # one tracks one may mute without reading it.
    naming = {*CARRYING, *CARRYING_POSTS, *CHOOSING} - {FORUMS, MUTE}
    assert {action for action, *_ in [*pressed, *forms]} == naming

    for action, state, value in pressed:
        answer = await club.cleo.forge_press(panel, f"{action}::{state}", value)

        assert "no longer there for you" in answer.content, action
        assert answer.embeds == []
        assert answer.message.attachments == []
    for action, state in forms:
        form = await club.cleo.forge_press(panel, f"{action}::{state}")
        assert form.modal is not None
        (field,) = form.modal["components"]
        answer = await club.cleo.submit(form, {field["label"]: "1"})

        assert "no longer there for you" in answer.content, action
        assert answer.embeds == []
    assert await bot.app.tracking.of_user(club.cleo.id) == ()


async def test_a_form_puts_nothing_into_a_message_that_everyone_sees(
    bot: Marginalia, club: Club, panel: SandboxMessage
) -> None:
    discussion = await bot.app.discussions.by_thread(panel.channel.id)
    assert discussion is not None
    before = (panel.content, panel.embeds)

    form = await club.cleo.forge_press(panel, f"{JUMP}::{Place(discussion.id, 1).as_text()}")
    answer = await club.cleo.submit(form, {"Page (1 to 1)": "1"})

    assert answer.ephemeral
    assert answer.content.startswith("Showing 1-1")
    assert (panel.content, panel.embeds) == before
