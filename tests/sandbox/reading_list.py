"""Commands of a small bot, one for each way there is to be asked and to answer."""

from __future__ import annotations

import discord
from discord import app_commands, ui

BOOKS = ("Emma", "Persuasion", "Middlemarch")


class BookForm(ui.Modal, title="A book"):
    name: ui.TextInput[BookForm] = ui.TextInput(label="Title", max_length=40)
    note: ui.TextInput[BookForm] = ui.TextInput(label="Why", required=False)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{self.name.value}: {self.note.value or '-'}")


class Shelf(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Turn", custom_id="shelf:turn")
    async def turn(self, interaction: discord.Interaction, _button: ui.Button[Shelf]) -> None:
        await interaction.response.edit_message(content="turned")

    @ui.button(label="Slowly", custom_id="shelf:slowly")
    async def slowly(self, interaction: discord.Interaction, _button: ui.Button[Shelf]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="slowly turned")

    @ui.button(label="Add", custom_id="shelf:add")
    async def add(self, interaction: discord.Interaction, _button: ui.Button[Shelf]) -> None:
        await interaction.response.send_modal(BookForm())

    @ui.select(
        placeholder="Choose",
        custom_id="shelf:choose",
        options=[discord.SelectOption(label=book, value=book.lower()) for book in BOOKS],
    )
    async def choose(self, interaction: discord.Interaction, select: ui.Select[Shelf]) -> None:
        await interaction.response.send_message(select.values[0], ephemeral=True)


@app_commands.allowed_contexts(guilds=True, dms=True)
class ReadingList(app_commands.Group, name="list", description="The reading list"):
    @app_commands.command(description="Show a book")
    async def show(
        self,
        interaction: discord.Interaction,
        book: app_commands.Range[str, 1, 20],
        copies: app_commands.Range[int, 1, 9] = 1,
        lender: discord.Member | None = None,
    ) -> None:
        owner = "nobody" if lender is None else lender.display_name
        await interaction.response.send_message(f"{book} x{copies} of {owner}", ephemeral=True)

    @show.autocomplete("book")
    async def complete(
        self, _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=b, value=b.lower()) for b in BOOKS if typed in b]

    @app_commands.command(description="Take a while")
    async def ponder(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("pondered")
        await interaction.followup.send("twice", ephemeral=True)

    @app_commands.command(description="Show the shelf")
    async def shelf(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("the shelf", view=Shelf())

    @app_commands.command(description="Read pages aloud")
    async def read(
        self,
        interaction: discord.Interaction,
        page: discord.Attachment,
        another: discord.Attachment | None = None,
    ) -> None:
        pages = [page] if another is None else [page, another]
        try:
            told = [f"{one.filename} ({one.size}): {(await one.read()).decode()}" for one in pages]
        except discord.HTTPException as error:
            told = [f"{error.status}"]
        await interaction.response.send_message("\n".join(told), ephemeral=True)

    @app_commands.command(description="Say nothing")
    async def silence(self, interaction: discord.Interaction) -> None:
        pass


@app_commands.command(description="Only in a server")
@app_commands.guild_only()
async def here(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("here")


@app_commands.command(description="Only for those who manage the server")
@app_commands.default_permissions(manage_guild=True)
async def manage(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("managed")


@app_commands.context_menu(name="Quote")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}", ephemeral=True)
