"""Find which post an old reply answers, where its words give evidence that leaves no doubt.

A page saved as text lost the links of its replies. What remains are the words: a reply may open
by speaking to an earlier author, or quote or repeat what just one earlier post says. Where there
is no such evidence, or two pieces of it disagree, the parent stays unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from bot.core.evidence_address import Address, EarlierAuthors, speaks_of
from bot.core.evidence_quotation import EarlierWords, Repetition, Voice
from bot.core.evidence_text import PostWords, words_of
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind

ADDRESS = "address"
"""The evidence of a reply that opens by addressing the author of one earlier post."""

QUOTATION = "quotation"
"""The evidence of a reply whose words occur in one earlier post."""


def resolve_replies(discussion: ImportedDiscussion) -> ImportedDiscussion:
    """Give the discussion with the parents that the words of its replies tell.

    Only posts headed as a reply get a parent, and always an earlier one; what is known already
    (`in_reply_to` or `reply_evidence`) is left alone. Nothing is decided for a reply while a post
    before it is missing: that one could be meant. So a parent found from some of the pages is the
    same when all are there, and no later post changes it.
    """
    search = _Search(discussion)
    by_number = sorted(discussion.posts, key=lambda post: post.number)
    resolved = {post.number: search.resolve(post) for post in by_number}
    return replace(discussion, posts=tuple(resolved[post.number] for post in discussion.posts))


class _Search:
    """What the posts so far hold; posts come in the order of their numbers."""

    def __init__(self, discussion: ImportedDiscussion) -> None:
        book = discussion.book
        titles = (discussion.title, discussion.forum, book and book.title, book and book.author)
        common_ground = [words_of(title) for title in titles if title]
        self._authors = EarlierAuthors(common_ground)
        self._words = EarlierWords(common_ground)
        self._author_of: dict[int, str | None] = {}
        self._posts_by: defaultdict[str | None, list[int]] = defaultdict(list)

    def resolve(self, post: ImportedPost) -> ImportedPost:
        words = words_of(post.content)
        address = self._authors.addressed_by(post.author, words)
        repeated = self._words.add(post.number, words)
        is_open = post.in_reply_to is None and post.reply_evidence is None
        nothing_is_missing = len(self._author_of) == post.number - 1
        if post.kind is PostKind.REPLY and is_open and nothing_is_missing:
            parent, evidence = self._parent(post, words, address, repeated)
            if parent is not None:
                post = replace(post, in_reply_to=parent, reply_evidence=evidence)
        self._authors.add(post.author, words, address)
        self._author_of[post.number] = post.author
        self._posts_by[post.author].append(post.number)
        return post

    def _parent(
        self,
        post: ImportedPost,
        words: PostWords,
        address: Address | None,
        found: Collection[Repetition],
    ) -> tuple[int | None, str]:
        repeated = [one for one in found if self._is_evidence(post, words, address, one)]
        if address is None:
            return _only({one.number for one in repeated if one.is_telling}, repeated), QUOTATION
        if not address.is_clear:
            return None, ADDRESS
        numbers = {number for author in address.authors for number in self._posts_by[author]}
        if len(numbers) == 1 and not address.only_quotes:
            told = {one.number for one in repeated if one.is_telling or one.is_a_quoted_doubt}
            return (None if told - numbers else numbers.pop()), ADDRESS
        hints = [one for one in repeated if one.is_a_hint]
        held = self._words.holders(words, numbers)
        return _only({one.number for one in hints} & numbers | held, repeated), QUOTATION

    def _is_evidence(
        self, post: ImportedPost, words: PostWords, address: Address | None, found: Repetition
    ) -> bool:
        """Say whether a run tells something of whom the reply answers.

        One's own words do not, nor those of a third person or of one the reply speaks of. Two
        posts without a name may be one person's, who repeats herself.
        """
        author = self._author_of[found.number]
        quoted_by_name = address is not None and address.only_quotes and author in address.authors
        if found.voice is Voice.ANOTHERS and not quoted_by_name:
            return False
        if author is None:
            return post.author is not None or found.is_quoted or found.voice is Voice.YOURS
        return author != post.author and not speaks_of(author, words, address)


def _only(numbers: Collection[int], repeated: Collection[Repetition]) -> int | None:
    """Give the one post that is told of, unless other runs speak for another."""
    doubts = {one.number for one in repeated if one.is_a_doubt} - set(numbers)
    return next(iter(numbers)) if len(numbers) == 1 and not doubts else None
