"""The menu's channels in the words of a cell, how sure that is, and what in it is none of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from publisher.kit.nearest import likeness

#: out of 100: from here on a word is taken for another, and somebody is asked
_TAKEN = 82
#: from here on the nearest is named in a question
_NAMED = 60
_LONGEST = 6  #: words of a channel's name; what is longer says something about channels

_BESIDE = 3  #: words that may stand beside a known name, such as “our monthly staff”

#: what people call each channel of the menu; the more particular first
_NAMES = {
    "wsc-website": r"\bWSC web\s?site|world standards cooperation web\s?site",
    "senior-report": r"regular reports?\b",
    "board-agenda-item": r"\bagenda\b(?: items?)?|ordre du jour|orden del d[ií]a|повестк\w*|议程"
    r"|جدول (?:ال)?أعمال",
    "new-work-item-form": r"\bN[WP]IPs?\b|new[- ]work[- ]item",
    "monthly-circulation": r"monthly circulation",
    "landscape-document": r"landscape documents?",
    "circular": r"circulars?\b|circulaires?\b|circulares\b|циркуляр\w*|通函|通知函|تعميم",
    "newsletter": r"news\s?-?letters?\b|lettres?(?: mensuelles?)? d.information|infolettres?\b"
    r"|bolet[ií]n(?:es)?\b|рассылк\w*|информационн\w+ бюллетен\w*|النشرة|نشرة|通讯|简报",
    "blog": r"\bblogs?\b(?: posts?| entries| articles?)?|блог\w*|博客|مدونة|المدونة",
    "webinar": r"webinars?\b|w[eé]binaires?\b|webinarios?|seminarios? (?:web|en l[ií]nea)"
    r"|вебинар\w*|网络研讨会|在线研讨会|ندوة (?:عبر الإنترنت|إلكترونية)",
    "workshop": r"workshops?\b|\bateliers?\b|\btaller(?:es)?\b|семинар\w*|ورش(?:ة|ات)?(?: عمل)?"
    r"|讲习班|研讨会|工作坊",
    "meeting-presentation": r"presentations?\b|pr[eé]sentations?\b|presentaci[oó]n(?:es)?\b"
    r"|презентац\w*|عرض تقديمي|عروض تقديمية|عرض|演示|演讲|slides?\b|slide decks?\b",
    "board-report": r"\breports?\b|\brapports?\b|\binformes?\b|отч[её]т\w*|تقرير|تقارير|报告",
    "x": r"\btwitter\b(?:\s?/\s?X\b)?|(?<!\w)X(?!\w)|твиттер\w*|تويتر|推特",
    "facebook": r"facebook|фейсбук\w*|فيسبوك|脸书",
    "linkedin": r"linked\s?-?in\b|لينكد ?إن|领英",
    "mastodon": r"mastodon",
    "bluesky": r"blue\s?sky\b",
    "feed": r"\bRSS\b(?: feeds?)?|\b(?:news )?feeds?\b|fil d.actualit[eé]s?",
    "website": r"web\s?-?\s?(?:site|page)s?\b(?: pages?)?|site (?:web|internet)|sitios? web"
    r"|p[aá]ginas? web|pages? web|веб-?\s?сайт\w*|\bсайт\w*|(?:ال)?موقع(?: الإلكتروني| الويب)?"
    r"|网站|官网|网页|\bhome\s?page\b",
}
_COMPILED = {slug: re.compile(words, re.IGNORECASE) for slug, words in _NAMES.items()}
_ANY = re.compile("|".join(_NAMES.values()), re.IGNORECASE)
#: for words with a slip in them
_SPELLED = {
    "newsletter": "newsletter",
    "newsletters": "newsletter",
    "lettre d'information": "newsletter",
    "boletín informativo": "newsletter",
    "рассылка": "newsletter",
    "webinar": "webinar",
    "webinaire": "webinar",
    "вебинар": "webinar",
    "workshop": "workshop",
    "presentation": "meeting-presentation",
    "présentation": "meeting-presentation",
    "презентация": "meeting-presentation",
    "facebook": "facebook",
    "linkedin": "linkedin",
    "mastodon": "mastodon",
    "bluesky": "bluesky",
    "twitter": "x",
    "website": "website",
    "web page": "website",
    "site internet": "website",
    "circular": "circular",
    "circulaire": "circular",
    "blog post": "blog",
    "board report": "board-report",
    "agenda item": "board-agenda-item",
    "rss feed": "feed",
}
#: names of what is mailed; what else is no channel of the menu is a page at first
_MAILED = re.compile(
    r"e-?mails?\b|mailings?\b|courriels?|courrier [eé]lectronique|correos?\b|эл\w*[. ]+почт"
    r"|البريد الإلكتروني|بريد إلكتروني|电子邮件|邮件",
    re.IGNORECASE,
)
_LINES = re.compile(r"[;\n•·●▪◦；]|(?:^|\s)[-–—*](?=\s)")
_PIECES = re.compile(r"[,/،、，|+&]|\s+(?:and|or|et|ou|y|и|или|و|أو)\s+|[和及或]")
_ACRONYM = re.compile(r"(?!SMS|TV|PR|RSS|X)[A-Z]{2,5}")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
#: what stands before a name and is no part of it
_BEFORE = re.compile(
    r"(?:the|our|on|via|by|in|le|la|les|notre|nos|el|los|las|por|sur|par)\s+", re.IGNORECASE
)
#: how something begins that is said about channels
_ABOUT = re.compile(r"(?:other|etc|at|when|where|if|as|to be|should)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A channel that a cell names."""

    words: str  #: as the cell has it
    slug: str = ""  #: of the menu; empty: it is none of these
    score: int = 100  #: out of 100, how like the menu's own name it is
    near: str = ""  #: the menu's nearest, where it is none of these


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a cell names, and what of it could not be told."""

    named: list[Named]
    #: what says something about channels, or might name one, with the channels taken from it
    unclear: list[tuple[str, list[str]]]


def found(cell: str, menu: Collection[str]) -> Found:
    """Give the channels that a cell names: of the menu, like one of it, or new."""
    named: dict[str, Named] = {}
    unclear: list[tuple[str, list[str]]] = []
    for line in (" ".join(one.split()) for one in _LINES.split(cell)):
        pieces = list(_pieces(line))
        if _is_list(pieces):
            for one in (one for piece in pieces for one in _named(piece, menu)):
                named.setdefault(one.slug or one.words.casefold(), one)
            continue
        known = _known(line, menu)
        for slug in known:
            named.setdefault(slug, Named(words=line, slug=slug))
        unclear.append((line, known))
    return Found(named=list(named.values()), unclear=unclear)


def channels(cell: str) -> list[str]:
    """Give the channels of the menu that a cell names for certain."""
    return _known(" ".join(cell.split()), _NAMES)


def form(words: str) -> str:
    """Give the form that a channel of this name most likely has."""
    return "newsletter" if _MAILED.search(words) else "page"


def _pieces(line: str) -> Iterator[str]:
    """Give what stands between commas; what is in brackets and names channels with the others."""
    for aside in _ASIDE.findall(line):
        if _ANY.search(aside):
            line = line.replace(aside, f", {aside[1:-1]}")
    # A name of the menu may itself hold what else would part two.
    whole = _ANY.sub(lambda hit: hit[0].replace("/", "\0"), line)
    for piece in _PIECES.split(whole):
        bare = " ".join(_ASIDE.sub(" ", piece).replace("\0", "/").split()).strip(" .:")
        bare = _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare
        if bare and bare.casefold() not in {"etc", "…"}:
            yield bare


def _is_list(pieces: list[str]) -> bool:
    """Say whether these are names of channels rather than something said about them."""
    bare = [len(_ANY.sub(" ", piece).split()) for piece in pieces if _ANY.search(piece)]
    if any(left > _BESIDE for left in bare):
        return False
    # “ISO, IEC, ITU web sites”: whose they are
    whose = bare and any(_ACRONYM.fullmatch(piece) for piece in pieces)
    return not whose and all(map(_is_name, pieces))


def _is_name(piece: str) -> bool:
    said_on = piece.endswith(("?", "!", "。")) or _ABOUT.match(piece)
    return len(piece.split()) <= _LONGEST and not said_on


def _named(piece: str, menu: Collection[str]) -> list[Named]:
    if known := _known(piece, menu):
        return [Named(words=piece, slug=slug) for slug in known]
    there = {words: slug for words, slug in _SPELLED.items() if slug in menu}
    near, score = likeness(piece, there)
    if near and score >= _TAKEN:
        return [Named(words=piece, slug=there[near], score=round(score))]
    return [Named(words=piece, score=round(score), near=there[near] if score >= _NAMED else "")]


def _known(line: str, menu: Collection[str]) -> list[str]:
    hits: list[tuple[int, str]] = []
    for slug, words in _COMPILED.items():
        # What was taken by a more particular name is not taken again.
        for hit in words.finditer(line):
            if slug in menu:
                hits.append((hit.start(), slug))
                line = line[: hit.start()] + "\0" * len(hit[0]) + line[hit.end() :]
    return list(dict.fromkeys(slug for _, slug in sorted(hits)))
