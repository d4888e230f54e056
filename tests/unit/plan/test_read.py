"""Reading a plan folder: what is good is read, what is bad is named at its place."""

from pathlib import Path

import pytest

from publisher.models.errors import PlanError
from publisher.plan.read import read, source
from tests.plans import AUDIENCE, CHANNEL, ENTRY, MESSAGE, ORGANISATION, entry, smallest_plan


def sentences(folder: Path) -> list[str]:
    return [str(problem) for problem in source(folder).all_problems(adapters=["webpage", "feed"])]


def test_the_smallest_plan_reads_without_a_problem(tmp_path):
    """What `init --empty` writes is a plan."""
    folder = smallest_plan(tmp_path)

    plan = read(folder)

    assert sentences(folder) == []
    assert list(plan.entries) == ["hello"]
    assert [words.audience for words in plan.entries["hello"].words] == [None, "everybody"]
    assert plan.paths["outlet/our-website"] == CHANNEL


def test_the_reference_plan_reads_without_a_problem(reference_plan):
    """The example that ships cannot rot."""
    assert [str(problem) for problem in source(reference_plan).all_problems()] == []


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        pytest.param(
            AUDIENCE,
            "through: [website]",
            "through: [website, webiste]",
            f"{AUDIENCE}:9:24: hears.0.through.1: channel “webiste” is unknown; "
            "did you mean “website”?",
            id="a misspelt channel",
        ),
        pytest.param(
            AUDIENCE,
            "kind: primary",
            "knid: primary",
            f"{AUDIENCE}:3:1: knid: is not a word that can stand here; did you mean “kind”?",
            id="a misspelt word",
        ),
        pytest.param(
            AUDIENCE,
            "kind: primary",
            "kind: primry",
            f"{AUDIENCE}:3:7: kind: “primry” is unknown; did you mean “primary”?",
            id="a misspelt choice",
        ),
        pytest.param(
            AUDIENCE,
            "within: 30 days",
            "within: 30 dyas",
            f"{AUDIENCE}:10:13: hears.0.within: “30 dyas” is not a duration such as 90 minutes, "
            "2 hours or 14 days",
            id="a duration",
        ),
        pytest.param(
            AUDIENCE,
            "everyone: true",
            "everyone: yes",
            f"{AUDIENCE}:5:13: who.everyone: must be true, not “yes”",
            id="yes is a word",
        ),
        pytest.param(
            ORGANISATION,
            "use: true",
            "use: no",
            f"{ORGANISATION}:16:10: choices.0.use: must be true or false, not “no”",
            id="no is a word",
        ),
        pytest.param(
            ORGANISATION,
            "short: Ours",
            "short: 2027",
            f'{ORGANISATION}:3:8: short: must be text; put it in quotes: "2027"',
            id="a number for words",
        ),
        pytest.param(
            ORGANISATION,
            "Europe/Zurich",
            "Europe/Zürich",
            f"{ORGANISATION}:5:12: time_zone: “Europe/Zürich” is not an IANA time zone such as "
            "Europe/Zurich",
            id="a time zone",
        ),
        pytest.param(
            ORGANISATION,
            "short: Ours\n",
            "",
            f"{ORGANISATION}:2:1: short: is missing",
            id="a word left out",
        ),
        pytest.param(
            ORGANISATION,
            "short: Ours\n",
            "short: Ours\nshort: Theirs\n",
            f"{ORGANISATION}:4:1: short: is said twice; the first time on line 3",
            id="a word twice",
        ),
        pytest.param(
            ORGANISATION,
            "short: Ours\n",
            "short:\n",
            f"{ORGANISATION}:3:7: short: is empty; write the words, or leave the line out",
            id="a word without a value",
        ),
        pytest.param(
            ORGANISATION,
            "outlet: our-website",
            "outlet: our-web-site",
            f"{ORGANISATION}:14:13: choices.0.outlet: outlet “our-web-site” is unknown; "
            "did you mean “our-website”?",
            id="an unknown outlet",
        ),
        pytest.param(
            ORGANISATION,
            "website: https://example.org/",
            "website: example.org",
            f"{ORGANISATION}:6:10: website: “example.org” is not a web address such as "
            "https://example.org/",
            id="a web address",
        ),
        pytest.param(
            CHANNEL,
            "adapter: webpage",
            "adapter: webpgae",
            f"{CHANNEL}:12:14: outlets.our-website.adapter: adapter “webpgae” is unknown; "
            "did you mean “webpage”?",
            id="an adapter",
        ),
        pytest.param(
            CHANNEL,
            "languages: [en]",
            "languages: [english]",
            f"{CHANNEL}:13:17: outlets.our-website.languages.0: “english” is not a language tag "
            "such as en, fr or zh-Hans",
            id="a language",
        ),
        pytest.param(
            CHANNEL,
            "organisation: our-organisation\n",
            "organisation: our-organisation\n    account: xoxb-1/secret=\n",
            f"{CHANNEL}:12:14: outlets.our-website.account: an account is the name of a credential "
            "kept by `publisher accounts`, never the credential itself",
            id="a credential",
        ),
        pytest.param(
            CHANNEL,
            "adapter: webpage\n",
            "adapter: webpage\n    slug: other\n",
            f"{CHANNEL}:13:5: slug: is not said in the file: the file's name, or the name above, "
            "says it",
            id="a slug in the file",
        ),
        pytest.param(
            CHANNEL,
            "name: Website",
            "name: {en: Website, english: Website}",
            f"{CHANNEL}:3:21: name.english: “english” is not a language tag such as en, fr or "
            "zh-Hans",
            id="a language as a name",
        ),
        pytest.param(
            ENTRY,
            "messages: [we-are-here]",
            "messages: [we-are-her]",
            f"{ENTRY}:7:12: messages.0: key message “we-are-her” is unknown; "
            "did you mean “we-are-here”?",
            id="a key message",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: 2027-02-30 09:00",
            f"{ENTRY}:5:7: when: must be a time there is, such as 2027-03-12 09:00",
            id="a date that is not",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: 0207-03-12 09:00",
            f"{ENTRY}:5:7: when: the year 207 is a slip; 2000 to 2199 are possible",
            id="a year that slipped",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: tomorrow",
            f"{ENTRY}:5:7: when: “tomorrow” is not a time; write 2027-03-12 09:00, "
            "launch + 2 days at 09:00, or event: and before:",
            id="a time in words",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: {event: plenary, bfore: 2 days}",
            f"{ENTRY}:5:24: when.bfore: is not a word that can stand here; did you mean “before”?",
            id="a word of an event",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\nrepeat: FREQ=HOURLY",
            f"{ENTRY}:6:9: repeat: a repetition says FREQ=DAILY, WEEKLY, MONTHLY or YEARLY",
            id="too often",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\nrepeat: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            f"{ENTRY}:6:9: repeat: “FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30” never comes: there is no "
            "such day",
            id="never",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\nskip: [2027-01-01]",
            f"{ENTRY}:6:7: skip: says when not to repeat, but nothing says repeat:",
            id="skip what is once",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\nlink: javascript:alert(1)",
            f"{ENTRY}:6:7: link: “javascript:alert(1)” is not a web address such as "
            "https://example.org/",
            id="a link",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\npictures:\n  - file: pictures/a.png",
            f"{ENTRY}:7:5: pictures.0.alt: is missing: say in a sentence what the picture shows, "
            "for who cannot see it",
            id="no words for who cannot see",
        ),
        pytest.param(
            ENTRY,
            "when: launch",
            "when: launch\npictures:\n  - {file: pictures/a.png, alt: A}",
            f"{ENTRY}:7:12: pictures.0.file: there is no picture “calendar/pictures/a.png”",
            id="no picture",
        ),
        pytest.param(
            ENTRY,
            "title: Hello",
            "title: Hello: again",
            f"{ENTRY}:3:13: this is not YAML: there is a second “: ” on the line, or the "
            "indentation is off; quote the words",
            id="a colon too many",
        ),
        pytest.param(
            ENTRY,
            "::: for audience=everybody",
            "::: for audeince=everybody",
            f"{ENTRY}:13: “audeince” is not a word that can stand here; did you mean “audience”?",
            id="a misspelt selector",
        ),
        pytest.param(
            ENTRY,
            "::: for audience=everybody",
            "::: for audience=everybdy",
            f"{ENTRY}:13: words.1.audience: audience “everybdy” is unknown; "
            "did you mean “everybody”?",
            id="a misspelt audience of a block",
        ),
        pytest.param(
            ENTRY,
            "::: for audience=everybody",
            "::: for language=FR",
            f"{ENTRY}:13: language: “FR” is not a language tag such as en, fr or zh-Hans",
            id="a language of a block",
        ),
        pytest.param(
            ENTRY,
            "::: for audience=everybody",
            "::: for everybody",
            f"{ENTRY}:13: “everybody” says nothing; write a name and a value, such as language=fr",
            id="a selector without a value",
        ),
        pytest.param(
            ENTRY,
            "alone.\n:::\n",
            "alone.\n",
            f"{ENTRY}:13: the block that begins here is not closed; end it with a line of :::",
            id="a block without an end",
        ),
        pytest.param(
            ENTRY,
            "alone.\n:::\n",
            "alone.\n:::\n:::\n",
            f"{ENTRY}:16: ends a block where none has begun",
            id="an end without a block",
        ),
        pytest.param(
            ENTRY,
            "messages: [we-are-here]\n---\n",
            "messages: [we-are-here]\n",
            f"{ENTRY}:1: the front matter that begins here has no second line of ---",
            id="front matter without an end",
        ),
    ],
)
def test_a_mistake_is_named_at_its_place(tmp_path, path, old, new, expected):
    """A slip in a file is one sentence with line, column, field and the word that was meant."""
    folder = smallest_plan(tmp_path, {path: (old, new)})

    assert sentences(folder) == [expected]


