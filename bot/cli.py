"""The command line: `marginalia`, or `python -m bot`.

What a command needs is imported when it runs, so that `--help` answers at once and a page is
read without the Discord library.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bot import export_options, import_options
from bot.core.errors import SettingsError, UserError

if TYPE_CHECKING:
    from bot.settings import Settings

FAILED = 1
# deploy/marginalia.service does not start the bot again after this one.
MISUSED = 2

_DESCRIPTION = """\
Marginalia hosts book-club debates on Discord: a discussion is a thread, every post is
kept, and those who track a discussion are told what is new, as often as they like.
"""
_EPILOG = """\
examples:
  marginalia demo                       see all of it here, without a Discord account
  marginalia doctor                     check what is in place, and say what is not
  marginalia run                        host a club
  marginalia import page.txt --dry-run  show what a saved forum page holds
  marginalia export "born bad"          take a discussion home as a page

settings:
  Read from MARGINALIA_… in the environment, or from a file named .env in the folder
  you are in; .env.example names them all.

exit codes:
  0  done
  1  it could not be done: one line on stderr says why, and what to do
  2  wrong options or settings, or a token that Discord refuses: put them right first
"""
_RUN = """\
Connects to Discord and stays until SIGINT (Ctrl-C) or SIGTERM: then it stores what is on
its way and leaves; a second signal ends it at once. It needs MARGINALIA_DISCORD_TOKEN.
The log goes to stderr, with times in UTC and without anything that members write.
"""
_DEMO = """\
Starts a Discord of its own on this machine, connects the real bot to it, lets members hold
a debate, moves the clock a week, and shows the thread, its reply chains, the edits and the
digest that arrives. It takes seconds and needs no account and no network. It ends with 0
only if everything it promises happened.
"""
_MIGRATE = """\
Brings the database to the newest schema, as `run` does by itself; a database that holds
something is copied beside itself first. Use it to see that an update goes well.
"""
_DOCTOR = """\
Checks the settings, the database, the token, the intents and the bot's permissions in each
set-up forum. It changes nothing, and can run beside the bot.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; what goes wrong is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without a sign, such as a curly quote, shows "?" in its place.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        code = command(options)
        # Not at the end of the program, where a reader that has gone would be a traceback.
        sys.stdout.flush()
    except SettingsError as error:
        return _fail(str(error), MISUSED)
    except UserError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("It was interrupted.")
    except BrokenPipeError:
        # Who reads our output (`… | head`) has had enough; what is left in the buffer must go
        # somewhere when Python closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place where an error becomes words
        if options.debug:
            traceback.print_exc()
        return _fail(_unexpected(error))
    return code


def _fail(text: str, code: int = FAILED) -> int:
    sys.stderr.write(f"marginalia: {' '.join(text.split())}\n")
    return code


def _unexpected(error: Exception) -> str:
    incident = secrets.token_hex(4)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=f"marginalia-{incident}-", suffix=".log", delete=False
    ) as log:
        log.writelines(traceback.format_exception(error))
    return (
        f"Something went wrong that should not have (incident {incident}). What happened is "
        f"written down in {log.name}; --debug shows it here."
    )


def _run(options: argparse.Namespace) -> int:
    from bot.service import run

    return run(_settings(options))


def _demo(options: argparse.Namespace) -> int:
    from bot.demo import run

    return run(options.database, options.page, options.svg)


def _import(options: argparse.Namespace) -> int:
    from bot.page_import import show_pages, store_pages

    if ignored := import_options.ignored(options):
        options.misused(ignored)
    settings = _settings(options)
    if options.dry_run:
        as_json = options.format == "json"
        return show_pages(options.pages, settings.max_page_bytes, as_json=as_json)
    return store_pages(options.pages, options.forum, options.tag, settings)


def _export(options: argparse.Namespace) -> int:
    from bot.exporting import Format
    from bot.taking_home import export_discussion

    path = _settings(options).database_path
    return export_discussion(options.discussion, Format(options.format), options.out, path)


def _site(options: argparse.Namespace) -> int:
    from bot.site import build_site

    return build_site(options.out, options.url, _settings(options).database_path)


def _migrate(options: argparse.Namespace) -> int:
    from bot.upgrade import upgrade

    return upgrade(_settings(options).database_path)


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine

    return examine(_chosen(options))


def _settings(options: argparse.Namespace) -> Settings:
    from bot.settings import load_settings

    return load_settings(**_chosen(options))


def _chosen(options: argparse.Namespace) -> dict[str, Path]:
    return {} if options.database is None else {"database_path": options.database}


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="when something unexpected happens, show the traceback as well",
    )
    stored = argparse.ArgumentParser(add_help=False)
    stored.add_argument(
        "--database",
        type=Path,
        metavar="PATH",
        help="the file that holds everything, instead of MARGINALIA_DATABASE_PATH",
    )

    parser = argparse.ArgumentParser(
        prog="marginalia",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(debug=False)
    parser.add_argument(
        "--version", action="version", version=f"marginalia {version('marginalia')}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        name: str,
        run: Callable[[argparse.Namespace], int],
        summary: str,
        description: str,
        *shared: argparse.ArgumentParser,
        epilog: str | None = None,
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=summary,
            description=description,
            epilog=epilog,
            parents=[*shared, common],
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(run=run, misused=command.error)
        return command

    add("run", _run, "connect to Discord and host", _RUN, stored)
    demo = add("demo", _demo, "show the whole of it on this machine", _DEMO)
    demo.add_argument(
        "--database",
        type=Path,
        metavar="PATH",
        help="a new file to keep the demo's database in, instead of a temporary one",
    )
    demo.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help="bring the saved pages of a discussion back to life, instead of the debate that "
        "comes along",
    )
    demo.add_argument(
        "--svg", type=Path, metavar="PATH", help="draw the discussion and the digest into this file"
    )
    summary = "read saved forum pages"
    epilog = import_options.IMPORT_EPILOG
    pages = add("import", _import, summary, import_options.IMPORT, stored, epilog=epilog)
    import_options.add_import_options(pages)
    summary = "write a discussion as a file"
    epilog = export_options.EXPORT_EPILOG
    export = add("export", _export, summary, export_options.EXPORT, stored, epilog=epilog)
    export_options.add_export_options(export)
    summary = "build a site of the published forums"
    epilog = export_options.SITE_EPILOG
    site = add("site", _site, summary, export_options.SITE, stored, epilog=epilog)
    export_options.add_site_options(site)
    add("migrate", _migrate, "bring the database to the newest schema", _MIGRATE, stored)
    add("doctor", _doctor, "check that everything is in place", _DOCTOR, stored)
    return parser
