"""What the demo promises, checked against what the bot stored and what arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.imported import ImportedDiscussion
from bot.core.model import Post, PostKind
from bot.core.replay_text import webhook_name
from bot.demo import story
from bot.demo.club import Club
from bot.demo.discord_text import HIDDEN, discord_text
from bot.demo.performance import Played
from sandbox.state import SandboxMessage, SandboxThread

_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Promise:
    """Something the demo promises, and whether it truly happened."""

    words: str
    is_kept: bool


async def story_promises(
    club: Club, played: Sequence[Played], digests: Sequence[SandboxMessage], shown: str
) -> list[Promise]:
    """Check the debates that were held, the digests that came, and what was `shown` of it all."""
    main = played[0]
    said = sum(len(list(one.debate.posts())) for one in played)
    return [
        Promise(
            f"all {said} posts are stored, in their order, as they now stand",
            all([await _is_stored(club, one) for one in played]),
        ),
        Promise(
            "the reply chain leads back to the initial post, step by step",
            await _chain_keys(club, main) == _story_chain(main.debate, story.DEEP_POST),
        ),
        Promise("the edited post has both its texts", await _has_both_texts(club, main)),
        Promise(
            "the deleted post left its place and the answer to it, and no text",
            await _left_its_place(club, main),
        ),
        Promise("one digest arrived, and only one", len(digests) == 1),
        Promise(
            "it brings what is new since she tracked, and nothing else",
            len(digests) == 1 and _brings(digests[0], played),
        ),
        Promise(
            "it begins with who answered her, and with what she is asked",
            len(digests) == 1 and _begins_with_her(digests[0], main.debate),
        ),
        Promise(
            "the spoiler was hidden wherever it was shown",
            HIDDEN in shown and _essence(story.SPOILER) not in _essence(shown),
        ),
    ]


def file_promise(path: Path) -> Promise:
    """Check, after the bot has ended, that the deleted text is nowhere in its database."""
    main = story.FAIR_PLAY
    files = [path, *path.parent.glob(f"{path.name}-*")]
    data = b"".join(one.read_bytes() for one in files)
    deleted, kept = (main.first_text(key).encode() for key in ("blunder", "bars"))
    # That the answer to it is found shows that this would find it.
    return Promise(
        "no trace of the deleted text is left in the database's file",
        kept in data and deleted not in data,
    )


async def page_promises(
    club: Club,
    document: ImportedDiscussion,
    thread: SandboxThread,
    reply: SandboxMessage,
    digests: Sequence[SandboxMessage],
) -> list[Promise]:
    """Check an old discussion that was brought back, and a reply of today to it."""
    discussion = await club.app.discussions.by_thread(thread.id)
    posts = [] if discussion is None else await club.app.posts.page(discussion.id, limit=_ALL)
    old = [post for post in posts if post.is_imported]
    chain = await club.app.posts.chain(reply.id)
    last = max(document.total_posts or 0, document.posts[-1].number)
    return [
        Promise(
            f"all {len(document.posts)} posts of the pages are stored to the letter",
            [
                (post.number, post.author and post.author.name, post.posted_at, post.content)
                for post in old
            ]
            == [
                (post.number, post.author, post.posted_at, post.content) for post in document.posts
            ],
        ),
        Promise(
            "each is in the thread under its author's name, with its date and edit mark",
            _are_replayed(document, old, thread),
        ),
        Promise(
            f"a reply of today is post {last + 1}, and continues the chain",
            chain is not None
            and [post.number for post in chain.posts[-2:]] == [document.posts[-1].number, last + 1],
        ),
        Promise("one digest arrived, and only one", len(digests) == 1),
        Promise(
            "it brings the reply, and nothing else",
            len(digests) == 1 and _quotations(digests[0]) == [_essence(story.LIVE_REPLY)],
        ),
    ]


async def _is_stored(club: Club, played: Played) -> bool:
    discussion = await club.app.discussions.by_thread(played.thread.id)
    if discussion is None:
        return False
    posts = await club.app.posts.page(discussion.id, limit=_ALL)
    stored = [(post.message_id, post.content, post.is_deleted) for post in posts]
    said = []
    for post in played.debate.posts():
        text = played.debate.present_text(post.key)
        said.append((played.messages[post.key].id, text or "", text is None))
    return stored == said and [post.number for post in posts] == list(range(1, len(said) + 1))


async def _chain_keys(club: Club, played: Played) -> list[str]:
    chain = await club.app.posts.chain(played.messages[story.DEEP_POST].id)
    keys = {message.id: key for key, message in played.messages.items()}
    return [] if chain is None else [keys[post.message_id or 0] for post in chain.posts]


def _story_chain(debate: story.Debate, key: str) -> list[str]:
    answers = {post.key: post.answers for post in debate.posts()}
    keys: list[str] = []
    step: str | None = key
    while step is not None:
        keys.insert(0, step)
        step = answers[step]
    return keys


async def _has_both_texts(club: Club, played: Played) -> bool:
    post = await club.app.posts.by_message(played.messages[story.EDITED_POST].id)
    if post is None:
        return False
    texts = [revision.content for revision in await club.app.posts.revisions(post.id)]
    key = story.EDITED_POST
    return texts == [played.debate.first_text(key), played.debate.present_text(key)]


async def _left_its_place(club: Club, played: Played) -> bool:
    blunder = await club.app.posts.by_message(played.messages["blunder"].id)
    answer = await club.app.posts.by_message(played.messages["bars"].id)
    return (
        blunder is not None
        and answer is not None
        and blunder.is_deleted
        and not blunder.content
        and not await club.app.posts.revisions(blunder.id)
        and answer.parent_id == blunder.id
    )


def _brings(digest: SandboxMessage, played: Iterable[Played]) -> bool:
    """Say whether the digest quotes the beginning of just what is news to the follower."""
    news = sorted(_essence(_plain(text)) for one in played for text in _news(one.debate))
    quoted = sorted(_quotations(digest))
    return len(quoted) == len(news) and all(
        text.startswith(quotation) for text, quotation in zip(news, quoted, strict=True)
    )


def _news(debate: story.Debate) -> Iterator[str]:
    """Give the texts of what others said after the tracking, and of what she had answered.

    The latter where it was changed since, and all of it as it now stands.
    """
    began = next(i for i, act in enumerate(debate.acts) if isinstance(act, story.Tracks))
    keys, answered = set[str](), set[str | None]()
    for act in debate.acts[began:]:
        match act:
            case story.Says(who=story.FOLLOWER):
                answered.add(act.answers)
            case story.Says():
                keys.add(act.key)
            case story.Edits() if act.key in answered:
                keys.add(act.key)
    return filter(None, map(debate.present_text, keys))


def _begins_with_her(digest: SandboxMessage, debate: story.Debate) -> bool:
    asked = next(post for post in debate.posts() if post.key == story.QUESTION_TO_HER)
    opening: str = digest.embeds[0]["description"]
    return opening.startswith(f"**2 people answered you, and {asked.who} asks you") and _essence(
        asked.text
    ).startswith(_quotations(digest)[0])


def _quotations(digest: SandboxMessage) -> list[str]:
    """Give the quoted texts of a digest, letters and digits only."""
    lines = [line for embed in digest.embeds[1:] for line in embed["description"].split("\n")]
    return [_essence(_plain(line)) for line in lines if line.startswith("> ")]


def _are_replayed(
    document: ImportedDiscussion, stored: Sequence[Post], thread: SandboxThread
) -> bool:
    messages = {message.id: message for message in thread.messages if message.webhook is not None}
    for old, post in zip(document.posts, stored, strict=True):
        message = messages.get(post.message_id or 0)
        if message is None or message.author_name != webhook_name(old.author):
            return False
        marks = [f"<t:{int(old.posted_at.timestamp())}:f>"]
        if old.edited_at is not None:
            marks.append(f"edited <t:{int(old.edited_at.timestamp())}:f>")
        if old.kind is PostKind.REPLY:
            marks.append("In reply to")
        if not all(mark in message.content for mark in marks):
            return False
    return True


def _plain(markdown: str) -> str:
    return discord_text(markdown).plain


def _essence(text: str) -> str:
    """Give the letters and digits alone: what is left of a text however it is set and wrapped."""
    return "".join(character for character in text if character.isalnum())
