"""Plans as people write them: which cells are what, and what is asked."""

import pytest

from publisher.models.errors import Refused
from publisher.plan.recognise.channels import found
from publisher.plan.recognise.dates import days
from publisher.plan.recognise.documents import chosen, document, readings
from publisher.plan.recognise.outline import listed_kinds
from tests.unit.plan.recognise.written import docx, with_part

MENU = ["newsletter", "website", "blog", "x", "facebook", "webinar", "workshop", "board-report"]


def read(name: str, text: str, which: str = "all"):
    content = text.encode()
    return chosen(name, readings(name, content, document(name, content)), which)


def rows(name: str, text: str):
    return [
        (row.audience, row.message, row.channel) for one in read(name, text) for row in one.rows
    ]


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("en", "Target audience,Key messages,Preferred channel of communication,Timing,Lead"),
        ("fr", "Public cible,Message clé,Canaux de diffusion,Échéance,Responsable"),
        ("es", "Público destinatario,Mensaje clave,Canales,Fecha,Responsable"),
        ("ar", "الجمهور المستهدف,الرسالة الرئيسية,القنوات,التاريخ,الجهة المسؤولة"),
        ("ru", "Целевая аудитория,Ключевое сообщение,Каналы,Срок,Ответственный"),
        ("zh", "目标受众,关键信息,传播渠道,日期,负责人"),
    ],
)
def test_headings_are_known_in_six_languages(language, header):
    """The plan's language is that of its headings."""
    (found,) = read("plan.csv", f"{header}\na,b,c,d,e\n")

    assert found.language == language
    (row,) = found.rows
    assert (row.audience, row.message, row.channel, row.when, row.owner) == tuple("abcde")


def test_a_channel_may_have_a_column_of_its_own():
    """What is ticked is meant."""
    text = "Who,What,E-mail,Web site,Blog\nStaff,Hello,x,,✓\nPress,Good day,no,yes,-\n"

    assert rows("plan.csv", text) == [
        ("Staff", "Hello", "E-mail\nBlog"),
        ("Press", "Good day", "Web site"),
    ]


def test_what_is_written_once_holds_for_the_rows_below():
    """Empty cells and ditto marks, lines across the table, headings again on a new page."""
    text = (
        "Our plan,,\nAudience,Message,Channel\nInternal,,\nStaff,Hello,Blog\n,Good day,″\n"
        "Audience,Message,Channel\n,,\nExternal,,\nPress,Goodbye,Newsletter\n"
    )
    (found,) = read("plan.csv", text)

    assert [one.place for one in found.rows] == [f"the table, row {at}" for at in (4, 5, 9)]
    assert [(one.section, one.audience, one.message, one.channel) for one in found.rows] == [
        ("Internal", "Staff", "Hello", "Blog"),
        ("Internal", "Staff", "Good day", "Blog"),
        ("External", "Press", "Goodbye", "Newsletter"),
    ]


def test_a_table_may_be_drawn_in_plain_text():
    """As in reStructuredText, with a cell that reaches over two rows."""
    text = """Our plan

+----------+-----------------+---------------+
| Audience | Key message     | Channel       |
+==========+=================+===============+
| Staff    | We move in May. | Newsletter    |
|          +-----------------+---------------+
|          | Nobody changes  | Staff meeting |
|          | teams.          |               |
+----------+-----------------+---------------+
"""

    assert rows("plan.txt", text) == [
        ("Staff", "We move in May.", "Newsletter"),
        ("Staff", "Nobody changes teams.", "Staff meeting"),
    ]


def test_a_document_is_read_as_it_will_be_once_its_changes_are_accepted():
    """Without what was struck out; in content controls, too."""
    content = docx([["Audience", "Message", "Channel"], ["Staff", "We move in June.", "Blog"]])
    struck = "<w:del><w:r><w:delText>June.</w:delText></w:r></w:del><w:r><w:t>May.</w:t></w:r>"
    held = f"<w:sdt><w:sdtContent><w:r><w:t>We move in </w:t></w:r></w:sdtContent></w:sdt>{struck}"
    content = with_part(
        content,
        "word/document.xml",
        lambda said: said.replace(b"<w:r><w:t>We move in June.</w:t></w:r>", held.encode()),
    )
    (found,) = readings("plan.docx", content, document("plan.docx", content))

    assert found.rows[0].message == "We move in May."


def test_a_table_without_headings_is_told_by_its_cells():
    """Sentences, names and channels; it is asked whether that is right."""
    text = (
        "1;Staff;We move to the new house in May.;Newsletter\n"
        "2;The press;The new house is open to all.;Blog, web site\n"
    )
    (found,) = read("plan.csv", text)

    assert rows("plan.csv", text)[0] == ("Staff", "We move to the new house in May.", "Newsletter")
    assert found.doubts[0].endswith(
        "taken were column 2 for the audiences, column 3 for the key messages, column 4 for the "
        "channels. Is that right?"
    )


def test_words_in_columns_that_might_be_anything_are_no_plan():
    """Three columns of short words say nothing."""
    with pytest.raises(Refused, match="holds no table"):
        read("plan.csv", "Anna;Bob;Carol\nDan;Eve;Frank\n")


def test_what_a_table_lacks_is_said():
    """The nearest one is described."""
    with pytest.raises(Refused, match="the nearest has none for key messages"):
        read("plan.csv", "Audience,Channel\nStaff,Blog\n")


