"""Bringing one's own communication plan."""

import errno
from pathlib import Path

import pytest

from publisher.flows.bring import Brought, bring
from publisher.flows.check import check
from publisher.flows.init import starter
from publisher.models.errors import Refused
from publisher.plan.open_questions import open_questions
from publisher.plan.read import read

DATA = Path(__file__).parents[1] / "data"
REAL = DATA / "communication_plan" / "joint-group.txt"
FOREIGN = DATA / "foreign_plans"


def test_a_real_plan_comes_in_as_its_four_rows(tmp_path):
    """Its words are kept, and no mistake is found in the draft."""
    found = bring(REAL, tmp_path / "mine")

    assert [len(row.messages) for row in found.rows] == [1, 1, 6, 1]
    assert found.rows[1].channels == ["board-agenda-item", "board-report", "meeting-presentation"]
    assert "wsc-website" in found.rows[2].channels
    assert check(tmp_path / "mine") == []


def _table(*rows: str) -> bytes:
    return "\n".join(["Audience;Message;Channel;When;Owner", *rows]).encode()


def _brought(tmp_path: Path, content: bytes, name: str = "plan.csv") -> tuple[Path, Brought]:
    (tmp_path / name).write_bytes(content)
    found = bring(tmp_path / name, tmp_path / "mine")
    assert check(tmp_path / "mine") == []
    return tmp_path / "mine", found


def _asked(folder: Path, path: str) -> list[str]:
    """Give a file's questions, each with the field on the line below it."""
    lines = [line.strip() for line in (folder / path).read_text().split("\n")]
    below = [next((one for one in lines[at:] if "# ?:" not in one), "") for at in range(len(lines))]
    return [
        f"{line.removeprefix('# ?: ')} → {field.partition(':')[0]}"
        for line, field in zip(lines, below, strict=True)
        if line.startswith("# ?: ")
    ]


@pytest.mark.parametrize(
    ("name", "rows", "entries"),
    [
        (
            "ministry.docx",
            {
                "doctors": ["circular", "e-mail"],
                "nurses-and-midwives": ["webinar", "newsletter"],
                "parents-of-children-under-five": ["website", "facebook", "sms", "radio-spots"],
                "journalists": ["press-releases", "x"],
                "members-of-parliament": ["board-report"],
            },
            ["2027-04-12 09:00", "2027-04-14 10:00", "2027-05-03 09:00"],
        ),
        (
            "museum.xlsx",
            {
                "families-with-children": ["facebook", "posters"],
                "schools-and-teachers": ["circular", "workshop"],
                "friends-of-the-museum": ["newsletter"],
                "press": ["press-conference", "website"],
                "toursit-offices": ["newsletter"],
            },
            ["2027-02-15 09:30", "2027-02-24 09:00", "2027-03-01 09:00", "2027-04-04 09:00"],
        ),
        (
            "ngo.html",
            {
                "village-water-committees": ["sms", "workshop"],
                "donors": ["board-report", "linkedin", "newsletter"],
                "district-water-authority": ["meeting-presentation", "meetings"],
            },
            [],
        ),
        (
            "ville.csv",
            {
                "riverains-de-la-place": ["newsletter", "affichage"],
                "commercants": ["reunion-publique", "website"],
                "automobilistes": ["facebook", "panneaux-lumineux"],
                "elus-du-conseil": ["board-report", "meeting-presentation"],
            },
            ["2027-03-02 09:00", "2027-03-15 09:00"],
        ),
        (
            "memo.txt",
            {
                "borrowers": ["newsletter", "posters", "website"],
                "staff": ["staff-meeting", "intranet"],
                "neighbours-in-harbour-street": ["leaflets"],
            },
            ["2027-05-03 09:00"],
        ),
    ],
)
def test_plans_as_people_write_them_become_drafts_that_hold_together(tmp_path, name, rows, entries):
    """Their rows, channels and days are found, and every cell of the draft renders."""
    found = bring(FOREIGN / name, tmp_path / "mine")

    plan = read(tmp_path / "mine")
    assert {row.audience: row.channels for row in found.rows} == rows
    assert sorted(str(entry.when) for entry in plan.entries.values()) == entries
    assert check(tmp_path / "mine") == []
    opened = list(open_questions(tmp_path / "mine"))
    assert sorted(opened) == sorted((one.path, one.line, one.sentence) for one in found.questions)


