from hypothesis import given
from hypothesis import strategies as st

from bot.core.digest_room import fair_share


def test_who_wants_less_gets_all_and_the_others_share_the_rest() -> None:
    assert fair_share([1, 2, 30, 40], 23) == 10
    assert fair_share([1, 2, 3], 6) == 3
    assert fair_share([5, 5], 0) == 1
    assert fair_share([], 10) == 1


@given(st.lists(st.integers(0, 100), max_size=9), st.integers(9, 200))
def test_together_they_take_no_more_than_there_is_and_leave_nothing_that_one_wants(
    wanted: list[int], room: int
) -> None:
    share = fair_share(wanted, room)
    assert sum(min(each, share) for each in wanted) <= room
    if sum(wanted) > room:
        assert sum(min(each, share + 1) for each in wanted) > room
