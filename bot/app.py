"""The composition root: everything the bot is made of, put together once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.core.ports import Clock
from bot.core.schedule import WeeklySchedule
from bot.digests import Digests, open_digests
from bot.exporting import Exporting
from bot.replay import Replay, open_replay
from bot.settings import Settings
from bot.store.absences import Absences
from bot.store.book_ratings import BookRatings
from bot.store.books import Books
from bot.store.channel_digests import ChannelDigests
from bot.store.database import Database, open_database
from bot.store.digest_counts import DigestCounts
from bot.store.digest_reports import DigestReports
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.documents import Documents
from bot.store.exports import Exports
from bot.store.forgetting import Forgetting
from bot.store.forums import Forums
from bot.store.gaps import Gaps
from bot.store.hosts import Hosts
from bot.store.importing.boards import Boards
from bot.store.importing.imports import Imports
from bot.store.importing.parents import Parents
from bot.store.importing.replays import Replays
from bot.store.old_authors.claims import Claims
from bot.store.old_authors.erasures import Erasures
from bot.store.overviews import Overviews
from bot.store.pages import Pages
from bot.store.panels import Panels
from bot.store.people import People
from bot.store.posts import Posts
from bot.store.publication import Publication
from bot.store.reading import Readings
from bot.store.recording import Recording, open_recording
from bot.store.removals import Removals
from bot.store.search import Search
from bot.store.server_zones import ServerZones
from bot.store.servers import Servers
from bot.store.tracking import Tracking
from bot.store.vanished_questions import VanishedQuestions
from bot.ticker import Ticker, open_ticker


@dataclass(frozen=True, slots=True)
class App:
    """The parts that cogs are given in their constructors."""

    settings: Settings
    clock: Clock
    database: Database
    ticker: Ticker
    directory: Directory
    servers: Servers
    server_zones: ServerZones
    forums: Forums
    discussions: Discussions
    gaps: Gaps
    readings: Readings
    absences: Absences
    vanished_questions: VanishedQuestions
    removals: Removals
    documents: Documents
    exports: Exports
    exporting: Exporting
    publication: Publication
    posts: Posts
    pages: Pages
    overviews: Overviews
    panels: Panels
    recording: Recording
    search: Search
    books: Books
    book_ratings: BookRatings
    hosts: Hosts
    imports: Imports
    replays: Replays
    boards: Boards
    parents: Parents
    claims: Claims
    erasures: Erasures
    replay: Replay
    people: People
    tracking: Tracking
    digests: Digests
    channel_digests: ChannelDigests
    digest_reports: DigestReports
    digest_counts: DigestCounts


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database, migrated, and put the parts together.

    Raises `UserError` where the database cannot be used.
    """
    default_schedule = WeeklySchedule(
        weekday=settings.default_digest_weekday,
        hour=settings.default_digest_hour,
        zone=settings.default_timezone,
    )
    async with (
        open_database(settings.database_path) as database,
        open_recording(database) as recording,
    ):
        directory = Directory()
        await directory.load(database)
        people = People(database, default_schedule)
        server_zones = ServerZones(database, people)
        # The default zone may be another than at the last start.
        await server_zones.follow(clock.now())
        books = Books(database)
        documents = Documents(database)
        exports = Exports(database)
        replays = Replays(database, directory)
        async with (
            open_replay(replays, clock) as replay,
            open_digests(
                database, default_schedule, settings.digests_a_minute, clock.now()
            ) as digests,
            open_ticker() as ticker,
        ):
            ticker.every(settings.tick_seconds, Forgetting(database).tick, name="forgetting")
            yield App(
                settings=settings,
                clock=clock,
                database=database,
                ticker=ticker,
                directory=directory,
                servers=Servers(database, directory),
                server_zones=server_zones,
                forums=Forums(database, directory),
                discussions=Discussions(database, directory),
                gaps=Gaps(database),
                readings=Readings(database),
                absences=Absences(database),
                vanished_questions=VanishedQuestions(database),
                removals=Removals(database, directory),
                documents=documents,
                exports=exports,
                exporting=Exporting(exports, documents),
                publication=Publication(database),
                posts=Posts(database),
                pages=Pages(database),
                overviews=Overviews(database),
                panels=Panels(database),
                recording=recording,
                search=Search(database),
                books=books,
                book_ratings=BookRatings(database),
                hosts=Hosts(database),
                imports=Imports(database),
                replays=replays,
                boards=Boards(database),
                parents=Parents(database),
                claims=Claims(database),
                erasures=Erasures(database),
                replay=replay,
                people=people,
                tracking=Tracking(database, people),
                channel_digests=ChannelDigests(database, default_schedule),
                digest_reports=DigestReports(database),
                digest_counts=DigestCounts(database),
                digests=digests,
            )
