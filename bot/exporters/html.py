"""Gives a discussion as one HTML file that needs no network and runs nothing of its posts.

The page's template, style and script lie in `pages/` beside this file. The script and the style
are named by their hashes in the page's Content Security Policy, so that a browser refuses any
other, and loads nothing at all (https://www.w3.org/TR/CSP3/, "script-src").
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.core.excerpt import attachment_name
from bot.core.exported import ExportedDiscussion, ExportedPost, Visibility
from bot.exporters.discord_tokens import shown_moment
from bot.exporters.post_html import PostHtml
from bot.exporters.wording import book_links, plain, shown_author

_MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands on a site: addresses of its own and of others, None where it is alone."""

    home: str | None = None
    book: str | None = None
    feed: str | None = None
    canonical: str | None = None


def discussion_html(discussion: ExportedDiscussion, place: Place | None = None) -> bytes:
    """Give the page of a discussion; `place` is where it stands on a site."""
    html = PostHtml(discussion.names)
    css, js = page_part("discussion.css"), page_part("discussion.js")
    page = (
        environment()
        .get_template("discussion.html.jinja")
        .render(
            title=plain(discussion.title) or "(untitled)",
            discussion=discussion,
            by_number={post.number: post for post in discussion.posts},
            people=_people(discussion),
            book_links=() if discussion.book is None else book_links(discussion.book),
            deleted_count=sum(post.visibility is Visibility.DELETED for post in discussion.posts),
            place=place or Place(),
            policy=policy(css, js),
            css=Markup(css),  # noqa: S704 - the file beside this one
            js=Markup(js),  # noqa: S704 - the file beside this one
            text=lambda post: _text(html, post.content, post),
            earlier_text=lambda revision, post: _text(html, revision.content, post),
            note_text=html.markdown,
        )
    )
    # A lone surrogate is in no text of the store; one must not cost the whole file.
    return page.encode("utf-8", "replace")


def policy(css: str, js: str = "") -> str:
    """Give the Content Security Policy of a page that is made of itself alone."""
    scripts = f" script-src {_hash(js)};" if js else ""
    return (
        f"default-src 'none'; style-src {_hash(css)};{scripts} base-uri 'none'; form-action 'none'"
    )


@cache
def page_part(name: str) -> str:
    """Give a style or a script that pages hold."""
    return (files("bot.exporters") / "pages" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Give the templates of `pages/`; what they are given is escaped, unless it is `Markup`."""
    made = Environment(
        loader=PackageLoader("bot.exporters", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "time": _time,
        "shown": plain,
        "file": attachment_name,
        "author": shown_author,
        "count": "{:,}".format,
    }
    return made


def _text(html: PostHtml, text: str, post: ExportedPost) -> Markup:
    return html.markdown(text) if post.is_markdown else html.old_text(text)


def _people(discussion: ExportedDiscussion) -> list[tuple[str, int]]:
    counts = Counter(shown_author(post) for post in discussion.posts if post.author is not None)
    return counts.most_common(_MOST_PEOPLE)


def _time(moment: datetime) -> Markup:
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00")
    words = shown_moment(moment)
    return Markup(f'<time datetime="{stamp}Z">{words}</time>')  # noqa: S704 - made of numbers


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
