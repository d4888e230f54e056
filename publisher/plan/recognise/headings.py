"""What the columns of a plan are called, in the six languages of the United Nations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_LONGEST = 80  #: letters of a heading
#: how far down a table its headings may stand, below titles and notes
FURTHEST = 12

#: what a heading of each column holds, by language; the earliest in a heading counts
_WORDS: dict[str, dict[str, str]] = {
    "audience": {
        "en": r"audiences?\b|stakeholders?\b|target groups?\b|recipients?\b|\Awho\Z",
        "fr": r"\bpublics?\b|destinataires?|parties? prenantes?|auditoires?|\bcibles?\b"
        r"|\A[aà] qui\Z",
        "es": r"p[uú]blicos?\b|destinatari|audiencias?|grupos? (?:de inter[eé]s|destinatario|meta)",
        "ar": r"الجمهور|الجماهير|جمهور|الفئ(?:ة|ات) المستهدف|المستهدفون|أصحاب المصلحة",
        "ru": r"аудитори|целев\w+ групп|заинтересованн\w+ сторон|адресат|\Aкому\Z",
        "zh": r"受众|目标群体|目标人群|对象|利益相关|利益攸关",
    },
    "message": {
        "en": r"messages?\b|\Awhat\Z|\Acontents?\Z|what (?:we|to) say",
        "fr": r"messages?\b|contenus?\b|\Aquoi\Z",
        "es": r"mensajes?|contenidos?\b|\A¿?qu[eé]\Z",
        "ar": r"الرسال|رسال|الرسائل|رسائل|المحتوى",
        "ru": r"сообщени|послани|тезис|содержани|\Aчто\Z",
        "zh": r"信息|讯息|消息|内容",
    },
    "channel": {
        "en": r"channels?\b|\bmedium\b|\bmedia\b|\Ahow\Z|\bvehicles?\b|communication tools?"
        r"|(?:delivery|communication) methods?|means of communication|\btactics?\b|\Athrough\Z",
        "fr": r"canal\b|canaux|moyens?\b|supports?\b|m[eé]dias?\b|\Acomment\Z|outils?\b",
        "es": r"canal(?:es)?\b|medios?\b|v[ií]as?\b|\A¿?c[oó]mo\Z|herramientas?",
        "ar": r"القنا|قناة|قنوات|الوسائل|الوسيلة|وسائل",
        "ru": r"канал|средств|инструмент|\Aкак\Z",
        "zh": r"渠道|媒介|媒体|途径|方式|平台",
    },
    "when": {
        "en": r"\bwhen\b|\bdates?\b|timing|timeline|deadlines?|\bdue\b|schedule|frequency",
        "fr": r"[eé]ch[eé]ances?|quand|\bdates?\b|calendrier|fr[eé]quence|p[eé]riodicit[eé]",
        "es": r"fechas?|cu[aá]ndo|plazos?|calendario|frecuencia",
        "ar": r"التاريخ|تاريخ|الموعد|التوقيت|متى|المواعيد|التواريخ",
        "ru": r"срок|дата|даты|когда|период",
        "zh": r"日期|时间|何时|期限|频率",
    },
    "owner": {
        "en": r"owners?\b|responsib\w+|\blead\b|by whom|person in charge|\bsenders?\b",
        "fr": r"responsables?|pilotes?\b|porteurs?\b|en charge|[eé]metteurs?",
        "es": r"responsables?|encargad[oa]s?|emisor",
        "ar": r"المسؤول|الجهة المسؤولة|مسؤول",
        "ru": r"ответственн|исполнител|отправител",
        "zh": r"负责|责任|主责",
    },
    "kind": {
        "en": r"\bkinds?\b|\btypes?\b|priority|\btiers?\b|primary.{0,5}secondary",
        "fr": r"\btypes?\b|priorit[eé]|cat[eé]gorie",
        "es": r"\btipos?\b|prioridad|categor[ií]a",
        "ar": r"النوع|نوع|الأولوية",
        "ru": r"\bтип\b|\bвид\b|приоритет|категори",
        "zh": r"类型|类别|优先",
    },
    "part": {
        "en": r"sub-?\s?(?:audience|group|segment)s?|\bsegments?\b",
        "fr": r"sous-?\s?(?:public|groupe|cible)s?|segments?",
        "es": r"sub-?\s?(?:p[uú]blico|grupo)s?|segmentos?",
        "ar": r"الفئة الفرعية|الفئات الفرعية",
        "ru": r"подгрупп|сегмент",
        "zh": r"子群体|细分",
    },
}
_COMPILED = [
    (role, language, re.compile(words, re.IGNORECASE))
    for role, by_language in _WORDS.items()
    for language, words in by_language.items()
]
_NEEDED = {"audience", "message", "channel"}
#: which word of a heading is meant, wherever it stands: a sub-audience is no audience
_PARTICULAR = ("part", "owner", "kind")

_SECONDARY = re.compile(
    r"\bsecondary\b|\bsecondaires?\b|\bsecundari[oa]s?\b|вторичн|второстепенн|дополнительн"
    r"|ثانوي|次要|第二",
    re.IGNORECASE,
)
_PRIMARY = re.compile(
    r"\bprimary\b|\bprimaires?\b|\bprincip(?:al|ale|aux|ales)\b|\bprimari[oa]s?\b|основн|первичн"
    r"|главн|رئيسي|أساسي|主要|首要",
    re.IGNORECASE,
)


def role(heading: str) -> str:
    """Give what a heading is of; an empty string if it is of nothing known."""
    return next(iter(_read(heading)), "")


def columns(header: Sequence[str]) -> dict[str, int]:
    """Give the column of each role that a row of headings names; the first of a role counts."""
    found: dict[str, int] = {}
    for at, heading in enumerate(header):
        if (said := role(heading)) and header.index(heading) == at:
            found.setdefault(said, at)
    return found


def missing(found: Iterable[str]) -> set[str]:
    """Give the roles without which there is no plan and that are not among these."""
    return _NEEDED - set(found)


def header_row(cells: Sequence[Sequence[str]]) -> int | None:
    """Give the row that the headings stand in; None if there is none."""
    rows = enumerate(cells[:FURTHEST])
    return next((at for at, row in rows if not missing(columns(row))), None)


def language(said: Iterable[str]) -> str:
    """Give the language that most headings are in; of several the first of those known."""
    votes: Counter[str] = Counter()
    for heading in said:
        votes.update({one for languages in _read(heading).values() for one in languages})
    return max(_WORDS["audience"], key=lambda one: votes[one])


def kind(words: str) -> str:
    """Say of which kind these words call an audience; empty: of none, or of both."""
    primary, secondary = bool(_PRIMARY.search(words)), bool(_SECONDARY.search(words))
    if primary == secondary:
        return ""
    return "primary" if primary else "secondary"


def _read(heading: str) -> dict[str, set[str]]:
    """Give the role of a heading with the languages that say so, or nothing."""
    words = " ".join(heading.split()).strip(" :：*?؟¿")
    if not words or len(words) > _LONGEST:
        return {}
    hits: dict[str, tuple[int, set[str]]] = {}
    for name, tongue, pattern in _COMPILED:
        if hit := pattern.search(words):
            first, languages = hits.get(name, (hit.start(), set()))
            hits[name] = (min(first, hit.start()), languages | {tongue})
    if not hits:
        return {}
    best = min(hits, key=lambda one: (one not in _PARTICULAR, hits[one][0]))
    return {best: hits[best][1]}
