"""What the demo shows in the terminal: threads as trees, answers, edits, digests, promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from io import StringIO
from itertools import pairwise
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text
from rich.tree import Tree

from bot.core.excerpt import excerpt
from bot.core.model import Discussion, Post, PostKind, Revision
from bot.demo.discord_text import discord_block, discord_text, moment
from bot.demo.performance import Used
from bot.demo.promises import Promise
from sandbox.state import SandboxMessage
from sandbox.wire import JsonObject

WIDTH = 80

_BROWN = "#b5835a"
_BUTTON = "bold #8ea1e1"
_NAMES = ("#e0af68", "#7aa2f7", "#9ece6a", "#bb9af7", "#f7768e", "#2ac3de", "#ff9e64")


class Showing:
    """Shows what happens, in colour where the terminal has it, in 80 columns."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._colours: dict[str, str] = {}
        self._threads: list[RenderableType] = []
        self._inbox: list[RenderableType] = []

    def title(self, words: str, *facts: str) -> None:
        """Begin."""
        self._console.print()
        self._console.print(Rule(Text(words, style=f"bold {_BROWN}"), style=_BROWN))
        for fact in facts:
            self._console.print(Text(fact, style="dim"), justify="center")

    def heading(self, words: str) -> None:
        """Begin a part."""
        self._console.print()
        self._console.print(Text(words, style=f"bold {_BROWN}"))

    def command(self, used: Used, names: Mapping[int, str]) -> None:
        """Show a command, and the beginning of its answer."""
        self._console.print(self._use(used))
        shown = used.answer.content or "\n".join(
            embed.get("description") or embed.get("title", "") for embed in used.answer.embeds
        )
        self._console.print(Padding(discord_block(shown, names, used.at), (0, 0, 0, 2)))

    def thread(self, discussion: Discussion, posts: Sequence[Post], longest: int) -> None:
        """Show a discussion as the bot keeps it: every post below the one it answers.

        Texts are cut to `longest` characters.
        """
        participants = {post.author for post in posts if not post.is_deleted} - {None}
        facts = f"{len(posts)} posts · {len(participants)} participants"
        about = "" if discussion.book is None else f" · {discussion.book.title}"
        tree = Tree(
            Text.assemble((discussion.title, "bold"), (f"  {facts}{about}", "dim")),
            guide_style="dim",
        )
        by_id = {post.id: post for post in posts}
        branches: dict[int, Tree] = {}
        for post in posts:
            parent = by_id.get(post.parent_id or 0)
            branch = tree if parent is None else branches[parent.id]
            branches[post.id] = branch.add(self._post(post, parent, longest))
        self._console.print(tree)
        self._threads.append(tree)

    def messages(self, messages: Iterable[SandboxMessage]) -> None:
        """Show messages as they look in Discord."""
        for message in messages:
            self._console.print(self._name(message.author_name))
            self._console.print(Padding(discord_block(message.content), (0, 0, 0, 2)))

    def answer(self, used: Used, names: Mapping[int, str]) -> None:
        """Show an answer with its embeds, as only the one who asked sees it."""
        self._console.print(self._use(used))
        if used.answer.content:
            content = discord_block(used.answer.content, names, used.at)
            self._console.print(Padding(content, (0, 0, 0, 2)))
        for embed in used.answer.embeds:
            self._console.print(self._embed(embed, names, used.at))

    def edits(self, author: str, revisions: Sequence[Revision]) -> None:
        """Show the texts of a post, oldest first: what went away, and what came."""
        for before, after in pairwise(revisions):
            old, new = _changes(_shown(before.content), _shown(after.content))
            for revision, text, words in ((before, old, "wrote"), (after, new, "changed it to")):
                when = moment(revision.written_at)
                self._console.print(Text.assemble(self._name(author), (f" {words}, {when}", "dim")))
                self._console.print(Padding(text, (0, 0, 0, 2)))

    def inbox(
        self, owner: str, messages: Iterable[SandboxMessage], names: Mapping[int, str]
    ) -> None:
        """Show the messages that came to someone."""
        for message in messages:
            parts = [self._embed(embed, names, message.created_at) for embed in message.embeds]
            parts += [_controls(row) for row in message.components]
            title = Text.assemble(
                "to ", self._name(owner), (f" · {moment(message.created_at)}", "dim")
            )
            panel = Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED)
            self._console.print(panel)
            self._inbox.append(panel)

    def promises(self, promises: Iterable[Promise]) -> None:
        """Show what was promised, and whether it is so."""
        for promise in promises:
            mark = ("✓", "bold green") if promise.is_kept else ("✗", "bold red")
            self._console.print(Text.assemble(mark, f" {promise.words}"))

    def line(self, words: str, style: str = "dim") -> None:
        """Say something."""
        self._console.print(Text(words, style=style))

    def text(self) -> str:
        """Give all that was shown so far, without its colours."""
        return self._console.export_text(clear=False)

    def save_picture(self, path: Path) -> None:
        """Write a picture of the first discussion and of what came to the inbox, as SVG.

        It is in the viewer's own fixed-width font, and asks for nothing from elsewhere.
        """
        console = Console(record=True, width=WIDTH, file=StringIO(), highlight=False)
        for part in (*self._threads[:1], *self._inbox):
            console.print(part)
            console.print()
        picture = console.export_svg(title="marginalia demo")
        without_web_fonts = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
        path.write_text(without_web_fonts, encoding="utf-8")

    def _use(self, used: Used) -> Text:
        return Text.assemble(
            self._name(used.who), "  ", (used.command, "bold"), (f"  in {used.where}", "dim")
        )

    def _post(self, post: Post, parent: Post | None, longest: int) -> RenderableType:
        name = "A deleted post" if post.author is None else post.author.name
        facts = [moment(post.posted_at)]
        if post.kind is PostKind.REPLY:
            facts.append("in reply to an earlier post" if parent is None else "reply")
        if post.edited_at is not None and not post.is_deleted:
            facts.append("edited")
        number = f"{post.number}. " if post.number is not None else ""
        head = Text.assemble((number, "dim"), self._name(name), (" · ".join(["", *facts]), "dim"))
        if post.is_deleted:
            return head
        return Group(head, discord_text(excerpt(post.content, longest)))

    def _embed(self, embed: JsonObject, names: Mapping[int, str], now: datetime) -> RenderableType:
        parts: list[RenderableType] = [discord_block(embed.get("description") or "", names, now)]
        for field in embed.get("fields") or []:
            parts += [Text(field["name"], style="bold"), discord_block(field["value"], names, now)]
        footer = embed.get("footer")
        if footer is not None:
            parts.append(Text(footer["text"], style="dim"))
        title = discord_text(embed.get("title") or "", names)
        title.stylize("bold")
        return Panel(
            Group(*parts), title=title, title_align="left", border_style=_BROWN, box=box.ROUNDED
        )

    def _name(self, name: str) -> Text:
        colour = self._colours.setdefault(name, _NAMES[len(self._colours) % len(_NAMES)])
        return Text(name, style=f"bold {colour}")


def _controls(row: JsonObject) -> Text:
    """Give a row of buttons, or a list to choose from."""
    labels = [item.get("label") or f"{item.get('placeholder', '')} ▾" for item in row["components"]]
    return Text(" ").join(Text(f"[{label}]", style=_BUTTON) for label in labels)


def _shown(content: str) -> str:
    return discord_text(content).plain


def _changes(before: str, after: str) -> tuple[Text, Text]:
    """Give two texts, the words marked that are in one alone."""
    old_words, new_words = (re.findall(r"\s*\S+", text) for text in (before, after))
    old, new = Text(), Text()
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    for change, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        is_same = change == "equal"
        old.append("".join(old_words[old_from:old_to]), "" if is_same else "red strike")
        new.append("".join(new_words[new_from:new_to]), "" if is_same else "green")
    return old, new
