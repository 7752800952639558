"""What may stand around a name, so that a text opens by speaking to its bearer.

"NAME: …", "@NAME …", "NAME, I …" with its like, "Hi NAME, …", "In reply to NAME: …", and a name
alone on the first line. "NAME, I think, is …" speaks of somebody and to nobody.
"""

from __future__ import annotations

import re
from enum import Enum, auto

READ = 400
"""How many characters of an opening are looked at."""

_GREETING = re.compile(
    r"(?P<surely>(?:hi|hello|hey|dear|thanks|thank you|many thanks)(?:,? +@?)|@)"
    r"|(?P<perhaps>(?:(?:(?:very |so )?well|beautifully|nicely|perfectly|brilliantly)"
    r" (?:said|put|written|argued|phrased|expressed|spotted)"
    r"|(?:good|great|nice|fair|excellent|brilliant|interesting|lovely|wonderful)"
    r" (?:points?|posts?|question|catch|comments?|thoughts?|insight|observation|summary)"
    r"|i (?:totally |completely |quite |fully )?(?:agree|disagree)(?: with you)?"
    r"|agreed|sorry|welcome|point taken|my condolences|fair enough)"
    r"(?:,? +@?))"
    r"|(?P<naming>(?:in (?:reply|response|answer) to|replying to|responding to|to) +@?)",
    re.IGNORECASE,
)
_WRITES = re.compile(r" +(?:says|said|writes|wrote|asks|asked) *[:,-]+\s*(?=[\"'>])")
_COLON = re.compile(r"\.?\"? ?:(?![()DPp/\\:-])\s*")
_ALONE = re.compile(r"\.?(?:[,.!:]+| -+)? *\n\s*")
_PAUSE = re.compile(r"\.?(?: ?, +|,? +[-–—]+ +| ?[–—] ?| ?--+ ?|! +)(?=\S)")
_STOP = re.compile(r"\.?(?:[,!:]|\.(?=\s|$)| [-–—]| ?--)\s*|\s*$")
_FULL_STOP = re.compile(r"[.!]+(?:\s+|$)|\s*$|\s*\n")
_AFTER_SIGN = re.compile(
    r"\s+(?!and\b|or\b)(?=[a-z\"'(]|(?:I|You|Your|Yes|No|The|That|This|What|Why|How|It)\b)"
)

_SPEAKS = re.compile(
    r"(?:i|i'm|i've|i'd|i'll|you|you're|you've|you'd|your|thanks|thank|yes|exactly|agreed|sorry"
    r"|well said|good point|great point|(?:do|did|have|are|were|can|could|would|will) you"
    r"|well put|fair enough|hear,? hear|touche|point taken|please|let me|excuse me|forgive me"
    r"|tell (?:me|us|your)|don't|do not|not at all|may i|so (?:do|did|am|was) i)\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"(?:it's|it is|that's|that is(?!,)|there's|there is|this is|we|we're)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:i|you|your|i'd|you'd|you'll|i'll|i'm|it|it's|that|that's|there|there's|this|we|we're"
    r"|please|let|may|not|don't)(?: [\w']+){0,4}?(?:,| -+ | ?[–—])\s*(?P<next>[\w']*)",
    re.IGNORECASE,
)
_RETURNS_TO_NAME = re.compile(
    r"[^.!?\n]*[,–—-] ?(?:also |always |really )?(?:is|was|has|had|does|did|would|will|can|could"
    r"|should|must|may|might|never|isn't|wasn't|hasn't|hadn't|doesn't|didn't|seems|says|makes|gets"
    r"|becomes|remains|thinks|knows|goes|comes|takes|gives|feels)\b",
    re.IGNORECASE,
)
_GOES_ON_SPEAKING = (
    "also although and as because but especially for have however i if it like my no not on"
    " personally so that the there these this those though thank thanks too we what while with yet"
    " you your"
)
_SPOKEN_ON = frozenset(_GOES_ON_SPEAKING.split())
_SPEAKS_OF = re.compile(
    r"(?:i|you) (?:[\w']+ )?[\w']+ (?:is|was|has|had|does|did|isn't|wasn't|never|knows|knew)\b"
    r"|you (?:say|mean|ask|know)\?",
    re.IGNORECASE,
)
_QUESTION_TO_YOU = re.compile(
    r"(?:what|why|how|when|where|which|is|are|was|were|isn't|aren't|do|does|did|don't|didn't"
    r"|have|haven't|can|could|would|and)\b[^.!?]*\byour?\b[^.!?]*\?",
    re.IGNORECASE,
)
_ANSWERS_YOU = re.compile(
    r"\byou(?:'ve| have| had| just| also| actually| both)* (?:said|wrote|mentioned|asked|claimed"
    r"|argued|suggested|pointed out|described|called|quoted|raised|posted|meant)\b"
    r"|\b(?:that|when|as|what|if) you (?:say|write|mention|ask|claim|argue|suggest|point out"
    r"|describe|call|quote)\b|\b(?:would|could|can|will) you (?:please |mind |kindly )?"
    r"(?:tell|telling|say|saying|explain|explaining|share|sharing|elaborate|elaborating)\b"
    r"|\byou(?:'re| are) (?:absolutely |quite |so |completely |probably )?"
    r"(?:right|wrong|saying|mistaken)\b|\byou make (?:a|an|some)\b"
    r"|\b(?:agree|disagree) with (?:you|your)\b|\bthank you\b|\bthanks for\b"
    r"|\byour (?:\w+ )?(?:posts?|comments?|question|points?|argument|remarks?|reply|suggestion"
    r"|message)\b",
    re.IGNORECASE,
)
_TALK = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|you|you're|you've|your)\b", re.IGNORECASE)
_ANOTHER_PERSON = re.compile(
    r"(?!(?:actually|and|because|but|i|if|maybe|no|or|perhaps|so|surely|that|well|yes|you)\b)"
    r"(?:\w+\W+){0,2}(?:she|he|her|his|him|hers)\b",
    re.IGNORECASE,
)


