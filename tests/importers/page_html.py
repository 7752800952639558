"""Write pages as the forums showed them in HTML, in two ways of marking them up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from bot.core.imported import ImportedPost
from bot.core.model import PostKind
from tests.importers.page_text import Zone, moment_text

PRODUCT = re.compile(r"\[\[ASIN:([A-Z0-9]{10}) ([^\]\n]+)\]\]")

FOOT = """\
<div class="pager">&lsaquo; Previous <b>1</b> <a href="?cdPage=2">2</a> Next &rsaquo;</div>
<form action="/post"><input type="hidden" name="cdThread" value="Tx1"><button>Add comment</button>
</form><div>Add your own message to the discussion</div>
<div class="box"><h3>This discussion</h3>
<table>
<tr><td>Discussion in:&nbsp;</td><td><a href="/forum/m">Middlemarch forum</a></td></tr>
<tr><td>Participants:</td><td>3</td></tr><tr><td>Total posts:</td><td>{total}</td></tr>
<tr><td>Initial post:</td><td>Jan 1, 2008</td></tr>
<tr><td>Latest post:</td><td>Jan 9, 2008</td></tr>
</table>
<p>Tracked by 2 customers</p>
<h3>This discussion is about</h3>
<a href="/dp/014143954X"><img src="cover.jpg" alt="cover"></a>
<div><a href="/Middlemarch/dp/014143954X/ref=x">Middlemarch [Paperback]</a></div>
<div><a href="/Middlemarch/dp/014143954X/ref=x">Middlemarch [Paperback]</a>
 by George Eliot (Penguin - May 1, 2003)</div>
<div>4.3 out of 5 stars &nbsp; (612)</div></div>
</body></html>
"""


def message_id(number: int) -> str:
    return f"Mx{number:X}K"


def content_html(content: str) -> str:
    """Mark a post's text up: every line break, every blank that HTML would swallow."""
    marked = escape(content, quote=False)
    marked = PRODUCT.sub(r'<a href="http://www.example.com/dp/\1/ref=y">\2</a>', marked)
    marked = re.sub(r"(?m)^ | (?= )", "&nbsp;", marked)
    return marked.replace("\n", "<br />\n")


def post_html(
    post: ImportedPost, site: str, zone: Zone, *, parent: int | None = None, is_classed: bool = True
) -> str:
    moment = moment_text(post.posted_at, site, zone)
    header = {
        PostKind.INITIAL: f"Initial post: {moment}",
        PostKind.POST: f"Posted on {moment}",
        PostKind.REPLY: f"In reply to {_earlier(parent)} on {moment}",
    }[post.kind]
    edited = (
        ""
        if post.edited_at is None
        else f"Last edited by the author on {moment_text(post.edited_at, site, zone)}"
    )
    author = (
        ""
        if post.author is None
        else f'<a href="/gp/pdp/profile/A1">{escape(post.author)}</a> says:'
    )
    actions = (
        '<a href="#r">Reply to this post</a> | '
        f'<a href="/t#{message_id(post.number)}">Permalink</a> | <a href="#a">Report abuse</a>'
    )
    content = content_html(post.content)
    if is_classed:
        return (
            f'<div class="postBody"><a name="{message_id(post.number)}"></a>\n'
            f'<div class="postHeader">{header} <span>{edited}</span></div>\n'
            f'<div class="postFrom">{author}</div>\n'
            f'<div class="postContent">{content}</div>\n<div>{actions}</div></div>\n'
        )
    return (
        f'<tr id="{message_id(post.number)}"><td><b>{header}</b><br>'
        f"{edited and edited + '<br>'}{author and author + '<br>'}\n{content}"
        f"<div>{actions}</div></td></tr>\n"
    )


def _earlier(parent: int | None) -> str:
    if parent is None:
        return "an earlier post"
    address = f"/forum/m?cdPage=1&amp;cdThread=Tx1&amp;cdMsgID={message_id(parent)}"
    return f'<a href="{address}#{message_id(parent)}">an earlier post</a>'


def page_html(
    posts: Sequence[str],
    *,
    first: int = 1,
    total: int | None = None,
    title: str = "On Dorothea",
    is_classed: bool = True,
) -> str:
    """Write a page around posts that are written already, in their order."""
    last = first + len(posts) - 1
    # Without classes a button leaves no trace, and a post may say what stands in the foot.
    foot = FOOT if is_classed else FOOT.replace("<button>Add comment</button>", "[Add comment]")
    body = "".join(posts) if is_classed else f"<table>{''.join(posts)}</table>"
    return (
        '<!DOCTYPE html>\n<html><head><title>Customer Discussions</title>\n<script>var t = "<div '
        "class='postBody'>\";</script></head>\n<body><div><a href='/'>Home</a> | Cart</div>\n"
        '<div><a href="/forum">Customer Discussions</a> &gt; <a href="/forum/m">Middlemarch forum'
        f"</a></div>\n<h1>{escape(title)}</h1>\n"
        '<div>Sort: <b>Oldest first</b> | <a href="?cdSort=newest">Newest first</a></div>\n'
        f"<div>Showing {first}-{last} of {total or last} posts in this discussion</div>\n"
        f"{body}{foot.format(total=total or last)}"
    )


def with_parents(
    posts: Sequence[ImportedPost],
    site: str,
    zone: Zone,
    parents: Mapping[int, int],
    *,
    is_classed: bool = True,
) -> list[str]:
    return [
        post_html(post, site, zone, parent=parents.get(post.number), is_classed=is_classed)
        for post in posts
    ]
