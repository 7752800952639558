"""Numbered SQL files, each with a line saying why; `bot.store.migrate` applies them."""
