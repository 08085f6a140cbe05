"""How one and the same name of an administrative unit may be spelt, and what stands around a name in running text.

Only strings are compared here. Which units there are, and which of them a spelling means, is decided in `unit_names`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from schemas.text import INVISIBLE, LOOK_ALIKES

_KINDS = {
    "tỉnh": "tỉnh|t",
    "thành phố": "thành phố|thành p|t phố|tphố|tp|t p|tpho",
    "thị xã": "thị xã|tx|t x|txã",
    "quận": "quận|q|qu",
    "huyện": "huyện|huyện đảo|h",
    "xã": "xã|x",
    "phường": "phường|p|ph|f",
    "thị trấn": "thị trấn|tt|ttr|t t|t trấn|thị tr|ttrấn",
    "đặc khu": "đặc khu|đk",
}
_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMAN = {numeral: str(number) for number, numeral in enumerate(_NUMERALS.split(), 1)}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STROKE = "\u0335"
_STROKED = {"đ": "d" + _STROKE, "Đ": "D" + _STROKE}
_TRANSLATED = str.maketrans({twin: _STROKED.get(meant, meant) for twin, meant in LOOK_ALIKES.items()} | _STROKED)
_UNSEEN = re.compile(rf"{INVISIBLE}|\u00ad")
_MARK = re.compile(r"[\u0300-\u036f]")
_TONE_BEFORE_LETTERS = re.compile(rf"([{_TONES}])([\w\u0302\u0306\u031b]+)")
_BETWEEN_WORDS = re.compile(r"(?:[^\w\u0300-\u036f]|_)+")
# A word boundary would also stand behind a mark, in the middle of a word.
_NUMBER_BEHIND = re.compile(r"(?<![^ ])([pqf]|phuong|quan|phu\u031bo\u031bng\u0300|qua\u0302n\u0323)(?=\d)")
_ZEROS = re.compile(r"(?<![^ ])0+(?=\d)")
_WORD_NUMBER = re.compile(r"(?<![^ ])s(?:o|o\u0302\u0301) (?=\d+\b)")
_FARM = re.compile(r"(?<![^ ])n ?t (?=\w)")
_APART = re.compile(r"\s*[,;()\[\]/|>\\\n\r\t]\s*|\s+thuộc\s+", re.IGNORECASE)
_SPACED_DASH = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+")
_DASH = re.compile(r"\s*[-–—]\s*")
_SLASHED_KIND = re.compile(r"(?<!\w)(t)\s*/\s*([pxt])(?!\w)", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-+*•–]|\d{1,3}[.)])\s*(?=[^\W\d])")
_UNSAID = frozenset({"viet nam", "vn", "cu", "moi"})
_OFFICES = """
ubnd|hdnd|hdnd va ubnd|uy ban nhan dan|hoi dong nhan dan|vp|van phong|dang uy|dang bo|mttq|cong an|tram y te|hoi nong dan
bo phan mot cua|trung tam hanh chinh cong|don vi|dia ban|khu vuc
"""
_COMMUNE_KINDS = frozenset({"xa", "phuong", "thi tran", "dac khu"})
_LONGEST = 24
"""A text of more words is no name of a place, and is not taken apart."""


def plain(text: str) -> str:
    """Without marks."""
    return _MARK.sub("", text)


def folded(text: str) -> str:
    """Small letters with marks after them, tones last in their syllable, one space between words, "1" for "01"."""
    letters = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_TRANSLATED).lower()
    toned = _TONE_BEFORE_LETTERS.sub(r"\2\1", unicodedata.normalize("NFD", letters))
    words = " ".join(_BETWEEN_WORDS.sub(" ", toned).split())
    numbered = _ZEROS.sub("", _NUMBER_BEHIND.sub(r"\1 ", words))
    return _FARM.sub("no\u0302ng tru\u031bo\u031bng\u0300 ", _WORD_NUMBER.sub("", numbered))


def _same(name: str) -> str:
    return name


def _with_i(name: str) -> str:
    return name.replace("y", "i")


def _with_figures(name: str) -> str:
    """A Roman number behind a name, or as the name, in figures."""
    *words, last = name.split(" ")
    return _with_i(" ".join([*words, _ROMAN.get(last, last)]))


def _with_one_tone(name: str) -> str:
    """Hỏi and ngã, which many speakers do not tell apart, made one."""
    return _with_figures(name).replace("\u0303", "\u0309")


def _joined(name: str) -> str:
    """Letters without spaces, and their tones after them: without spaces nobody knows where a syllable ends."""
    letters = _with_i(name)
    return re.sub(rf"[ {_TONES}]", "", letters) + re.sub(rf"[^{_TONES}]", "", letters)


WAYS: tuple[Callable[[str], str], ...] = (_same, _with_i, _with_figures, _with_one_tone, _joined)
"""How two spellings may differ and still surely be one name, the closest first."""


def letters_of(name: str) -> str:
    """The key of names whose marks may have been left out."""
    return plain(_with_i(name)).replace(" ", "")


def has_lost_marks(written: str, name: str) -> bool:
    """True where a name was written with some or all of its marks left out, and none that it does not have."""
    syllables = _with_i(written).split(), _with_i(name).split()
    if len(syllables[0]) != len(syllables[1]):
        return plain(written) == written
    return all(set(_marks(some)) <= set(_marks(all_)) for some, all_ in zip(*syllables, strict=True))


def _marks(syllable: str) -> str:
    return "".join(letter for letter in syllable if unicodedata.combining(letter))


def without_tones(name: str) -> str:
    """The key of names whose tones may be wrong."""
    return re.sub(rf"[ {_TONES}]", "", _with_figures(name))


def sound_of(name: str) -> str:
    """The key of names that are spelt by ear, as those of highland villages are: "Đắc Lắc" for "Đắk Lắk"."""
    spoken = letters_of(_with_figures(name)).replace("w", "u").replace("j", "i").replace("ph", "f")
    return re.sub(r"[cq](?!h)", "k", spoken)


def initials_of(name: str) -> str:
    """The first letters of all words."""
    return "".join(word[0] for word in plain(name).split())


def is_cut_short(written: str, name: str) -> bool:
    """True where some words, but not all, are cut to their first letter: "Q. Thọ"."""
    words, full = written.split(), name.split()
    is_cut = [len(plain(word)) == 1 for word in words]
    if len(words) != len(full) or all(is_cut):
        return False
    return all(
        word == whole or (cut and (whole.startswith(word) or plain(whole).startswith(word)))
        for word, whole, cut in zip(words, full, is_cut, strict=True)
    )


@lru_cache(maxsize=1)
def _kind_words() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every way to write a kind of unit, word by word and without marks, with the kind in plain letters."""
    return tuple(
        (tuple(plain(folded(word)).split()), plain(folded(kind)))
        for kind, written in _KINDS.items()
        for word in written.split("|")
    )


