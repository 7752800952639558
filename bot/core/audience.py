"""Whether a channel shows something to more people than another one: by the rules of both.

How permissions come about: Discord's documentation, "Permissions", section "Permission Overwrites".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_

ADMINISTRATOR = 1 << 3
VIEW_CHANNEL = 1 << 10
READ_MESSAGE_HISTORY = 1 << 16


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows, and denies, those with a role: bits of permissions."""

    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a server, and the permissions that it gives in all channels."""

    id: int
    permissions: int


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: what it takes to read it, and its overwrites by the ids of roles."""

    needed: int
    overwrites: Mapping[int, Overwrite]

    def is_read_with(self, everyone: Role, roles: Collection[Role]) -> bool:
        """Say whether someone with @everyone and these roles reads it."""
        granted = reduce(or_, (role.permissions for role in roles), everyone.permissions)
        if granted & ADMINISTRATOR:
            return True
        of_everyone = self._overwrite(everyone)
        granted = granted & ~of_everyone.deny | of_everyone.allow
        theirs = [self._overwrite(role) for role in roles]
        denied = reduce(or_, (each.deny for each in theirs), 0)
        allowed = reduce(or_, (each.allow for each in theirs), 0)
        return (granted & ~denied | allowed) & self.needed == self.needed

    def _overwrite(self, role: Role) -> Overwrite:
        return self.overwrites.get(role.id, Overwrite())


def who_reads_more(
    everyone: Role, roles: Sequence[Role], shown_in: Place, kept_in: Place
) -> tuple[Role, ...] | None:
    """Give the fewest roles with which one reads the place of showing and not that of keeping.

    None where nobody does, whichever roles they have; () where everyone does. Two are enough: one
    that opens the first place, and one that closes the second. What a third one adds only closes
    the first or opens the second.
    """
    distinct: dict[tuple[int, ...], Role] = {}
    for role in roles:
        distinct.setdefault(_weight(role, shown_in, kept_in), role)
    for number in range(3):
        for chosen in combinations(distinct.values(), number):
            if shown_in.is_read_with(everyone, chosen) and not kept_in.is_read_with(
                everyone, chosen
            ):
                return chosen
    return None


def _weight(role: Role, shown_in: Place, kept_in: Place) -> tuple[int, ...]:
    """Give all of a role that counts here: of those that are alike one is looked at."""
    counts = ADMINISTRATOR | shown_in.needed | kept_in.needed
    overwrites = [place.overwrites.get(role.id, Overwrite()) for place in (shown_in, kept_in)]
    return (
        role.permissions & counts,
        *(bits & counts for each in overwrites for bits in (each.allow, each.deny)),
    )
