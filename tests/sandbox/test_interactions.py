"""Commands, buttons, selects, forms and direct messages, through an unmodified client."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from sandbox import Choice, SandboxAttachment, SandboxRefused, SandboxTimeout

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from tests.sandbox.conftest import Caller, RecordingBot

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_slash_command_gets_its_options_and_answers_privately(
    ann: SandboxMember, ben: SandboxMember, text: SandboxChannel
) -> None:
    answer = await ann.slash(text, "list show", book="Emma", copies=2, lender=ben)
    assert answer.content == "Emma x2 of Ben"
    assert answer.ephemeral
    assert not answer.deferred
    assert text.messages == ()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "'book' is required"),
        ({"book": "x" * 21}, "'book' takes 1 to 20 characters"),
        ({"book": "Emma", "copies": 10}, "'copies' takes 1 to 9"),
        ({"book": "Emma", "copies": "2"}, "'copies' takes a number"),
        ({"book": "Emma", "colour": "red"}, "there is no option ['colour']"),
    ],
)
async def test_options_the_client_would_not_take_are_refused(
    ann: SandboxMember, text: SandboxChannel, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SandboxRefused) as refusal:
        await ann.slash(text, "list show", **options)
    assert reason in str(refusal.value)


async def test_files_that_are_chosen_for_a_command_can_be_fetched(
    ann: SandboxMember, text: SandboxChannel
) -> None:
    emma = SandboxAttachment("page one.txt", "“Émma”".encode(), "text/plain; charset=utf-8")
    answer = await ann.slash(
        text, "list read", page=emma, another=SandboxAttachment("2.html", b"<p>")
    )
    assert answer.content == "page one.txt (11): “Émma”\n2.html (3): <p>"


async def test_a_chosen_file_is_private_and_its_address_expires(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    await ann.slash(text, "list read", page=SandboxAttachment("1.txt", b"Emma"))
    interaction = await bot.expect("interaction")
    page = interaction.namespace.page
    assert page.ephemeral
    sandbox.clock.advance(timedelta(hours=25))
    with pytest.raises(discord.NotFound):
        await page.read()


async def test_a_file_whose_address_was_tampered_with_is_not_found(
    bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    await ann.slash(text, "list read", page=SandboxAttachment("1.txt", b"Emma"))
    interaction = await bot.expect("interaction")
    address = interaction.namespace.page.url
    with pytest.raises(discord.NotFound):
        await bot.http.get_from_cdn(address.replace("hm=0", "hm=1"))


async def test_the_fetching_of_files_can_be_disturbed(
    sandbox: Sandbox, ann: SandboxMember, text: SandboxChannel
) -> None:
    sandbox.cdn.refuse(503)
    page = SandboxAttachment("1.txt", b"Emma")
    assert (await ann.slash(text, "list read", page=page)).content == "503"
    assert (await ann.slash(text, "list read", page=page)).content == "1.txt (4): Emma"


async def test_a_file_over_ten_mebibytes_is_not_taken(
    ann: SandboxMember, text: SandboxChannel
) -> None:
    most = 10 * 1024 * 1024
    await ann.slash(text, "list read", page=SandboxAttachment("1.txt", b"Emma", size=most))
    with pytest.raises(SandboxRefused) as refusal:
        await ann.slash(text, "list read", page=SandboxAttachment("1.txt", b"Emma", size=most + 1))
    assert refusal.value.code == 40005
    with pytest.raises(SandboxRefused, match="'page' takes a file"):
        await ann.slash(text, "list read", page="1.txt")


async def test_an_option_takes_the_types_of_files_that_it_names(
    bot: RecordingBot, call: Caller, guild: SandboxGuild, ann: SandboxMember, text: SandboxChannel
) -> None:
    path = f"/applications/{bot.application_id}/guilds/{guild.id}/commands"

    def command(types: list[str]) -> list[dict[str, Any]]:
        option = {"type": 11, "name": "page", "description": "A page", "file_types": types}
        return [{"name": "scan", "description": "Scan", "options": [option]}]

    for refused in (["txt"], ["."], [".txt"] * 11):
        assert (await call("PUT", path, command(refused)))[0] == 400
    assert (await call("PUT", path, command(["image", ".TXT"])))[0] == 200
    # The bot does not know the command, but it was let through.
    with pytest.raises(SandboxTimeout, match="did not respond"):
        await ann.slash(text, "scan", page=SandboxAttachment("1.Png"))
    with pytest.raises(SandboxRefused, match="takes files of"):
        await ann.slash(text, "scan", page=SandboxAttachment("1.html"))


async def test_autocomplete_returns_the_bots_suggestions(
    ann: SandboxMember, text: SandboxChannel
) -> None:
    choices = await ann.autocomplete(text, "list show", "book", "Em")
    assert choices == [Choice("Emma", "emma")]


async def test_the_first_followup_fills_a_deferred_answer(
    ann: SandboxMember, text: SandboxChannel
) -> None:
    answer = await ann.slash(text, "list ponder")
    assert answer.deferred
    assert answer.history[0].content == "pondered"
    assert answer.history[0].ephemeral


@pytest.mark.slow
async def test_a_command_nobody_answers_in_three_seconds_is_gone(
    bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    with pytest.raises(SandboxTimeout, match="/list silence: The application did not respond"):
        await ann.slash(text, "list silence")
    interaction = await bot.expect("interaction")
    with pytest.raises(discord.NotFound) as refusal:
        await interaction.response.send_message("too late")
    assert refusal.value.code == 10062


async def test_an_answer_can_be_changed_for_fifteen_minutes(
    sandbox: Sandbox, bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    answer = await ann.slash(text, "list show", book="Emma")
    interaction = await bot.expect("interaction")
    sandbox.clock.advance(timedelta(minutes=14))
    await interaction.edit_original_response(content="changed")
    assert [state.content for state in answer.history] == ["Emma x1 of nobody", "changed"]
    sandbox.clock.advance(timedelta(minutes=2))
    with pytest.raises(discord.HTTPException) as refusal:
        await interaction.edit_original_response(content="too late")
    assert (refusal.value.status, refusal.value.code) == (401, 50027)


async def test_an_answer_can_be_deleted_and_followed_up(
    bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    answer = await ann.slash(text, "list shelf")
    interaction = await bot.expect("interaction")
    more = await interaction.followup.send("one more thing", wait=True)
    assert answer.content == "one more thing"
    assert [m.content for m in text.messages] == ["the shelf", "one more thing"]
    await interaction.delete_original_response()
    assert [m.id for m in text.messages] == [more.id]
    with pytest.raises(discord.NotFound) as refusal:
        await interaction.original_response()
    assert refusal.value.code == 10008


async def test_an_answer_is_refused_when_the_thread_was_archived_meanwhile(
    bot: RecordingBot, ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Old", "old")
    await ann.slash(thread, "list shelf")
    interaction = await bot.expect("interaction")
    await ann.archive(thread)
    with pytest.raises(discord.HTTPException) as refusal:
        await interaction.followup.send("still there?")
    assert refusal.value.code == 50083
    await interaction.followup.send("in private", ephemeral=True)


async def test_a_button_changes_its_message(ann: SandboxMember, text: SandboxChannel) -> None:
    shelf = await ann.slash(text, "list shelf")
    assert (await ann.click(shelf, "Turn")).content == "turned"
    assert (await ann.click(text.messages[0], "shelf:slowly")).content == "slowly turned"
    assert text.messages[0].content == "slowly turned"


async def test_a_select_takes_a_label_and_sends_its_value(
    ann: SandboxMember, text: SandboxChannel
) -> None:
    shelf = await ann.slash(text, "list shelf")
    answer = await ann.select(shelf, "Choose", ["Persuasion"])
    assert answer.content == "persuasion"
    with pytest.raises(SandboxRefused, match="no option 'Ulysses'"):
        await ann.select(shelf, "Choose", ["Ulysses"])


async def test_a_form_is_filled_in_by_label(ann: SandboxMember, text: SandboxChannel) -> None:
    shelf = await ann.slash(text, "list shelf")
    form = await ann.click(shelf, "Add")
    assert form.modal is not None
    assert form.modal["title"] == "A book"
    answer = await ann.submit(form, {"Title": "Emma", "Why": "wit"})
    assert answer.content == "Emma: wit"
    with pytest.raises(SandboxRefused, match="'Title' is required"):
        await ann.submit(form, {"Why": "none"})


async def test_a_message_command_gets_its_message(
    ann: SandboxMember, ben: SandboxMember, text: SandboxChannel
) -> None:
    said = await ben.post(text, "It is a truth")
    assert (await ann.context_menu(said, "Quote")).content == "> It is a truth"


async def test_commands_are_refused_in_an_archived_thread(
    ann: SandboxMember, forum: SandboxChannel
) -> None:
    thread = await ann.start_thread(forum, "Old", "old")
    await ann.archive(thread)
    with pytest.raises(SandboxRefused) as refusal:
        await ann.slash(thread, "list show", book="Emma")
    assert refusal.value.code == 50083


async def test_contexts_say_which_commands_a_dm_has(ann: SandboxMember) -> None:
    answer = await ann.slash(ann.dm, "list show", book="Emma")
    assert answer.content == "Emma x1 of nobody"
    with pytest.raises(SandboxRefused, match="not available in direct messages"):
        await ann.slash(ann.dm, "here")


async def test_a_dm_command_needs_a_common_server_or_the_app_installed(
    guild: SandboxGuild, ann: SandboxMember
) -> None:
    await guild.remove_member(ann)
    with pytest.raises(SandboxRefused, match="shares no server"):
        await ann.slash(ann.dm, "list show", book="Emma")
    ann.install_app()
    assert (await ann.slash(ann.dm, "list show", book="Emma")).content == "Emma x1 of nobody"


async def test_a_command_for_managers_is_not_offered_to_others(
    guild: SandboxGuild, ann: SandboxMember, text: SandboxChannel
) -> None:
    with pytest.raises(SandboxRefused, match="may not use"):
        await ann.slash(text, "manage")
    assert (await guild.owner.slash(text, "manage")).content == "managed"


async def test_a_dm_arrives_unless_the_inbox_is_closed(
    bot: RecordingBot, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    await user.send("hello")
    assert (await ann.next_dm()).content == "hello"
    ann.close_inbox()
    with pytest.raises(discord.Forbidden) as refusal:
        await user.send("again")
    assert refusal.value.code == 50007
    ann.open_inbox()
    await user.send("and again")
    assert (await ann.next_dm()).content == "and again"
    assert len(ann.inbox) == 2


async def test_a_dm_needs_a_common_server(
    bot: RecordingBot, guild: SandboxGuild, ann: SandboxMember
) -> None:
    user = await bot.fetch_user(ann.id)
    await guild.remove_member(ann)
    with pytest.raises(discord.Forbidden) as refusal:
        await user.send("hello")
    assert refusal.value.code == 50278


async def test_a_second_answer_is_refused(
    bot: RecordingBot, ann: SandboxMember, text: SandboxChannel
) -> None:
    await ann.slash(text, "list show", book="Emma")
    interaction = await bot.expect("interaction")
    # A fresh response object does not know that there was an answer already.
    with pytest.raises(discord.HTTPException) as refusal:
        await discord.InteractionResponse(interaction).send_message("again")
    assert refusal.value.code == 40060
