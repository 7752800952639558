"""A discussion as a tree over time: where each post stands, in which colour, and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.excerpt import Surface, excerpt
from bot.core.post_line import counted, plain_name

MOST_POSTS = 500
"""How many posts a picture holds; of a longer discussion it shows the latest."""

# With names and titles so long, the alternative text has less than the 1,024 characters of
# Discord's documentation, "Message", section "Attachment Structure".
_NAME_LIMIT = 32
_TITLE_LIMIT = 90

# Okabe and Ito's colours, which people with any kind of colour blindness tell apart
# (jfly.uni-koeln.de/color), without black, and their yellow darker, for a white ground.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B8A800")
SHAPES = ("o", "s", "^", "D", "v", "P")
"""Matplotlib's names of markers: where there are more authors than colours, the shape tells."""


@dataclass(frozen=True, slots=True)
class OutlinePost:
    """A post without its text.

    `author` is None where the page that was imported named none, and of a deleted post.
    """

    id: int
    number: int
    parent_id: int | None
    author: str | None
    posted_at: datetime
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How an author's posts look; `colour` is None for all who have no look of their own.

    `first` is the number of the first of these posts that is in the picture.
    """

    name: str
    posts: int
    first: int
    colour: str | None
    shape: str
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A post in the picture: `place` counts the posts from the left, `depth` the replies up.

    `parent` is the index of the node it answers, if that is in the picture.
    """

    post: OutlinePost
    place: int
    depth: int
    parent: int | None
    look: Look


@dataclass(frozen=True, slots=True)
class Tree:
    """A picture's content: `looks` are the authors', the busiest first, then the deleted posts'."""

    title: str
    subtitle: str
    nodes: tuple[Node, ...]
    looks: tuple[Look, ...]
    alternative: str


def plan_tree(title: str, posts: Sequence[OutlinePost], post_count: int) -> Tree:
    """Say what a picture of these posts shows, in the order of their numbers.

    `post_count` is the highest number in the discussion, which may have more posts than these.
    Raises `ValueError` where there is no post.
    """
    if not posts:
        raise ValueError("a picture needs a post")
    authors, deleted = _looks(posts), _deleted_look(posts)
    by_name = {look.name: look for look in authors if look.colour is not None}
    index = {post.id: place for place, post in enumerate(posts)}
    nodes: list[Node] = []
    for place, post in enumerate(posts):
        parent = None if post.parent_id is None else index.get(post.parent_id)
        # An imported post may answer one that stands below it on its page.
        if parent is not None and parent >= place:
            parent = None
        depth = 0 if parent is None else nodes[parent].depth + 1
        look = deleted if post.is_deleted else by_name.get(_name(post), authors[-1])
        nodes.append(Node(post, place, depth, parent, look))
    shown_title = excerpt(title, _TITLE_LIMIT, Surface.PLAIN) or "(untitled)"
    subtitle = _subtitle(posts, post_count)
    return Tree(
        title=shown_title,
        subtitle=subtitle,
        nodes=tuple(nodes),
        looks=(*authors, deleted) if deleted.posts else authors,
        alternative=_alternative(shown_title, subtitle, nodes, authors),
    )


def tick_labels(times: Sequence[datetime]) -> list[str]:
    """Give two lines for each time: its day and year, or, where two are of one day, its hour."""
    days = {when.date() for when in times}
    below = "%Y" if len(days) == len(times) else "%H:%M"
    return [f"{when.day} {when:%b}\n{when.strftime(below)}" for when in times]


def _looks(posts: Sequence[OutlinePost]) -> tuple[Look, ...]:
    """Give each author a colour and shape, as long as there are any, and the others one look."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for post in posts:
        if not post.is_deleted:
            numbers[_name(post)].append(post.number)
    ways = [(colour, shape) for shape in SHAPES for colour in COLOURS]
    names = sorted(numbers, key=lambda name: (-len(numbers[name]), name))
    own = names if len(names) <= len(ways) else names[: len(ways)]
    looks = [
        Look(name, len(numbers[name]), min(numbers[name]), colour, shape)
        for name, (colour, shape) in zip(own, ways, strict=False)
    ]
    others = [number for name in names[len(own) :] for number in numbers[name]]
    if others:
        looks.append(Look(f"{len(names) - len(own):,} others", len(others), min(others), None, "X"))
    return tuple(looks)


def _deleted_look(posts: Sequence[OutlinePost]) -> Look:
    """Give the look of the deleted posts, which are nobody's any more."""
    numbers = [post.number for post in posts if post.is_deleted]
    return Look("deleted", len(numbers), min(numbers, default=0), None, "o", is_hollow=True)


def _name(post: OutlinePost) -> str:
    return plain_name(post.author, _NAME_LIMIT)


def _subtitle(posts: Sequence[OutlinePost], post_count: int) -> str:
    there = [post for post in posts if not post.is_deleted]
    people = counted(len({_name(post) for post in there}), "person")
    shown = counted(len(there), "post")
    if post_count > len(posts):
        shown = f"The latest {len(posts):,} of {post_count:,} posts"
    first, last = min(post.posted_at for post in posts), max(post.posted_at for post in posts)
    when = _day(first) if _day(first) == _day(last) else f"{_day(first)} to {_day(last)}"
    return f"{shown} by {people}, {when}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _alternative(title: str, subtitle: str, nodes: Sequence[Node], authors: Sequence[Look]) -> str:
    deepest = max(nodes, key=lambda node: node.depth)
    replies = Counter(node.parent for node in nodes if node.parent is not None)
    sentences = [
        f"The discussion “{title}” as a tree over time, from left to right: {subtitle}.",
        f"{counted(sum(node.parent is None for node in nodes), 'post')} begin a line of their own.",
    ]
    if replies:
        (most, count), *_ = replies.most_common(1)
        answered = nodes[most]
        sentences.append(
            f"The longest chain is {counted(deepest.depth, 'step')} deep and ends with "
            f"{_words(deepest)}. Most answered is {_words(answered)}, with "
            f"{counted(count, 'direct reply')}."
        )
    busiest = ", ".join(f"{look.name} ({look.posts})" for look in authors[:5])
    if busiest:
        sentences.append(f"Most posts are by {busiest}.")
    return " ".join(sentences)


def _words(node: Node) -> str:
    """Name a post in a sentence."""
    if node.post.is_deleted:
        return f"post {node.post.number}, which was deleted"
    return f"post {node.post.number} by {node.look.name}"