def test_the_words_of_a_draft_are_those_of_the_plan(tmp_path):
    """In the plan's language, and nothing is said that the plan does not say."""
    bring(FOREIGN / "ville.csv", tmp_path / "mine")

    plan = read(tmp_path / "mine")
    entry = plan.entries["la-livraison-se-fait-avant-9-h-30-2027-03-15"]
    assert entry.title == {"fr": "La livraison se fait avant 9 h 30."}
    assert [(one.language, one.words) for one in entry.words] == [
        ("fr", "La livraison se fait avant 9 h 30.")
    ]
    assert plan.organisations["service-voirie"].languages == ["fr"]
    assert plan.channels["affichage"].name == {"fr": "affichage"}
    assert {slug: one.kind for slug, one in plan.audiences.items()}[
        "elus-du-conseil"
    ] == "secondary"
    choice = plan.choices["service-economie-website/commercants"]
    assert choice.use
    assert choice.reason == {"en": "ville.csv, the table, row 5"}


@pytest.mark.parametrize(
    ("language", "header", "row", "rows", "entry"),
    [
        (
            "es",
            "Público destinatario;Mensaje clave;Canales;Fecha;Responsable",
            "Lectores;Nos mudamos.;Boletín, página web, carteles;3 de mayo de 2027;Dirección",
            {"lectores": ["newsletter", "website", "carteles"]},
            "nos-mudamos-2027-05-03",
        ),
        (
            "ru",
            "Целевая аудитория;Ключевое сообщение;Каналы;Срок;Ответственный",
            "Читатели;Мы переезжаем.;Рассылка, сайт, плакаты;3 мая 2027 г.;Пресс-служба",
            {"chitateli": ["newsletter", "website", "plakaty"]},
            "my-pereezzhaem-2027-05-03",
        ),
        (
            "ar",
            "الجمهور المستهدف;الرسالة الرئيسية;القنوات;التاريخ;الجهة المسؤولة",
            "القراء;تنتقل المكتبة.;النشرة، الموقع الإلكتروني، تويتر;3 مايو 2027;الإدارة",
            {"lqr": ["newsletter", "website", "x"]},
            "tntql-lmktbh-2027-05-03",
        ),
        (
            "zh",
            "目标受众;关键信息;传播渠道;日期;负责人",
            "读者;图书馆搬迁。;通讯、网站、微博;2027年5月3日;宣传部",
            {"du-zhe": ["newsletter", "website", "wei-bo"]},
            "tu-shu-guan-ban-qian-2027-05-03",
        ),
    ],
)
def test_a_plan_in_another_language_becomes_a_draft_in_it(
    tmp_path, language, header, row, rows, entry
):
    """Its channels are known by their names there, and its names are written as they sound."""
    folder, found = _brought(tmp_path, f"{header}\n{row}\n".encode())

    assert found.language == language
    assert {one.audience: one.channels for one in found.rows} == rows
    assert read(folder).entries[entry].languages == [language]


def test_departments_may_speak_for_one_organisation(tmp_path):
    """If somebody says whose they are; who does what is asked."""
    found = bring(FOREIGN / "museum.xlsx", tmp_path / "mine", organisation="City Museum")

    plan = read(tmp_path / "mine")
    assert check(tmp_path / "mine") == []
    assert list(plan.organisations) == ["city-museum"]
    assert {one.organisation for one in plan.outlets.values()} == {"city-museum"}
    assert "the plan names “Marketing” and “Director” as owner here; who must know?" in {
        one.sentence for one in found.questions if one.path == "audiences/press.yaml"
    }
    assert ("channels/organisations/city-museum.yaml", ("name",)) not in {
        (one.path, one.field) for one in found.questions
    }


def test_lines_across_a_table_and_its_columns_say_who_is_part_of_whom(tmp_path):
    """Kinds from the lines, parts from a column, a way or the points below a name."""
    bring(FOREIGN / "ministry.docx", tmp_path / "theirs")
    audiences = read(tmp_path / "theirs").audiences
    assert audiences["doctors"].part_of == "health-workers"
    assert audiences["health-workers"].who.equals == [
        "health-workers",
        "doctors",
        "nurses-and-midwives",
    ]
    assert (audiences["doctors"].kind, audiences["journalists"].kind) == ("primary", "secondary")

    folder, _ = _brought(
        tmp_path, _table("Staff > Drivers;Hi;Blog;;", '"Clubs\n- Chess";Hi;Blog;;')
    )
    audiences = read(folder).audiences
    assert (audiences["drivers"].part_of, audiences["chess"].part_of) == ("staff", "clubs")


