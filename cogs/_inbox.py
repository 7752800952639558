"""A person's inbox: found out to be open or closed when they begin to track, and told since."""

from __future__ import annotations

import logging

from bot.core.ports import CourierError, InboxClosedError
from bot.core.post_line import timestamp
from bot.core.schedule import WEEKDAYS, WeeklySchedule
from bot.store.people import Inbox, People, Person
from cogs._courier import DiscordCourier

logger = logging.getLogger(__name__)

CLOSED = (
    "**Your direct messages are closed to me, so no digest can reach you.** What you track is "
    "kept. To open them: press the name of a server that we share, choose Privacy Settings, and "
    "switch Direct Messages on. Then use `/track discussion` again, and I will try again."
)
GREETED = "I have sent you a direct message that says when your digest comes."

UNSURE = (
    "I could not find out whether my direct messages reach you: Discord did not answer. Use "
    "`/track discussion` again later, and I will try again."
)


class Inboxes:
    """Greets those who begin to track, so that a closed inbox is found then."""

    def __init__(self, people: People, courier: DiscordCourier) -> None:
        self._people = people
        self._courier = courier

    async def greet(self, user_id: int) -> str | None:
        """Send the first greeting, unless it has arrived, and give what to tell the person.

        One whose inbox was closed is greeted anew: that is how it is found to be open again.
        """
        person = await self._people.get(user_id)
        if person is None or person.inbox is Inbox.OPEN:
            return None
        try:
            await self._courier.greet(user_id, greeting(person))
        except InboxClosedError:
            await self._people.set_inbox(user_id, Inbox.CLOSED)
            return CLOSED
        except CourierError as error:
            # Whether it is open stays unknown: the next `/track` tries again.
            logger.warning("A greeting got no clear answer: %s", error)
            return UNSURE
        await self._people.set_inbox(user_id, Inbox.OPEN)
        return GREETED

    async def note(self, user_id: int) -> str | None:
        """Give what to tell a person whose inbox was found closed, or None."""
        person = await self._people.get(user_id)
        return CLOSED if person is not None and person.inbox is Inbox.CLOSED else None


def greeting(person: Person) -> str:
    """Say what will come, when, and how to change or stop it."""
    return (
        "**Your weekly digest.** Once a week I bring you here what others wrote in the "
        "discussions you track, and nothing in a week without news. The next one may come "
        f"{timestamp(person.next_digest_at, 'F')} ({schedule_words(person.schedule)}).\n"
        "`/digest settings` changes the day, the hour and the time zone. `/track list` shows "
        "what you track, and `/track stop` ends it. They work here too."
    )


def schedule_words(schedule: WeeklySchedule) -> str:
    """Give a schedule in words: "Sundays at 18:00, Europe/Paris"."""
    return f"{WEEKDAYS[schedule.weekday]}s at {schedule.hour:02}:00, {schedule.zone}"
