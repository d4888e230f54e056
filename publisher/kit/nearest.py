"""The word that was probably meant."""

from collections.abc import Iterable

#: below this, out of 100, a guess is more puzzling than none
_ALIKE = 60


def meant(word: str, known: Iterable[str]) -> str:
    """Give the end of a sentence: `; did you mean “newsletter”?`, or the words there are.

    With many words and none alike, an empty string.
    """
    names = sorted(known)
    if best := nearest(word, names):
        return f"; did you mean “{best}”?"
    if names and len(names) <= 12:
        return f"; there are {', '.join(names)}" if len(names) > 1 else f"; there is {names[0]}"
    return ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word most like this one; an empty string if none is."""
    best, how_alike = likeness(word, known)
    return best if how_alike >= _ALIKE else ""


def likeness(word: str, known: Iterable[str]) -> tuple[str, float]:
    """Give the known word most like this one, and how like it is out of 100."""
    from rapidfuzz import fuzz, process  # 4 MB, for the few who mistype

    best = process.extractOne(word.lower(), sorted(known), scorer=fuzz.ratio)
    return (best[0], best[1]) if best else ("", 0.0)
