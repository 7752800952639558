"""What `marginalia import` is told on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

IMPORT = """\
Reads the saved pages of one discussion of an old forum, as text or HTML, in any order. With
--dry-run it only shows what they hold; otherwise they are stored, and the running bot brings
the discussion back as a thread of the forum: on a terminal you see how far it is. Importing a
page again adds nothing, importing one that was missing adds its posts. Hosts can do the same
in Discord with /import, and /imports pauses, cancels and tries again.
"""
IMPORT_EPILOG = """\
examples:
  marginalia import page-1.txt page-2.html --dry-run
  marginalia import page-*.html --dry-run --format json > discussion.json
  marginalia import page-1.txt page-2.html --forum 1234567890 --tag Classics

To find a channel's id: in Discord's settings, under Advanced, switch Developer Mode on,
then right-click the channel and choose Copy Channel ID.
"""

# Discord's ids have 64 bits, and SQLite's integers a sign as well.
_ID_LIMIT = 2**63


def add_import_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `marginalia import`."""
    command.add_argument(
        "pages", type=Path, nargs="+", metavar="PAGE", help="a page saved as text or HTML"
    )
    target = command.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--dry-run", action="store_true", help="show what the pages hold, and store nothing"
    )
    target.add_argument(
        "--forum",
        type=_channel_id,
        metavar="CHANNEL_ID",
        help="store them for this forum, which `/setup forum` has set up",
    )
    command.add_argument(
        "--tag",
        metavar="NAME",
        help="the forum's tag that the thread gets; some forums require one, and a thread that is "
        "there already keeps its own",
    )
    command.add_argument(
        "--format",
        choices=("text", "json"),
        help="how --dry-run shows them: as a summary (the default), or as a JSON document "
        "(marginalia.discussion/1)",
    )


def ignored(options: argparse.Namespace) -> str | None:
    """Say which option would do nothing beside the others; None where each does something."""
    if options.dry_run and options.tag is not None:
        return "argument --tag: --dry-run makes no thread that could carry it; leave one out"
    if not options.dry_run and options.format is not None:
        return "argument --format: it is how --dry-run shows pages; --forum stores them"
    return None


def _channel_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < _ID_LIMIT):
        raise argparse.ArgumentTypeError(f"{text!r} is no channel's id: that is a number")
    return int(text)