class Greeting(Enum):
    """What stands before a name: nothing, or words that need less or more after it."""

    NONE = auto()
    SURELY = auto()
    PERHAPS = auto()
    NAMING = auto()


class Strength(Enum):
    """How surely a name in the text is an author's, from least to most.

    A `WEAK` one may as well be a word, or somebody of the book. One given `IN_PART` could be
    somebody's of the book, so before a colon the text must sound like talk. An `UNMISTAKABLE` one
    is spelled as nothing but a screen name is.
    """

    WEAK = auto()
    IN_PART = auto()
    IN_FULL = auto()
    UNMISTAKABLE = auto()


def greeting_at(text: str, start: int) -> tuple[Greeting, int]:
    """Read the words before a name; give their kind and where the name would begin."""
    match = _GREETING.match(text, start, start + READ)
    if match is None or match.lastgroup is None:
        return Greeting.NONE, start
    return Greeting[match.lastgroup.upper()], match.end()


def quotes_after(text: str, end: int) -> int | None:
    """Give where the quotation begins in "NAME wrote: …", the name ending at `end`."""
    match = _WRITES.match(text, end)
    return None if match is None else match.end()


def speaks_after(text: str, end: int, greeting: Greeting, strength: Strength) -> int | None:
    """Give where a text goes on that speaks to the name ending at `end`, or None if it does not."""
    is_weak = strength is Strength.WEAK
    answers_you = _ANSWERS_YOU.search(text, end, end + READ) is not None
    stop = _STOP.match(text, end)
    match greeting:
        case Greeting.SURELY:
            stop = stop or (_AFTER_SIGN.match(text, end) if text[:end].count("@") else None)
            return None if stop is None else stop.end()
        case Greeting.PERHAPS:
            if is_weak and not answers_you:
                return None
            stop = stop if answers_you else _FULL_STOP.match(text, end)
            return stop.end() if stop else _bare_name(text, end, strength, answers_you=answers_you)
        case Greeting.NAMING:
            stop = _COLON.match(text, end)
            return None if stop is None or (is_weak and not answers_you) else stop.end()
        case Greeting.NONE:
            if is_weak and not answers_you:
                return None
            return _bare_name(text, end, strength, answers_you=answers_you)


def _bare_name(text: str, end: int, strength: Strength, *, answers_you: bool) -> int | None:
    if colon := _COLON.match(text, end):
        of_another = _ANOTHER_PERSON.match(text, colon.end(), colon.end() + READ)
        is_talk = strength is not Strength.IN_PART or _TALK.search(
            text, colon.end(), colon.end() + READ
        )
        return colon.end() if answers_you or (is_talk and not of_another) else None
    if alone := _ALONE.match(text, end):
        return alone.end()
    pause = _PAUSE.match(text, end)
    if pause is None:
        return None
    rest = text[pause.end() : pause.end() + READ]
    aside = _ASIDE.match(rest)
    if aside is not None and aside["next"].casefold() not in _SPOKEN_ON:
        return None
    if _SPEAKS_OF.match(rest) or _RETURNS_TO_NAME.match(rest):
        return None
    states = strength is Strength.UNMISTAKABLE and _STATES.match(rest)
    asks = _QUESTION_TO_YOU.match(rest) and not _ANOTHER_PERSON.match(rest)
    return pause.end() if _SPEAKS.match(rest) or asks or states else None
