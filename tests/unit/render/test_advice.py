"""Hints beside rendered words."""

import pytest

from publisher.flows.spam import read
from publisher.render.advice import advice, links
from publisher.render.holes import SAMPLES
from publisher.render.prices import day_of_trial, price, prices
from publisher.render.reading_ease import FORMULAS, reading_ease
from publisher.render.rendition import fill, render
from tests.unit.render.cells import SHIPPED, SITE, cell

EASY = {
    "en": "The cat sat on the mat. It was a warm day. The dog ran in the park. ",
    "fr": "Le chat dort. Il fait beau. Le chien court dans le parc. On rit bien. ",
    "es": "El gato duerme. Hace sol. El perro corre por el parque. Todos ríen. ",
    "ru": "Кот спит. Был день. Пёс бежит в сад. Все едят хлеб и пьют чай. ",
}
HARD = {
    "en": "Interorganisational harmonisation necessitates comprehensive reconceptualisation of "
    "administrative responsibilities notwithstanding organisational considerations. ",
    "fr": "L’harmonisation interorganisationnelle nécessite une reconceptualisation approfondie "
    "des responsabilités administratives indépendamment des considérations organisationnelles. ",
    "es": "La armonización interorganizacional requiere una reconceptualización pormenorizada de "
    "las responsabilidades administrativas independientemente de las consideraciones. ",
    "ru": "Межорганизационная гармонизация предполагает всестороннее переосмысление "
    "административной ответственности независимо от организационных соображений. ",
}


@pytest.mark.parametrize("language", FORMULAS)
def test_what_is_easily_read_is_told_from_what_is_not(language):
    """In each language with a formula, within its bounds."""
    easy, hard = (reading_ease(text[language] * 8, language) for text in (EASY, HARD))

    assert easy is not None
    assert hard is not None
    assert 0 <= hard < 30 < easy <= 100


@pytest.mark.parametrize(("text", "language"), [("كلمات كثيرة " * 90, "ar"), ("Too short.", "en")])
def test_where_a_figure_would_say_nothing_there_is_none(text, language):
    """No formula is known for the language, or the words are too few."""
    assert reading_ease(text, language) is None


def test_a_mail_is_looked_at_beside_its_problems():
    """Subject, reading ease, pictures, colours, size: each with its figure."""
    title = {"en": "A title of more than fifty letters, which is cut on phones"}
    each = cell(words=EASY["en"] * 8, title=title)
    content = render(each, SHIPPED, site_url=SITE)

    found = {one.what: one for one in advice(each, content, fill(content, SAMPLES))}

    assert found["subject"].level == "care"
    assert found["ease"].level == "good"
    assert found["contrast"].level == "good"
    assert 0 < found["size"].values["size"] < 102


def test_links_are_found_in_mails_and_posts_and_ours_are_left_out():
    """Each once; what is no web address is not asked."""
    parts = {
        "html": '<a href="https://a.example.org/x">a</a><a href="mailto:x@y.z">m</a>'
        '<a href="https://ours.example/leave">l</a>',
        "1": "See https://b.example.org/y and https://a.example.org/x",
        "link": "https://c.example.org",
    }

    found = links(parts, own="https://ours.example")

    assert found == ["https://a.example.org/x", "https://b.example.org/y", "https://c.example.org"]


def test_prices_say_where_and_when_they_were_read():
    """And nothing is said where nobody publishes one."""
    figures = [figure for table in prices().values() for figure in table.values()]
    assert all(figure.source.startswith("https://") for figure in figures)
    assert price("smtp") is None
    assert price("x").value < price("x", with_link=True).value
    assert day_of_trial("sendgrid").value == 100


def test_the_filters_verdict_is_read_over_folded_lines():
    """As SpamAssassin 4 writes it."""
    said = (
        b"X-Spam-Checker-Version: SpamAssassin 4.0.1\nX-Spam-Status: No, score=3.3 required=5.0 "
        b"tests=MISSING_DATE,MISSING_MID,\n\tNO_RECEIVED autolearn=no version=4.0.1\n\nx"
    )

    found = read(said)

    assert (found.score, found.limit) == (3.3, 5.0)
    assert found.rules == ("MISSING_DATE", "MISSING_MID", "NO_RECEIVED")
    assert read(b"Subject: x\n\nX-Spam-Status is not here") is None