def test_all_mistakes_are_named_at_once(tmp_path):
    """Nobody has to run the check twelve times for twelve slips."""
    folder = smallest_plan(
        tmp_path,
        {
            AUDIENCE: ("kind: primary", "knid: primry"),
            CHANNEL: ("form: page", "from: page"),
            ENTRY: ("title: Hello", "titel: Hello"),
            MESSAGE: ("text:", "txet:"),
        },
    )

    fields = [problem.field for problem in source(folder).all_problems()]

    assert sorted(fields) == ["from", "knid", "titel", "txet"]


def test_a_file_that_cannot_be_read_is_not_called_unknown_by_others(tmp_path):
    """One broken audience is one problem, not one for each entry that names it."""
    folder = smallest_plan(tmp_path, {AUDIENCE: "kind: [\n"})

    problems = source(folder).all_problems()

    assert {problem.path for problem in problems} == {AUDIENCE}


def test_no_and_times_of_day_are_words(tmp_path):
    """YAML 1.1 made `no` false and `20:00` the number 1200; here they are what they look like."""
    folder = smallest_plan(
        tmp_path,
        {
            ORGANISATION: ("name: Our Organisation", "name: {no: Vår organisasjon, en: Ours}"),
            CHANNEL: (
                "languages: [en]",
                "languages: [no, en]\n    quiet: {start: 20:00, end: 7:00}",
            ),
        },
    )

    plan = read(folder)

    assert plan.organisations["our-organisation"].name["no"] == "Vår organisasjon"
    outlet = plan.outlets["our-website"]
    assert outlet.languages == ["no", "en"]
    assert (outlet.quiet.start.hour, outlet.quiet.end.hour) == (20, 7)


