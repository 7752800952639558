"""The message that a message command was used on."""

from __future__ import annotations

import discord

NO_POST = (
    "it is not a post of a discussion here. Choose what a member wrote in a thread that I keep; "
    "a host sees with `/setup show` which ones these are."
)


def post_message_id(message: discord.Message) -> int:
    """Give the id of the message that is the post.

    A thread made from a message shows a stand-in for it at its top; the message itself lies in
    the parent channel and has the thread's id.
    """
    if message.type is discord.MessageType.thread_starter_message:
        return message.channel.id
    return message.id
