from datetime import UTC, date, datetime

import pytest

from bot.core.model import PostKind
from bot.importers.sites import SITES, Header, Site

COM, CO_UK, DE, FR, CO_JP = SITES


@pytest.mark.parametrize(
    ("site", "text", "moment"),
    [
        (COM, "Nov 22, 2015 7:53:30 PM PST", datetime(2015, 11, 23, 3, 53, 30, tzinfo=UTC)),
        (COM, "Jul 4, 2009 12:00:00 AM PDT", datetime(2009, 7, 4, 7, 0, 0, tzinfo=UTC)),
        (COM, "Jul 4, 2009 12:00:00 PM PDT", datetime(2009, 7, 4, 19, 0, 0, tzinfo=UTC)),
        (COM, "Dec 31, 2009 11:59:59 PM PST", datetime(2010, 1, 1, 7, 59, 59, tzinfo=UTC)),
        (CO_UK, "29 Oct 2015 07:40:36 GMT", datetime(2015, 10, 29, 7, 40, 36, tzinfo=UTC)),
        (CO_UK, "1 Aug 2011 00:10:00 BDT", datetime(2011, 7, 31, 23, 10, 0, tzinfo=UTC)),
        (CO_UK, "1 Aug 2011 00:10:00 BST", datetime(2011, 7, 31, 23, 10, 0, tzinfo=UTC)),
        (CO_UK, "1 Aug 2011 00:10:00 GMT+01:00", datetime(2011, 7, 31, 23, 10, 0, tzinfo=UTC)),
        (DE, "20.10.2015 09:11:29 GMT+02:00", datetime(2015, 10, 20, 7, 11, 29, tzinfo=UTC)),
        (FR, "2 nov. 15 08:51:42 GMT+01:00", datetime(2015, 11, 2, 7, 51, 42, tzinfo=UTC)),
        (FR, "14 août 09 23:30:00 GMT-02:30", datetime(2009, 8, 15, 2, 0, 0, tzinfo=UTC)),
        (CO_JP, "2015/10/28 10:23:49:JST", datetime(2015, 10, 28, 1, 23, 49, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_with_its_zone(site: Site, text: str, moment: datetime) -> None:
    assert site.moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PST",
        "Nov 22, 2015",
        "Nov 22, 2015 7:53:30 PM",
        "Nov 22, 2015 7:53:30 PM XYZ",
        "Nov 31, 2015 7:53:30 PM PST",
        "Nov 22, 2015 17:53:30 PM PST",
        "Nov 22, 2015 7:53:30 PM PST.",
        "Dec 31, 9999 11:53:30 PM PST",
        "29 Oct 2015 07:40:36 GMT",
        "11 22, 2015 7:53:30 PM PST",
        "Nov 22, 2015 7:53:30 PM GMT+19:00",
    ],
)
def test_what_is_no_moment_of_the_site_is_none(text: str) -> None:
    assert COM.moment(text) is None


def test_a_day_is_read_in_the_form_of_its_site() -> None:
    assert COM.day("Mar 1, 2014") == date(2014, 3, 1)
    assert CO_UK.day("1 Mar 2014") == date(2014, 3, 1)
    assert COM.day("1 Mar 2014") is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Initial post: Jul 4, 2009 12:00:00 PM PDT", PostKind.INITIAL),
        ("Posted on Jul 4, 2009 12:00:00 PM PDT", PostKind.POST),
        ("In reply to an earlier post on Jul 4, 2009 12:00:00 PM PDT", PostKind.REPLY),
        ("  Posted  on Jul 4,  2009 12:00:00 PM PDT ", PostKind.POST),
    ],
)
def test_a_header_is_its_words_and_a_moment(line: str, kind: PostKind) -> None:
    assert COM.header(line) == Header(kind, datetime(2009, 7, 4, 19, tzinfo=UTC))


@pytest.mark.parametrize(
    "line",
    [
        "Posted on too soon.",
        "Posted on Jul 4, 2009 12:00:00 PM PDT, which was a holiday",
        "As I said: Posted on Jul 4, 2009 12:00:00 PM PDT",
        "Initial post: Jul 4, 2009",
        "In reply to an earlier post on",
    ],
)
def test_header_words_without_a_moment_are_prose(line: str) -> None:
    assert COM.header(line) is None
