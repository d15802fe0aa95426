"""When a newsletter was sent, by its name and by what it says."""

from __future__ import annotations

from datetime import date

import pytest

from digest.collect import parse_date
from digest.exchange import date_of_name
from tests.exchange.test_letters import letter_of

NAMES = (
    ("2024-03-08-this-week.md", "2024-03-08"),
    ("2024/03/08/index.html", "2024-03-08"),
    ("issue-2024-03-08.html", "2024-03-08"),
    ("20240308.md", "2024-03-08"),
    ("news_2024_3_8.html", "2024-03-08"),
    ("2024.03.08 Letter.txt", "2024-03-08"),
    ("Letter of 8 March 2024.md", "2024-03-08"),
    ("march-8th-2024.md", "2024-03-08"),
    ("lettre-8-mars-2024.html", "2024-03-08"),
    ("8. März 2024.md", "2024-03-08"),
    ("2024年3月8日号.md", "2024-03-08"),
    ("08.03.2024.eml", "2024-03-08"),
    ("Week 12 2024.md", "2024-03-22"),
    ("2024-W12.md", "2024-03-22"),
    ("2024w12/index.html", "2024-03-22"),
    ("KW 12-2024.html", "2024-03-22"),
    ("semaine-12-2024.md", "2024-03-22"),
    ("2024年第12週.md", "2024-03-22"),
    ("2023/2024-03-08.md", "2024-03-08"),
    ("2024-03-01--2024-03-08.md", "2024-03-08"),
    ("2024/03/index.html", None),
    ("issue-12.md", None),
    ("03-04-2024.md", None),
    ("2024-13-40.md", None),
    ("2024-W60.md", None),
    ("README.md", None),
    ("1234567890.md", None),
    ("v2.2024.md", None),
)


@pytest.mark.parametrize(("name", "day"), NAMES)
def test_a_name_tells_its_day(name: str, day: str | None) -> None:
    found = date_of_name(name, weekday=4, dated=parse_date)
    assert found == (date.fromisoformat(day) if day else None)


STATED = (
    ("---\ndate: 2024-03-08\ntitle: A\n---\n[A headline here](https://e.org/a)", "2024-03-08"),
    ("---\ndate: 2024-03-08T23:30:00Z\ntitle: A\n---\n* [B](https://e.org/a)", "2024-03-09"),
    ("---\npublish_date: 2024-03-08T09:00:00Z\n---\n* [B](https://e.org/a)", "2024-03-08"),
    ("# Letter of March 8, 2024\n\n* [B](https://e.org/a)", "2024-03-08"),
    ("Friday, 8 March 2024\n\n* [B](https://e.org/a)", "2024-03-08"),
    ("<time datetime='2024-03-08'>Friday</time>\n\n* [B](https://e.org/a)", "2024-03-08"),
    ("* [B](https://e.org/a)", None),
)


@pytest.mark.parametrize(("text", "day"), STATED)
def test_a_document_tells_its_day_in_the_zone_of_the_newsletter(text: str, day: str | None) -> None:
    stated = letter_of(text).stated
    assert (str(stated[0][0]) if stated else None) == day
