"""Messages before they are sent: the fields a request may carry, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.cdn import signature
from sandbox.component_limits import TEXT_DISPLAY, check_components, walk
from sandbox.embed_limits import read_embeds
from sandbox.errors import refused
from sandbox.kinds import EPHEMERAL, IS_COMPONENTS_V2, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS
from sandbox.limits import Problems, check_text
from sandbox.mentions import EVERY_KIND
from sandbox.state import SandboxAttachment
from sandbox.wire import clean_text, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.state import SandboxChannel
    from sandbox.wire import Json, JsonObject
    from sandbox.world import World

MAX_CONTENT = 2000
_MAX_NONCE = 25
_MAX_ATTACHMENTS = 10
_MAX_STICKERS = 3
_SETTABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2
_MENTION_KINDS = ("users", "roles", "everyone")


@dataclass(slots=True)
class Draft:
    """A message that somebody wants to send."""

    content: str = ""
    embeds: list[JsonObject] = field(default_factory=list)
    attachments: list[SandboxAttachment] = field(default_factory=list)
    components: list[JsonObject] = field(default_factory=list)
    stickers: list[JsonObject] = field(default_factory=list)
    poll: JsonObject | None = None
    flags: int = 0
    tts: bool = False
    allowed_mentions: JsonObject = field(default_factory=lambda: EVERY_KIND)
    reference: JsonObject | None = None
    nonce: str | int | None = None
    enforce_nonce: bool = False

    @property
    def text(self) -> str:
        """What is written in it: its content, and the text among its components."""
        shown = (c["content"] for c in walk(self.components) if c["type"] == TEXT_DISPLAY)
        return "\n".join((self.content, *shown))

    @property
    def empty(self) -> bool:
        """Whether nothing is left to show."""
        return not (
            self.content or self.embeds or self.attachments or self.components or self.stickers
        ) and (self.poll is None)


def read_draft(
    body: JsonObject,
    files: Mapping[int, SandboxAttachment],
    *,
    may_be_ephemeral: bool = False,
    mentions: JsonObject = EVERY_KIND,
) -> Draft:
    """Return the draft that a create request carries; `mentions` are allowed unless it says.

    Raises 50035 with the fields' errors, or 50006 when nothing is in it ("Create Message").
    """
    problems = Problems()
    draft = Draft()
    _read_text_and_parts(body, draft, problems)
    draft.attachments = _new_attachments(body, files, problems)
    settable = _SETTABLE_FLAGS | (EPHEMERAL if may_be_ephemeral else 0)
    draft.flags = int(body.get("flags") or 0) & settable
    draft.tts = bool(body.get("tts"))
    draft.allowed_mentions = _read_allowed_mentions(body, problems, mentions)
    draft.poll = _read_poll(body.get("poll"), problems)
    draft.stickers = _read_stickers(body, problems)
    draft.reference = body.get("message_reference")
    nonce = body.get("nonce")
    if isinstance(nonce, bool) or not isinstance(nonce, str | int | None):
        problems.add(("nonce",), "NONCE_TYPE_INVALID", "Nonce must be an integer or a string.")
    elif nonce is not None and len(str(nonce)) > _MAX_NONCE:
        problems.add(("nonce",), "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    draft.nonce = nonce
    draft.enforce_nonce = bool(body.get("enforce_nonce"))
    check_components(draft.components, problems, v2=bool(draft.flags & IS_COMPONENTS_V2))
    if draft.flags & IS_COMPONENTS_V2:
        _only_components(draft, problems)
    problems.raise_if_any()
    if draft.empty and not (draft.reference and draft.reference.get("type") == 1):
        raise refused(50006)
    return draft


def read_changes(
    body: JsonObject,
    draft: Draft,
    files: Mapping[int, SandboxAttachment],
    *,
    mentions: JsonObject = EVERY_KIND,
) -> Draft:
    """Return `draft`, which is what a message holds now, with an edit request applied.

    Raises 50035, or 50006 when nothing would be left ("Edit Message").
    """
    problems = Problems()
    _read_text_and_parts(body, draft, problems)
    if "attachments" in body or files:
        asked = body.get("attachments")
        kept = draft.attachments
        if asked is not None:
            ids = {str(entry.get("id")) for entry in asked}
            kept = [a for a in kept if str(a.id) in ids]
        draft.attachments = [*kept, *_new_attachments(body, files, problems)]
    if body.get("flags") is not None:
        asked_flags = int(body["flags"])
        draft.flags = draft.flags & ~SUPPRESS_EMBEDS | asked_flags & SUPPRESS_EMBEDS
        draft.flags |= asked_flags & IS_COMPONENTS_V2
    draft.allowed_mentions = _read_allowed_mentions(body, problems, mentions)
    check_components(draft.components, problems, v2=bool(draft.flags & IS_COMPONENTS_V2))
    if draft.flags & IS_COMPONENTS_V2:
        _only_components(draft, problems)
    problems.raise_if_any()
    if draft.empty:
        raise refused(50006)
    return draft


def _read_allowed_mentions(body: JsonObject, problems: Problems, default: JsonObject) -> JsonObject:
    """Return the allowed mentions object of a request ("Allowed Mentions Object")."""
    allowed: JsonObject | None = body.get("allowed_mentions")
    if allowed is None:
        return default
    parse = allowed.get("parse") or []
    for index, kind in enumerate(parse):
        if kind not in _MENTION_KINDS:
            problems.add(
                ("allowed_mentions", "parse", index),
                "BASE_TYPE_CHOICES",
                f"Value must be one of {set(_MENTION_KINDS)}.",
            )
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if listed and kind in parse:
            problems.add(
                ("allowed_mentions",),
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
        if len(listed) > 100:
            problems.length(("allowed_mentions", kind), 0, 100)
    return allowed


def place_attachments(
    world: World, channel: SandboxChannel, files: Sequence[SandboxAttachment]
) -> list[SandboxAttachment]:
    """Return the files with ids and expiring addresses ("Reference", "Signed Attachment CDN")."""
    now = world.now()
    placed: list[SandboxAttachment] = []
    for file in files:
        if file.id and file.url:
            placed.append(file)
            continue
        file_id = world.snowflakes.next()
        path = f"{channel.id}/{file_id}/{file.filename}?{signature(file_id, now)}"
        url = f"https://cdn.discordapp.com/attachments/{path}"
        placed.append(replace(file, id=file_id, url=url))
    return placed


def poll_as_shown(world: World, poll: JsonObject) -> JsonObject:
    """Return a poll request as the poll object others see ("Poll Resource")."""
    answers = [
        {"answer_id": number, "poll_media": answer["poll_media"]}
        for number, answer in enumerate(poll["answers"], start=1)
    ]
    expiry = world.now() + timedelta(hours=int(poll.get("duration") or 24))
    return {
        "question": poll["question"],
        "answers": answers,
        "expiry": timestamp(expiry),
        "allow_multiselect": bool(poll.get("allow_multiselect")),
        "layout_type": int(poll.get("layout_type") or 1),
        "results": {"is_finalized": False, "answer_counts": []},
    }


def _read_stickers(body: JsonObject, problems: Problems) -> list[JsonObject]:
    ids: list[Json] = body.get("sticker_ids") or []
    if len(ids) > _MAX_STICKERS:
        problems.length(("sticker_ids",), 0, _MAX_STICKERS)
    return [{"id": str(i), "name": "sticker", "format_type": 1} for i in ids]


def _read_text_and_parts(body: JsonObject, draft: Draft, problems: Problems) -> None:
    if "content" in body:
        content = body["content"]
        if content is not None and not isinstance(content, str):
            content = str(content)
        check_text(problems, ("content",), content or "", 0, MAX_CONTENT)
        draft.content = clean_text(content or "")
    if "embeds" in body:
        draft.embeds = read_embeds(body["embeds"] or [], problems)
    if "components" in body:
        draft.components = body["components"] or []


def _only_components(draft: Draft, problems: Problems) -> None:
    for name, value in (
        ("content", draft.content),
        ("embeds", draft.embeds),
        ("poll", draft.poll),
        ("sticker_ids", draft.stickers),
    ):
        if value:
            problems.add(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _new_attachments(
    body: JsonObject, files: Mapping[int, SandboxAttachment], problems: Problems
) -> list[SandboxAttachment]:
    described = {str(e.get("id")): e for e in body.get("attachments") or []}
    result = []
    for index, file in files.items():
        entry = described.get(str(index), {})
        description = entry.get("description")
        if description is not None:
            check_text(problems, ("attachments", index, "description"), description, 0, 1024)
        result.append(
            replace(file, filename=entry.get("filename", file.filename), description=description)
        )
    if len(result) > _MAX_ATTACHMENTS:
        problems.length(("attachments",), 0, _MAX_ATTACHMENTS)
    return result


def _read_poll(poll: JsonObject | None, problems: Problems) -> JsonObject | None:
    if poll is None:
        return None
    check_text(problems, ("poll", "question", "text"), poll["question"].get("text", ""), 1, 300)
    answers = poll.get("answers") or []
    if not 1 <= len(answers) <= 10:
        problems.length(("poll", "answers"), 1, 10)
    for index, answer in enumerate(answers):
        text = answer["poll_media"].get("text", "")
        check_text(problems, ("poll", "answers", index, "poll_media", "text"), text, 1, 55)
    return poll
