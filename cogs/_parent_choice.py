"""The private answer in which a host says what an old post answers: its words and its choices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.client import answer_error
from bot.core.excerpt import Surface, excerpt
from bot.core.model import Post, PostKind
from bot.core.old_text import text_markdown
from bot.core.post_line import DELETED, author_name, shown_text, timestamp
from cogs._views import DECISION_SECONDS, Decision

# Discord's documentation, "Message Components", section "String Select".
MOST_OPTIONS = 25
_OPTION_LIMIT = 100
_NAME_LIMIT = 60
_TEXT_LIMIT = 300
# Room for a link to a message with what may stand around it.
_TYPED_LIMIT = 200

_EVIDENCE = {
    "link": "its page links to it",
    "reply": "Discord said so where it was exported",
    "address": "it opens by speaking to that author",
    "quotation": "it repeats words of that post",
}

Choose = Callable[[discord.Interaction, int | None], Awaitable[None]]
"""Takes a choice: the interaction to answer, and the local id of the parent or None."""

ChooseNamed = Callable[[discord.Interaction, str], Awaitable[None]]
"""Takes what was typed instead: a number or a link."""


class ParentChoice(Decision):
    """The earlier posts to choose from, any other one, and none."""

    def __init__(
        self,
        asked: discord.Interaction,
        candidates: Sequence[Post],
        choose: Choose,
        choose_named: ChooseNamed,
    ) -> None:
        super().__init__(asked)
        self._choose = choose
        self._choose_named = choose_named
        if candidates:
            # Discord refuses a select without options.
            self.add_item(_EarlierPosts(candidates, self._take))

    @discord.ui.button(label="Another post…", style=discord.ButtonStyle.secondary, row=1)
    async def another(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ParentChoice]
    ) -> None:
        """Ask which."""
        await interaction.response.send_modal(_AnotherPost(self._take_named))

    @discord.ui.button(label="Nothing known", style=discord.ButtonStyle.secondary, row=1)
    async def nothing(
        self, interaction: discord.Interaction, _button: discord.ui.Button[ParentChoice]
    ) -> None:
        """Take away what is known."""
        await self._take(interaction, None)

    async def _take(self, interaction: discord.Interaction, parent_id: int | None) -> None:
        await self._choose(interaction, parent_id)
        self.stop()

    async def _take_named(self, interaction: discord.Interaction, typed: str) -> None:
        await self._choose_named(interaction, typed)
        self.stop()


class _EarlierPosts(discord.ui.Select[ParentChoice]):
    def __init__(self, candidates: Sequence[Post], take: Choose) -> None:
        super().__init__(
            placeholder="It answers …",
            options=[_option(post) for post in candidates[:MOST_OPTIONS]],
            row=0,
        )
        self._take = take

    async def callback(self, interaction: discord.Interaction) -> None:
        await self._take(interaction, int(self.values[0]))


class _AnotherPost(discord.ui.Modal, title="Which post does it answer?"):
    """A form for a post that is not among those shown."""

    def __init__(self, take: ChooseNamed) -> None:
        super().__init__(timeout=DECISION_SECONDS)
        self._take = take
        self._typed: discord.ui.TextInput[_AnotherPost] = discord.ui.TextInput(
            max_length=_TYPED_LIMIT
        )
        self.add_item(discord.ui.Label(text="Its number, or a link to it", component=self._typed))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await self._take(interaction, self._typed.value)

    # discord.py's own form narrows what its views declare.
    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        await answer_error(interaction, error)


def choice_words(
    post: Post, parent: Post | None, evidence: str | None, chosen_by: int | None
) -> str:
    """Say which post is in question, and what it is known to answer.

    `evidence` is how a page told it, `chosen_by` the host who said it instead.
    """
    return (
        f"**{post_words(post, is_first=True)}** · {timestamp(post.posted_at)}\n"
        f"> {shown_text(post, _TEXT_LIMIT)}\n"
        f"{_known_words(post, parent, evidence, chosen_by)}\n"
        "Choose what it answers; no page imported later will say otherwise."
    )


def post_words(post: Post, *, is_first: bool = False) -> str:
    """Name a post by its number and author, linked where it is in Discord."""
    name = f"{'Post' if is_first else 'post'} {post.number}"
    if post.is_deleted:
        return f"{name} {DELETED}"
    linked = name if post.jump_url is None else f"[{name}]({post.jump_url})"
    return f"{linked} by {author_name(post, _NAME_LIMIT)}"


def _known_words(
    post: Post, parent: Post | None, evidence: str | None, chosen_by: int | None
) -> str:
    said = None if chosen_by is None else f"<@{chosen_by}> said so"
    if parent is not None:
        source = said or _EVIDENCE.get(evidence or "")
        answers = f"It is known to answer {post_words(parent)}"
        return f"{answers}: {source}." if source else f"{answers}."
    if said is not None:
        return f"Nothing is known of what it answers: {said}."
    if post.kind is PostKind.REPLY:
        return "It answers an earlier post, and nothing says which."
    return "Its page shows it as a post of its own, that answers none."


def _option(post: Post) -> discord.SelectOption:
    name = "A reader" if post.author is None else post.author.name
    shown = excerpt(name, _NAME_LIMIT, Surface.PLAIN) or "A reader"
    return discord.SelectOption(
        label=f"{post.number}. {shown}, {post.posted_at:%Y-%m-%d}",
        value=str(post.id),
        description=excerpt(text_markdown(post), _OPTION_LIMIT, Surface.PLAIN) or "(no text)",
    )