def test_each_doubt_stands_above_what_it_is_about(tmp_path):
    """With the score of a guess, and the plan's own words."""
    folder, found = _brought(
        tmp_path,
        _table(
            "Board members (chairs, experts);We. Are. Here.;Newsleter, carrier pigeons;Q2;Anna",
            "Board member;We: report.;As we please, when there is time and the mood is right.;;",
            "Press;Hello {{ all }};Blog, webinar;12 May 2027;Anna",
            "Press;Good day;Blog, webinar;03/05/2027;Anna",
            "Press;Goodbye;Blog, webinar;5 May 2027 18:00;Anna",
        ),
    )

    no_day = "that is no one day. Write an entry in calendar/ that is due then."
    score = "it is 95 of 100 like a name of it"
    assert _asked(folder, "audiences/board-members.yaml") == [
        "are chairs, experts audiences of their own, and part of this one? → name",
        "is it primary or secondary? The plan does not say. Written as primary. → kind",
        "which readers are in it? So far those whose “audience” says so. → who",
        f"the plan says when: “Q2”; {no_day} → - message",
        f"“Newsleter” was taken for newsletter: {score}; is that right? → through",
    ]
    questions = "\n".join(f"{one.path}: {one.sentence}" for one in found.questions)
    for said in (
        "audiences/messages/we-are-here.yaml: it has several sentences; are they several key",
        "channels/carrier-pigeons.yaml: “carrier pigeons” is no channel of the menu; is it one?",
        "channels/carrier-pigeons.yaml: what carries it? With manual, somebody posts the words",
        "channels/organisations/anna.yaml: does “Anna” speak in its own name? If it is a person",
        "board-member.yaml: the plan names nobody who speaks here; who does?",
        "board-member.yaml: the plan names no channel for “We: report.”; through what?",
        "board-member.yaml: “As we please, when there is time and the mood is right.” names no",
        "press.yaml: the plan says when: “12 May 2027”; the key message holds signs that mean",
        "press.yaml: the plan says when: “03/05/2027”; it may be day 3 of month 5, or the other",
        "goodbye-2027-05-05.md: the plan says “5 May 2027 18:00”; is it due then?",
        "goodbye-2027-05-05.md: the plan has more channels here; webinar needs an occasion",
    ):
        assert said in questions
    assert sorted(read(folder).entries) == ["goodbye-2027-05-05"]


def test_every_channel_of_the_menu_can_be_brought(tmp_path):
    """With an entry that goes out through all that need no more than words."""
    names = (
        "WSC web site; regular report; agenda item; NWIP; monthly circulation; landscape document; "
        "circular; newsletter; blog; webinar; workshop; presentation; report; X; facebook; "
        "linkedin; mastodon; bluesky; RSS feed; website"
    )
    folder, found = _brought(tmp_path, _table(f'All;We exist.;"{names}";2 March 2027;Us'))

    assert len(found.rows[0].channels) == 20
    assert set(found.rows[0].channels) <= read(starter()).channels.keys()
    assert len(read(folder).entries["we-exist-2027-03-02"].channels) == 16


@pytest.mark.parametrize("there", ["a plan", "a file", "no room"])
def test_a_draft_is_written_whole_or_not_at_all(tmp_path, there, monkeypatch):
    """What is there is never written over, and no half of a draft is left."""
    mine = tmp_path / "mine"
    (tmp_path / "plan.csv").write_bytes(_table("All;Hello;Blog;;"))
    if there == "a plan":
        (mine / "audiences").mkdir(parents=True)
    elif there == "a file":
        mine.write_text("mine")
    else:
        monkeypatch.setattr("shutil.copytree", _no_room)

    with pytest.raises(Refused, match=r"is there already|cannot be written to"):
        bring(tmp_path / "plan.csv", mine)

    assert [one.name for one in mine.glob("**/*")] == (["audiences"] if there == "a plan" else [])


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path):
    """No more of it than shows that it is too large."""
    with (tmp_path / "plan.csv").open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(Refused, match=r"plan\.csv is larger than 20 MB"):
        bring(tmp_path / "plan.csv", tmp_path / "mine")

    assert not (tmp_path / "mine").exists()


def test_a_plan_that_is_not_there_is_refused(tmp_path):
    """With its name."""
    with pytest.raises(Refused, match=r"plan\.csv cannot be read: No such file"):
        bring(tmp_path / "plan.csv", tmp_path / "mine")
