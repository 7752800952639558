from bot.core.activity import Activity, DigestPart, Reply
from bot.core.selection import Arrival, Change
from tests.core.samples import DISCUSSION

ANN, BEN, CLEO, DAN = 101, 102, 103, 104
PART = DigestPart(1, after=10, since=0)


def arrival(
    post_id: int, user_id: int, *, answered: int | None = None, text: str | None = None
) -> Arrival:
    return Arrival(
        discussion_id=1,
        id=post_id,
        mark=10 + post_id,
        posted_at=1_000 + post_id,
        author_id=user_id,
        user_id=user_id,
        answered_user_id=answered,
        reply_count=0,
        is_initial=0,
        number=post_id,
        is_imported=0,
        text=text,
    )


def activity(*arrivals: Arrival, changes: tuple[Change, ...] = ()) -> Activity:
    return Activity(DISCUSSION, 1, 0, arrivals, changes)


def test_all_whom_nothing_concerns_share_one_selection() -> None:
    heard = activity(arrival(1, ANN), arrival(2, ANN, answered=BEN))
    assert heard.select(CLEO, PART, 20) is heard.select(DAN, PART, 20)
    assert heard.select(CLEO, PART, 20) is heard.select(None, PART, 20)
    own, answered, shared = (heard.select(reader, PART, 20) for reader in (ANN, BEN, CLEO))
    assert own is not shared
    assert answered is not shared


def test_a_reader_who_tracks_since_later_shares_it_only_where_nothing_is_older() -> None:
    heard = activity(arrival(1, ANN), arrival(2, ANN))
    first, second = DigestPart(1, 10, 1_001), DigestPart(1, 10, 1_002)
    assert heard.select(CLEO, first, 20) is heard.select(DAN, PART, 20)
    assert [each.id for each, _ in heard.select(CLEO, second, 20).posts] == [2]


def test_old_posts_that_were_brought_back_answer_nobody() -> None:
    old = arrival(1, ANN, answered=BEN)._replace(is_imported=1)
    new = arrival(2, CLEO, answered=BEN)
    assert activity(old, new).select(BEN, PART, 20).answered_by == {CLEO}


def test_it_wants_to_know_of_answers_to_edits_and_to_what_may_ask_a_reader() -> None:
    change = Change(1, id=7, mark=5, edit_mark=15, edited_at=2_000, user_id=ANN)
    heard = activity(
        arrival(1, ANN, answered=BEN, text="Why?"),
        arrival(2, ANN, answered=CLEO, text="Why?"),
        arrival(3, ANN, text=f"<@{BEN}>?"),
        arrival(4, ANN, answered=BEN),
        changes=(change,),
    )
    assert set(heard.answers_wanted(frozenset({BEN}))) == {1, 3, 7}


def test_an_edit_is_of_an_answered_post_for_those_who_answered_before_it() -> None:
    change = Change(1, id=7, mark=5, edit_mark=15, edited_at=2_000, user_id=ANN)
    heard = activity(changes=(change,))
    for user_id, posted_at in ((BEN, 1_999), (BEN, 3_000), (CLEO, 2_001)):
        heard.hear_of(Reply(7, user_id, posted_at))
    assert {reader: heard.select(reader, PART, 20).changes for reader in (ANN, BEN, CLEO, DAN)} == {
        ANN: [],
        BEN: [(change, True)],
        CLEO: [(change, False)],
        DAN: [(change, False)],
    }
