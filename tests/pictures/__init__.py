"""The README's pictures, drawn from what the bot really sends: `python -m tests.pictures`."""
