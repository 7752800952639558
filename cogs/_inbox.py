"""A person's inbox: found out to be open or closed when they begin to track, and told since."""

from __future__ import annotations

import logging

from bot.core.level import Level
from bot.core.ports import Clock, CourierError, InboxClosedError
from bot.store.people import People
from bot.store.person import Inbox
from cogs._courier import DiscordCourier
from cogs._schedule_words import CLOSED, coming_words, trouble_words

logger = logging.getLogger(__name__)

GREETED = "I have sent you a direct message that says when I tell you of it."
UNSURE = (
    "I could not find out whether my direct messages reach you: Discord did not answer. Use "
    "`/track discussion` again later, and I will try again."
)


class Inboxes:
    """Greets those who begin to track, so that a closed inbox is found then."""

    def __init__(self, people: People, courier: DiscordCourier, clock: Clock) -> None:
        self._people = people
        self._courier = courier
        self._clock = clock

    async def greet(self, user_id: int, level: Level) -> str | None:
        """Send the first greeting, unless it has arrived, and give what to tell the person.

        It says when they are told of what they have just begun to track, at that level. One whose
        inbox was closed is greeted anew: that is how it is found to be open again. To one whose
        digests are paused nothing is sent: they are told that.
        """
        person = await self._people.get(user_id)
        if person is None:
            return None
        if person.paused is not None or person.inbox is Inbox.OPEN:
            return trouble_words(person)
        # Two `/track` at once, or an answer that was lost: it arrives once all the same.
        found = await self.test(user_id, f"hello-{user_id}", level)
        return {Inbox.CLOSED: CLOSED, Inbox.UNKNOWN: UNSURE, Inbox.OPEN: GREETED}[found]

    async def test(self, user_id: int, token: str, level: Level | None = None) -> Inbox:
        """Send a known person the greeting, once for each token; give whether it reached them.

        `token` has at most 25 characters. With a level it says when they are told at it. It stays
        unknown where Discord gives no clear answer.
        """
        person = await self._people.get(user_id)
        if person is None:
            return Inbox.UNKNOWN
        coming = await self._people.next_due(user_id)
        often = "" if level is None else f"{coming_words(level, person.schedule, coming)} "
        try:
            await self._courier.greet(
                user_id,
                "**I bring you here what others write in the discussions you track.** "
                f"{often}Without news, nothing comes.\n"
                "`/digest settings` changes how often, when, and your time zone. `/track list` "
                "shows what you track, and `/track stop` ends it. They work here too.",
                token,
            )
        except InboxClosedError:
            found = Inbox.CLOSED
        except CourierError as error:
            logger.warning("A greeting got no clear answer: %s", error)
            return Inbox.UNKNOWN
        else:
            found = Inbox.OPEN
        await self._people.set_inbox(user_id, found, self._clock.now())
        return found

    async def note(self, user_id: int) -> str | None:
        """Give what to tell a person whose digests are paused or cannot reach them, or None."""
        person = await self._people.get(user_id)
        return None if person is None else trouble_words(person)
