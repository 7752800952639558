"""How often the parents found in the words of old replies are right, and how many are found.

Run `python -m bench.reply_evidence [PAGE…]`. The labelled discussions of `tests/samples/evidence`
were written to be hard, some with the rules of evidence in view and some by a writer who had not
seen them: each set has a table of its own, and the second is the honest one. A PAGE is a saved page
whose replies are labelled in `saved_pages.toml` there. Precision is the share of the links that
are right: it must be 100 %. Recall is the share found of the parents that a careful reader can
tell, by whatever means: in most of those replies no words say it.
"""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.evidence import resolve_replies
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.importers.page import read_page

SAMPLES = Path(__file__).parents[1] / "tests/samples/evidence"
SETS = ("written_with_the_rules", "written_without_the_rules")
LABELS_OF_PAGES = SAMPLES / "saved_pages.toml"
START = datetime(2008, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reply:
    """A labelled reply: the parent a careful reader can tell, and the one that was found."""

    source: str
    case: str
    number: int
    truth: int | None
    found: int | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of a group of replies."""

    replies: int
    can_be_told: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.can_be_told if self.can_be_told else None


def sample_replies(folder: str) -> list[Reply]:
    """Resolve the labelled discussions of one of the `SETS`."""
    return [reply for path in sorted((SAMPLES / folder).glob("*.toml")) for reply in _sample(path)]


def page_replies(path: Path) -> list[Reply]:
    """Resolve a saved page whose labels are known. Raises `KeyError` when they are not."""
    labels = tomllib.loads(LABELS_OF_PAGES.read_text(encoding="utf-8"))[path.name]
    truth = {int(number): parent for number, parent in labels.items()}
    discussion = read_page(path.read_bytes(), name=path.name)
    resolved = resolve_replies(discussion)
    return [
        _labelled(path.name, "a saved page", post, truth.get(post.number))
        for post in resolved.posts
        if post.kind is PostKind.REPLY
    ]


def score(replies: Iterable[Reply]) -> Score:
    """Count how many parents can be told, how many were found, and how many of those are right."""
    replies = tuple(replies)
    found = [reply for reply in replies if reply.found is not None]
    return Score(
        replies=len(replies),
        can_be_told=sum(reply.truth is not None for reply in replies),
        found=len(found),
        right=sum(reply.found == reply.truth for reply in found),
    )


def table(replies: Sequence[Reply]) -> str:
    """Give the scores by source, by case and by evidence as lines of text."""
    lines = [
        f"{'':<44}{'replies':>8}{'told':>6}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}"
    ]
    for attribute in ("source", "case", "evidence"):
        groups: defaultdict[str | None, list[Reply]] = defaultdict(list)
        for reply in replies:
            groups[getattr(reply, attribute)].append(reply)
        groups.pop(None, None)
        lines += [
            f"by {attribute}",
            *(_row(f"  {name}", groups[name]) for name in sorted(groups, key=str)),
        ]
    return "\n".join([*lines, _row("all replies", replies)])


def _sample(path: Path) -> Iterator[Reply]:
    sample = tomllib.loads(path.read_text(encoding="utf-8"))
    first = sample.get("first_number", 1)
    posts = tuple(
        ImportedPost(
            number=number,
            author=entry.get("author"),
            posted_at=START + timedelta(days=number),
            edited_at=None,
            kind=PostKind(entry.get("kind", "reply")),
            content=entry["text"],
        )
        for number, entry in enumerate(sample["posts"], first)
    )
    discussion = ImportedDiscussion(
        title=sample["title"],
        forum=None,
        book=ImportedBook(sample["book"], author=sample["book_author"]),
        participants=None,
        total_posts=None,
        tracked_by=None,
        initial_post=None,
        latest_post=None,
        missing_posts=() if first == 1 else ((1, first - 1),),
        posts=posts,
        warnings=(),
    )
    for post, entry in zip(resolve_replies(discussion).posts, sample["posts"], strict=True):
        if post.kind is not PostKind.INITIAL:
            yield _labelled(path.name, entry["case"], post, entry.get("answers"))


def _labelled(source: str, case: str, post: ImportedPost, truth: int | None) -> Reply:
    return Reply(source, case, post.number, truth, post.in_reply_to, post.reply_evidence)


def _row(name: str, replies: Sequence[Reply]) -> str:
    counts = score(replies)
    return (
        f"{name:<44}{counts.replies:>8}{counts.can_be_told:>6}{counts.found:>7}{counts.right:>7}"
        f"{_percent(counts.precision):>11}{_percent(counts.recall):>8}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def main(pages: Sequence[str]) -> int:
    """Print a table of each set, then each wrong link and each parent that was not found."""
    tables = {name.replace("_", " "): sample_replies(name) for name in SETS}
    if pages:
        tables["saved pages"] = [reply for page in pages for reply in page_replies(Path(page))]
    for name, replies in tables.items():
        print(f"{name}\n{table(replies)}\n")
    found = [reply for replies in tables.values() for reply in replies]
    for reply in found:
        if reply.found != reply.truth:
            verdict = "not found" if reply.found is None else f"WRONG: found {reply.found}"
            print(f"{reply.source} {reply.number}: answers {reply.truth}, {verdict} ({reply.case})")
    wrong = any(reply.found not in (None, reply.truth) for reply in found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