def test_of_several_tables_somebody_chooses():
    """Each is named with its heading, its size and its first audience."""
    table = "<table><tr><th>Audience<th>Message<th>Channel<tr><td>{}<td>Hello<td>Blog</table>"
    text = f"<h2>At home</h2>{table.format('Staff')}<h2>Abroad</h2>{table.format('Press')}"

    with pytest.raises(Refused) as refused:
        read("plan.html", text, "")
    assert str(refused.value) == (
        "plan.html has 2 tables that may be the plan: 1 is table 1 under “At home” (1 row, first "
        "“Staff”); 2 is table 2 under “Abroad” (1 row, first “Press”); say --table 1, another of "
        "these numbers, or --table all"
    )
    assert [one.rows[0].audience for one in read("plan.html", text, "2")] == ["Press"]
    assert [one.rows[0].audience for one in read("plan.html", text, "all")] == ["Staff", "Press"]
    with pytest.raises(Refused, match="has no plan “3”"):
        read("plan.html", text, "3")


OUTLINES = {
    "labels.txt": """
        Audience: Staff
        Message: We move
            in May.
        Channels: newsletter, blog

        Audience: Press
        Message: The house is open.
        Channels: web site
        """,
    "one-line.md": """
- Audience: Staff. Message: We move in May. Channels: newsletter, blog
- **Audience:** Press | **Message:** The house is open. | **Channels:** web site
""",
    "headings.md": """
# Our plan

## Staff

### Key messages

- We move in May.

### Channels

- newsletter
- blog

## Press

**Message:** The house is open.

**Channels:** web site

Thank you for reading.
""",
    "sections.rst": """
Staff
=====

:Message: We move in May.
:Channels: newsletter, blog

Press
=====

Message: The house is open.

Channels: web site
""",
    "nested.html": """<ul><li>Staff<ul><li>Message: We move in May.</li><li>Channels: newsletter,
blog</li></ul></li><li>Press<ul><li>Message: The house is open.</li><li>Channels: web
site</li></ul></li></ul>""",
}


@pytest.mark.parametrize("name", OUTLINES)
def test_an_outline_is_a_plan_too(name):
    """“Audience:” and so on, on lines or in one, or a heading for each audience."""
    found = [
        (one, message, channel.replace("\n", ", "))
        for one, message, channel in rows(name, OUTLINES[name])
    ]

    assert found == [
        ("Staff", "We move in May.", "newsletter, blog"),
        ("Press", "The house is open.", "web site"),
    ]


def test_a_list_may_say_which_audiences_are_secondary():
    """By the heading it stands under."""
    text = (
        "Primary audience\n\n* Staff\n* Boards\n\nSecondary audience:\n* Press\n\nThe end\n* Cats"
    )

    lines = document("plan.txt", text.encode()).lines

    assert listed_kinds(lines) == {"Staff": "primary", "Boards": "primary", "Press": "secondary"}


@pytest.mark.parametrize(
    ("cell", "named", "unclear"),
    [
        ("Newsletter, our blog and X", ["newsletter", "blog", "x"], 0),
        ("lettre d’information ; site web", ["newsletter", "website"], 0),
        ("рассылка, вебинар", ["newsletter", "webinar"], 0),
        ("نشرة، موقع", ["newsletter", "website"], 0),
        ("通讯、网站", ["newsletter", "website"], 0),
        ("social media (Twitter, Facebook)", ["", "x", "facebook"], 0),
        ("Newsleter", ["newsletter"], 0),
        ("Carrier pigeons / leaflets", ["", ""], 0),
        ("ISO, IEC, ITU web sites", ["website"], 1),
        ("We shall decide on what fits best once the budget is known.", [], 1),
        ("", [], 0),
    ],
)
def test_a_cell_names_channels_of_the_menu_and_others(cell, named, unclear):
    """What is nearly a name is taken with a score; what only speaks of channels is asked."""
    said = found(cell, MENU)

    assert [one.slug for one in said.named] == named
    assert len(said.unclear) == unclear
    assert all(one.score < 100 for one in said.named if one.words == "Newsleter" or not one.slug)


@pytest.mark.parametrize(
    ("words", "language", "at"),
    [
        ("12 March 2027", "en", "2027-03-12 00:00"),
        ("2027-03-12", "en", "2027-03-12 00:00"),
        ("March 12, 2027 at 9:30 am", "en", "2027-03-12 09:30"),
        ("25/03/2027", "en", "2027-03-25 00:00"),
        ("03/25/2027", "en", "2027-03-25 00:00"),
        ("03/04/2027", "en", None),
        ("03/04/2027", "fr", "2027-04-03 00:00"),
        ("12.03.2027", "ru", "2027-03-12 00:00"),
        ("le 12 mars 2027 à 14h", "fr", "2027-03-12 14:00"),
        ("12 de marzo de 2027", "es", "2027-03-12 00:00"),
        ("12 مارس 2027", "ar", "2027-03-12 00:00"),
        ("12 марта 2027 г.", "ru", "2027-03-12 00:00"),
        ("2027年3月12日", "zh", "2027-03-12 00:00"),
        ("12-14 March 2027", "en", None),
        ("March 2027", "en", None),
        ("Q2 2027", "en", None),
        ("monthly", "en", None),
        ("next Friday", "en", None),
        ("32 March 2027", "en", None),
        ("12 March 1027", "en", None),
    ],
)
def test_a_day_is_a_day_only_if_it_can_be_no_other(words, language, at):
    """Ranges, months and days that might be read in two ways stay words."""
    (day,) = days(words, language)

    assert (f"{day.at:%Y-%m-%d %H:%M}" if day.at else None) == at
    assert day.timed == bool(at and not at.endswith("00:00"))
