"""The word that was probably meant."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

#: below this, out of 100, a guess is more puzzling than none
_ALIKE = 60


def meant(word: str, known: Iterable[str]) -> str:
    """Give the end of a sentence: `; did you mean “newsletter”?`, or the words there are.

    With many words and none alike, an empty string.
    """
    names = sorted(known)
    best = process.extractOne(word.lower(), names, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if best:
        return f"; did you mean “{best[0]}”?"
    if names and len(names) <= 12:
        return f"; there are {', '.join(names)}" if len(names) > 1 else f"; there is {names[0]}"
    return ""
