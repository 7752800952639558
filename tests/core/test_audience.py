from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audience import (
    ADMINISTRATOR,
    READ_MESSAGE_HISTORY,
    VIEW_CHANNEL,
    Overwrite,
    Place,
    Role,
    who_reads_more,
)

READ = VIEW_CHANNEL | READ_MESSAGE_HISTORY
EVERYONE, READER, GUEST, BARRED = Role(0, READ), Role(1, 0), Role(2, 0), Role(3, 0)
SHUT, OPEN = Overwrite(deny=VIEW_CHANNEL), Overwrite(allow=VIEW_CHANNEL)
NO_PAST = Overwrite(deny=READ_MESSAGE_HISTORY)


def channel(**overwrites: Overwrite) -> Place:
    return Place(VIEW_CHANNEL, named(**overwrites))


def forum(**overwrites: Overwrite) -> Place:
    return Place(READ, named(**overwrites))


def named(**overwrites: Overwrite) -> dict[int, Overwrite]:
    roles = {"everyone": EVERYONE, "reader": READER, "guest": GUEST, "barred": BARRED}
    return {roles[name].id: overwrite for name, overwrite in overwrites.items()}


@pytest.mark.parametrize(
    ("shown_in", "kept_in", "found"),
    [
        (channel(), forum(), None),
        (channel(everyone=SHUT), forum(everyone=SHUT), None),
        (channel(everyone=SHUT, reader=OPEN), forum(everyone=SHUT, reader=OPEN), None),
        (channel(everyone=SHUT, reader=OPEN), forum(), None),
        (channel(), forum(everyone=SHUT, reader=OPEN), ()),
        (channel(), forum(everyone=NO_PAST), ()),
        (channel(), forum(barred=SHUT), (BARRED,)),
        (channel(barred=SHUT), forum(barred=SHUT), None),
        (channel(everyone=SHUT, guest=OPEN), forum(everyone=SHUT, reader=OPEN), (GUEST,)),
        # Neither alone, but who has both is let into the one and kept out of the other.
        (channel(everyone=SHUT, reader=OPEN), forum(barred=SHUT), (READER, BARRED)),
        # What one role denies another one of the same member may allow again.
        (channel(), forum(barred=SHUT, reader=OPEN), (BARRED,)),
    ],
)
def test_the_fewest_roles_are_found_that_read_the_channel_and_not_the_forum(
    shown_in: Place, kept_in: Place, found: tuple[Role, ...] | None
) -> None:
    assert who_reads_more(EVERYONE, [READER, GUEST, BARRED], shown_in, kept_in) == found


def test_a_role_that_reads_channels_by_itself_counts_as_one_that_is_let_in() -> None:
    visitor = Role(4, VIEW_CHANNEL)

    found = who_reads_more(Role(0, 0), [visitor], channel(), forum())

    assert found == (visitor,)


def test_administrators_read_everything() -> None:
    head = Role(GUEST.id, ADMINISTRATOR)
    into_the_channel_alone = channel(everyone=SHUT, guest=OPEN), forum(everyone=SHUT)

    assert who_reads_more(EVERYONE, [GUEST], *into_the_channel_alone) == (GUEST,)
    assert who_reads_more(EVERYONE, [head], *into_the_channel_alone) is None


BITS = st.sampled_from([0, VIEW_CHANNEL, READ_MESSAGE_HISTORY, READ])
PERMISSIONS = st.sampled_from([0, VIEW_CHANNEL, READ_MESSAGE_HISTORY, READ, ADMINISTRATOR])
OVERWRITES = st.dictionaries(st.integers(0, 5), st.builds(Overwrite, BITS, BITS), max_size=6)


@given(st.lists(PERMISSIONS, min_size=6, max_size=6), OVERWRITES, OVERWRITES)
def test_nobody_is_missed_whichever_and_however_many_roles_they_have(
    permissions: list[int], in_channel: dict[int, Overwrite], in_forum: dict[int, Overwrite]
) -> None:
    everyone, *roles = (Role(number, bits) for number, bits in enumerate(permissions))
    shown_in, kept_in = Place(VIEW_CHANNEL, in_channel), Place(READ, in_forum)
    members = chain.from_iterable(combinations(roles, number) for number in range(6))

    someone = any(
        shown_in.is_read_with(everyone, member) and not kept_in.is_read_with(everyone, member)
        for member in members
    )

    assert (who_reads_more(everyone, roles, shown_in, kept_in) is not None) == someone
