"""What of a discussion may be published."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.exported import ExportedDiscussion, Names, Visibility
from bot.core.publication import published
from bot.exporters.html import discussion_html
from tests.exporters.exported import READERS, debate

IDS = dict(zip(READERS, (101, 102, 103, 104), strict=True))


def club_debate(count: int = 12) -> ExportedDiscussion:
    """Give a debate whose posts each say whose they are."""
    discussion = debate(count)
    posts = tuple(
        replace(
            post,
            user_id=IDS[str(post.author)],
            content=f"said by {IDS[str(post.author)]}, to <@101> and <@104> in <#8>",
            notes=("Forwarded: a stranger's words", "Sticker: Owl"),
        )
        for post in discussion.posts
    )
    names = Names(users={101: "Ann", 104: "Dora"}, channels={8: "committee"})
    return replace(discussion, title="Ben's title", posts=posts, names=names)


@given(st.sets(st.sampled_from([*IDS.values()])))
def test_names_and_texts_are_those_of_members_who_agreed_and_of_nobody_else(
    agreed: set[int],
) -> None:
    whole = club_debate()
    shown = published(whole, agreed)
    assert [post.number for post in shown.posts] == [post.number for post in whole.posts]
    assert [post.answers for post in shown.posts] == [post.answers for post in whole.posts]
    for before, post in zip(whole.posts, shown.posts, strict=True):
        if before.user_id in agreed:
            assert (post.author, post.content) == (before.author, before.content)
        else:
            assert post.visibility is Visibility.NOT_PUBLISHED
            assert (post.author, post.content, post.notes, post.attachments) == (None, "", (), ())
    page = discussion_html(shown).decode()
    for name, user_id in IDS.items():
        assert (f"said by {user_id}" in page) == (user_id in agreed)
        if user_id not in agreed:
            assert name.replace("&", "&amp;").replace("<b>", "&lt;b&gt;") not in page
    for secret in ("stranger's words", "committee", "It was", "discord.com", "<@"):
        assert secret not in page


def test_the_title_is_the_text_of_who_began_it() -> None:
    assert published(club_debate(), {102}).title == "Ben's title"
    assert published(club_debate(), {101}).title == "A discussion of Frankenstein"
    without_book = replace(club_debate(), book=None)
    assert published(without_book, set()).title == "A discussion in gothic"


def test_a_deleted_post_and_one_by_nobody_known_show_nothing() -> None:
    first, second, *others = club_debate().posts
    gone = replace(first, visibility=Visibility.DELETED)
    nobody = replace(second, user_id=None)
    shown = published(replace(club_debate(), posts=(gone, nobody, *others)), {101, 102, 103, 104})
    assert [post.visibility for post in shown.posts[:2]] == [
        Visibility.DELETED,
        Visibility.NOT_PUBLISHED,
    ]
    assert (shown.posts[0].author, shown.posts[0].content) == (None, "")


def test_earlier_texts_are_not_published() -> None:
    shown = published(club_debate(), set(IDS.values()))
    assert any(post.edited_at for post in shown.posts)
    assert not any(post.revisions for post in shown.posts)
