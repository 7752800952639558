"""`Claim my posts` and `/claim …`: members say which old author they were."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Marginalia
from bot.core.errors import UserError
from bot.core.ports import Clock
from bot.store.old_authors.claims import Claim, Claims
from cogs._access import Access
from cogs._choices import Choices
from cogs._chosen_post import ChosenPosts
from cogs._claim_erasure import ClaimErasure
from cogs._claim_list import ClaimList
from cogs._claim_outcomes import ClaimOutcomes
from cogs._claim_questions import ClaimQuestions
from cogs._forum_channel import server
from cogs._host_questions import QuestionMessenger
from cogs._hosts import HostRights
from cogs._message_command import MessageCommandCog
from cogs._naming import Choice
from cogs._old_authors import OldAuthors, author_words, places_words

_ASKED = "A host has been asked. I tell you what they decide."
_NOBODY_ASKED = (
    "I could not reach a host by direct message: tell one of them that `/claim list` shows it. I "
    "tell you what they decide."
)


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Claiming(
    MessageCommandCog,
    commands.GroupCog,
    group_name="claim",
    group_description="Old posts that you once wrote",
):
    """Takes claims, has hosts asked, and lets authors have their old posts erased."""

    def __init__(
        self,
        bot: Marginalia,
        claims: Claims,
        authors: OldAuthors,
        chosen: ChosenPosts,
        messenger: QuestionMessenger,
        outcomes: ClaimOutcomes,
        listing: ClaimList,
        erasure: ClaimErasure,
        clock: Clock,
    ) -> None:
        super().__init__(bot.tree, "Claim my posts", self.claim_author)
        self._bot = bot
        self._claims = claims
        self._authors = authors
        self._chosen = chosen
        self._messenger = messenger
        self._outcomes = outcomes
        self._listing = listing
        self._erasure = erasure
        self._clock = clock

    async def cog_load(self) -> None:
        """Let the buttons of the open questions work again, too."""
        await super().cog_load()
        await self._messenger.restore_buttons()
        self._bot.add_view(self._listing.confirmed([]))

    async def claim_author(
        self, interaction: discord.Interaction[Marginalia], message: discord.Message
    ) -> None:
        """Claim what the author of a post wrote."""
        await interaction.response.defer(ephemeral=True)
        post = await self._chosen.of_message(interaction, message)
        if post is None or not post.is_imported:
            raise UserError(
                "This is not an old post that was imported, so it needs no claim. Use the command "
                "on one that shows the name under which you wrote on the old forum."
            )
        claim = await self._claims.ask(post.id, interaction.user.id, self._clock.now())
        await self._ask_host(interaction, claim)

    @app_commands.command(
        name="posts", description="Say which author of old posts you were: a host is asked"
    )
    @app_commands.describe(name="The name under which you wrote on the old forum")
    async def claim_name(self, interaction: discord.Interaction, name: str) -> None:
        """Claim what an author wrote."""
        guild_id = server(interaction).id
        await interaction.response.defer(ephemeral=True)
        author = await self._authors.named(interaction, name)
        claim = await self._claims.ask_name(
            guild_id, author, interaction.user.id, self._clock.now()
        )
        await self._ask_host(interaction, claim)

    @app_commands.command(description="Have your old posts erased for good, all or one")
    @app_commands.describe(post="A link to one of them; without it, all of yours")
    async def erase(self, interaction: discord.Interaction, post: str | None = None) -> None:
        """Erase them, after asking once more."""
        await self._erasure.ask(interaction, post)

    @app_commands.command(name="list", description="For hosts: who claims to be which old author")
    @app_commands.describe(name="A part of the old author's name; without it, all of them")
    async def list_claims(self, interaction: discord.Interaction, name: str = "") -> None:
        """Show what is claimed, and ask what is open."""
        await self._listing.show(interaction, name)

    @claim_name.autocomplete("name")
    async def _offer_names(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        return await self._authors.choices(interaction, current)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction, _command: object
    ) -> None:
        """Tell people what became of their claims, where no direct message reached them."""
        await self._outcomes.follow_up(interaction)

    async def _ask_host(self, interaction: discord.Interaction, claim: Claim) -> None:
        author = await self._authors.known_to(interaction, claim.guild_id, claim.author_name)
        await self._messenger.ask()
        asked = await self._claims.get(claim.id)
        was_told = asked is not None and asked.is_told
        await interaction.edit_original_response(
            content=f"You say that you are {author_words(author.name)}, who wrote "
            f"{places_words(author.places)}. {_ASKED if was_told else _NOBODY_ASKED}"
        )


async def setup(bot: Marginalia) -> None:
    """Add the cog, and have it look at every tick whether a host is to be asked."""
    app = bot.app
    access, host_rights = Access(bot), HostRights(bot, app.hosts)
    choices = Choices(app.discussions, app.forums, access)
    authors = OldAuthors(app.claims, access)
    outcomes = ClaimOutcomes(bot, app.claims, app.clock)
    questions = ClaimQuestions(
        bot, app.claims, app.forums, authors, outcomes, host_rights, access, app.clock
    )
    messenger = QuestionMessenger(bot, app.clock, questions)
    await bot.add_cog(
        Claiming(
            bot,
            app.claims,
            authors,
            ChosenPosts(app.posts, app.pages, choices),
            messenger,
            outcomes,
            ClaimList(app.claims, questions, outcomes, host_rights, app.clock),
            ClaimErasure(bot, app.posts, app.claims, app.erasures, authors, app.clock),
            app.clock,
        )
    )
    app.ticker.every(app.settings.tick_seconds, messenger.ask, name="claims")