def test_one_slug_is_for_one_outlet(tmp_path):
    """The same outlet in two channels' files is refused, and both files are named."""
    folder = smallest_plan(tmp_path)
    (folder / "channels" / "news.yaml").write_bytes((folder / CHANNEL).read_bytes())

    [sentence] = sentences(folder)

    assert sentence == (
        "channels/website.yaml:10:3: outlets.our-website: outlet “our-website” stands in "
        "channels/news.yaml already; a slug is for one"
    )


def test_audiences_may_not_go_round_in_circles(tmp_path):
    """A part of a part of itself would be expanded for ever."""
    folder = smallest_plan(
        tmp_path,
        {
            AUDIENCE: ("kind: primary", "part_of: others\nkind: primary"),
            "audiences/others.yaml": "name: O\nkind: primary\npart_of: everybody\n"
            "who: {everyone: true}\n",
        },
    )

    assert [problem.field for problem in source(folder).all_problems()] == ["part_of", "part_of"]
    assert "goes round in a circle: everybody → others → everybody" in sentences(folder)[0]


def test_reading_raises_every_problem_of_single_files(tmp_path):
    """Whoever only wants a plan gets one, or an error with all problems."""
    folder = smallest_plan(tmp_path, {AUDIENCE: ("kind:", "knid:"), MESSAGE: ("text:", "txt:")})

    with pytest.raises(PlanError) as error:
        read(folder)

    assert len(error.value.problems) == 2


def test_a_folder_without_a_plan_is_told_how_to_begin(tmp_path):
    """An empty folder is not an empty plan that would delete everything."""
    with pytest.raises(PlanError, match="publisher init"):
        read(tmp_path)


def test_words_outside_blocks_are_in_the_language_the_file_says(tmp_path):
    """`language: fr` in the front matter makes French the default, blocks say the others."""
    text = entry("Bonjour.\n\n::: for language=en\nHello.\n:::\n\nEncore.", language="fr")
    folder = smallest_plan(tmp_path, {ENTRY: text})

    words = read(folder).entries["hello"].words

    assert [(one.language, one.words) for one in words] == [
        ("fr", "Bonjour.\n\nEncore."),
        ("en", "Hello."),
    ]


def test_more_colons_let_words_hold_colons(tmp_path):
    """A block that shows the syntax of blocks begins with more colons."""
    text = entry(":::: for language=en\nWrite:\n::: for language=fr\nMots\n:::\n::::")
    folder = smallest_plan(tmp_path, {ENTRY: text})

    assert read(folder).entries["hello"].words[0].words.endswith("Mots\n:::")


def test_the_same_cells_have_one_text(tmp_path):
    """Two blocks for the same cells: which would win is not left to chance."""
    folder = smallest_plan(tmp_path, {ENTRY: entry("A.\n\n::: for language=en\nB.\n:::")})

    assert sentences(folder) == [f"{ENTRY}:9: these cells have their words already, on line 7"]
