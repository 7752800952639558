from __future__ import annotations

import pytest

from bot.core.ports import Recipient, ThreadReference


@pytest.mark.parametrize("is_private", [True, False])
def test_a_discussion_is_known_to_the_readers_of_its_thread_and_without_one_of_its_forum(
    *, is_private: bool
) -> None:
    with_thread = ThreadReference.of_discussion(1, 20, 300, is_private=is_private)
    without = ThreadReference.of_discussion(1, 20, None, is_private=is_private)

    assert with_thread == ThreadReference(1, 20, 300, is_private)
    assert without == ThreadReference(1, 20, 20, is_private=False)


@pytest.mark.parametrize("both_or_none", [(None, None), (7, 70)])
def test_a_digest_goes_to_one_place(both_or_none: tuple[int | None, int | None]) -> None:
    with pytest.raises(ValueError, match="either to a person or to a channel"):
        Recipient(*both_or_none)