def kind_of(unit_type: str, name: str) -> tuple[str, str]:
    """The kind of a unit in plain letters and its folded name, without the kind where a list repeats it in the name."""
    given, said = folded(unit_type), folded(name)
    kind = next((kind for kind in map(folded, _KINDS) if plain(given).startswith(plain(kind))), given)
    # Marks tell the kind in "Phường Đông" from the name "Phương Đông".
    rest = said.removeprefix(f"{kind} ")
    return plain(kind), rest


def readings(written: str) -> list[tuple[str | None, str]]:
    """A folded name with the kind it begins with taken off, in every way that is possible, and as it stands."""
    words = written.split()
    bare = [plain(word) for word in words[:3]]
    with_kind: list[tuple[str | None, str]] = [
        (kind, " ".join(words[len(begin) :]))
        for begin, kind in _kind_words()
        if tuple(bare[: len(begin)]) == begin and len(words) > len(begin)
    ]
    return [*with_kind, (None, written)]


def parted(text: str) -> Iterator[tuple[str, ...]]:
    """A text as a folded name and the places above it, in every way in which commas, brackets and dashes may part them."""
    plainly = _SLASHED_KIND.sub(r"\1\2", _BULLET.sub("", text.strip()))
    for dash in (None, _SPACED_DASH, _DASH):
        pieces = [piece for part in _APART.split(plainly) for piece in (dash.split(part) if dash else (part,))]
        said = [part for part in map(_without_office, map(folded, pieces)) if part and plain(part) not in _UNSAID]
        kinds = [part for part in said[1:] if plain(part) in _kinds_alone()]
        if names := [part for part in said if part not in kinds]:
            # "An Lão (TT)": a kind that stands by itself is the kind of what comes first.
            yield (" ".join([*kinds, names[0]]), *names[1:])


@lru_cache(maxsize=1)
def _kinds_alone() -> frozenset[str]:
    return frozenset(" ".join(begin) for begin, _ in _kind_words())


def _without_office(part: str) -> str:
    """A folded part without the office that sits there."""
    words = part.split(" ")
    bare = [plain(word) for word in words]
    for office in _office_words():
        if tuple(bare[: len(office)]) == office and len(words) > len(office):
            return _without_office(" ".join(words[len(office) :]))
    return part


@lru_cache(maxsize=1)
def _office_words() -> tuple[tuple[str, ...], ...]:
    offices = (office for line in _OFFICES.strip().splitlines() for office in line.split("|"))
    return tuple(sorted((tuple(office.split()) for office in offices), key=len, reverse=True))


def without_surroundings(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Ways to read a name among villages, offices and remarks, or behind the places it lies in."""
    for rest in (parts, *_from_commune_on(parts)):
        yield tuple(map(_without_remark, rest))
    yield parts[::-1]


def _from_commune_on(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The parts from each word on that names a kind of commune."""
    for at, part in enumerate(parts):
        words = part.split(" ")
        for place in range(len(words) - 1):
            rest = " ".join(words[place:])
            is_of_town = place > 0 and plain(words[place - 1]) == "thi"
            if not is_of_town and any(kind in _COMMUNE_KINDS for kind, _ in readings(rest)):
                yield (rest, *parts[at + 1 :])


def _without_remark(part: str) -> str:
    """A part without the word behind the name that says it is a unit of today or of the past."""
    name, _, last = part.rpartition(" ")
    return name if name and plain(last) in _UNSAID else part


def word_splits(part: str) -> Iterator[tuple[str, str]]:
    """A folded part cut in two between words, the longest second half first."""
    words = part.split(" ")
    if len(words) <= _LONGEST:
        for at in range(1, len(words)):
            yield " ".join(words[:at]), " ".join(words[at:])
