"""A Discord that runs on this machine: REST and gateway on loopback, for tests and the demo.

Point an unmodified discord.py at it, let people act, and look at what is there afterwards:

    async with Sandbox() as sandbox:
        Route.BASE = sandbox.api_url  # discord.http.Route
        DiscordWebSocket.DEFAULT_GATEWAY = URL(sandbox.gateway_url)  # discord.gateway, yarl
        running = asyncio.create_task(bot.start(sandbox.token))
        await sandbox.gateway.connected()
        guild = await sandbox.create_guild("Tuesday Readers")
        ann = await guild.add_member("Ann")
        thread = await ann.start_thread(await guild.create_forum("novels"), "Emma", "Well?")
        answer = await ann.slash(thread, "track discussion")
        await sandbox.delivered()  # the bot has been told of everything so far
        print(answer.content, thread.messages, ann.inbox)

What Discord would refuse raises SandboxRefused with Discord's code, for people as for the bot.
`sandbox.clock` moves time; `sandbox.faults` and `sandbox.gateway` make trouble. `state.py` says
what there is, `posting.py`, `member.py` and `acting.py` what people can do, `routes/` what the
bot can ask for.
"""

from sandbox.answers import Answer, Choice
from sandbox.clock import SandboxClock
from sandbox.errors import SandboxRefused, SandboxTimeout
from sandbox.server import Sandbox
from sandbox.state import SandboxAttachment

__all__ = [
    "Answer",
    "Choice",
    "Sandbox",
    "SandboxAttachment",
    "SandboxClock",
    "SandboxRefused",
    "SandboxTimeout",
]
