"""How much a digest holds: Discord's limits, and what of a long week finds room in one message."""

from __future__ import annotations

from collections.abc import Sequence

# Discord's documentation, "Message", section "Embed Limits", in characters; and ten embeds.
MOST_EMBEDS = 10
MOST_IN_ALL = 6000
MOST_IN_DESCRIPTION = 4096
# A notice is to be read at a glance.
MOST_IN_NOTICE = 2500

# The first embed holds the introduction, and the last one may stand for many discussions.
MOST_SECTIONS = MOST_EMBEDS - 1
# A post takes 115 characters at the very least, most of them its link.
MOST_POSTS = MOST_IN_ALL // 115


def fair_share(wanted: Sequence[int], room: int) -> int:
    """Give the most that anyone may have so that those who want less get all of it.

    Together they then take about `room`; never less than one each.
    """
    for served, least in enumerate(sorted(wanted)):
        share = room // (len(wanted) - served)
        if least > share:
            return max(share, 1)
        room -= least
    return max([1, *wanted])
