"""Finding out in which old encoding a text is, cell by cell, and giving it back in Unicode.

A cell is decoded when the letters it then has make Vietnamese syllables and the ones it shows do not; text that is already
good Vietnamese, plain ASCII or another language is left alone. What a single cell cannot tell ("Bé" is "Bộ" in TCVN3) its
neighbours or its font may. The encodings themselves are in `schemas.code_pages`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import polars as pl

from schemas.code_pages import DECODERS
from schemas.syllables import is_syllable

ENCODINGS = tuple(DECODERS)
"""The encodings told apart, which are also the kinds of change under which a decoded value is counted."""

Grid = list[list[str | None]]
Place = tuple[int, int]
_Tally: TypeAlias = Counter[int] | Sequence[int]
"""Numbers by row or by column: of those that have any, or of all."""

# What Vietnamese in Unicode never shows: western letters it does not have, and the signs that old fonts drew as letters.
SUSPECT = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\u00a1-\u00af\u00b4-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d2\u00d6-\u00d9\u00db\u00dc"
    r"\u00de\u00df\u00e4-\u00e7\u00eb\u00ee-\u00f2\u00f6-\u00f9\u00fb\u00fc\u00fe\u00ff\u0152\u0153\u0160\u0161\u0178\u017d"
    r"\u017e\u0192\u02c6\u02dc\u2020\u2021\u2030]"
)
"""Matches what Vietnamese in Unicode never shows: only in a text that has it can an old encoding be found."""
_HAS_SUSPECT = re.compile(SUSPECT)
_UNICODE_ONLY = re.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u036f\u1ea0-\u1ef9]"
)
_CHUNK = re.compile(r"[^ \t\r\n]+")
_SMALL = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_STRAY = re.compile(
    r"[^\W\d_][\u00a1-\u00a9\u00ab-\u00af\u00b4\u00b6-\u00b9\u00bb-\u00bf\x80-\x9f\u00d7\u00f7]"
    r"|[\u00a1-\u00a9\u00ab-\u00af\u00b4\u00b6-\u00b9\u00bb-\u00bf\x80-\x9f][^\W\d_]"
    r"|[^\W\d_][\u00b0-\u00b3][^\W\d_]|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
SPOKEN = r"[^\t\n\r -~]"
"""Matches what is not printable ASCII: a text without it is the same in every encoding."""
_SPOKEN = re.compile(SPOKEN)
_SIGNS = frozenset("÷×©«»·")
_WORDS_OF_ONE_LETTER = frozenset("ởýàáạừ")
_ACRONYM = re.compile(r"[BCDĐFGHJKLMNPQRSTVWXZ]+")
_CAPITALS_OF_TCVN3 = frozenset("ĂÂÊÔƠƯĐ")
_MEASURES = frozenset({"µm", "µl"})
# Square and cubic metres: in any old font the sign would be a letter after "m" that makes no Vietnamese word.
_AREA_OR_VOLUME = re.compile(r"[(\[]?[\d.,]*[ckdm]?m[\u00b2\u00b3][)\],.;:/]*")
_ABBREVIATIONS = frozenset(
    {"NĐ", "QĐ", "HĐ", "HĐND", "HĐNDTP", "LĐ", "GĐ", "TĐ", "BĐ", "CĐ", "LĐTBXH", "ĐVT", "ĐT", "ĐKKD"}
)
_MOST_WRONG = 0.25
_MOST_WRONG_AROUND = 0.1
_MOST_UNICODE_AROUND = 0.2
_WAYS = ("as it stands", *ENCODINGS)


@dataclass(frozen=True)
class Font:
    """What the font of a cell tells: the encoding it was made for, and whether it draws small letters as capitals."""

    encoding: str
    is_of_capitals: bool = False


@lru_cache(maxsize=4096)
def font_of(name: str) -> Font | None:
    """The old Vietnamese font behind a font name such as ".VnTimeH" or "VNI-Times"; None for fonts of any other kind."""
    folded = name.strip().lower()
    if folded.startswith(".vn"):
        return Font("tcvn3", is_of_capitals=name.strip().endswith("H"))
    for prefix, encoding in (("vni", "vni"), ("vps", "vps"), ("viscii", "viscii")):
        if folded.startswith(prefix):
            return Font(encoding)
    return None


def decoded(text: str, encoding: str, *, is_of_capitals: bool = False) -> str:
    """A text of western letters in Vietnamese ones. In words typed in capitals the letters without a capital follow suit."""
    is_mixed = bool(_UNICODE_ONLY.search(text))
    letters = _CHUNK.sub(lambda chunk: _converted(chunk[0], encoding, is_mixed=is_mixed), text)
    return letters.upper() if is_of_capitals or _is_in_capitals(text, letters) else letters


def _is_in_capitals(text: str, letters: str) -> bool:
    """Whether a text was typed in capitals, so that "KÕ" beside "HOẠCH" is "KẾ": no small plain letter, and a word that
    shows what it is. Acronyms show nothing."""
    if not letters.islower() and not letters.isupper() and not _SMALL.search(text):
        return any(_is_typed_in_capitals(word) and is_syllable(word) for word in _WORD.findall(letters))
    return False


def _converted(chunk: str, encoding: str, *, is_mixed: bool) -> str:
    if _is_plain(chunk):
        return chunk
    reading = _reading(chunk)
    letters = reading.letters[_WAYS.index(encoding)]
    # In a cell typed in two fonts, what is good Vietnamese already was typed in the other one.
    is_good = is_mixed and not reading.counts.wrong[0]
    is_sign = chunk in _SIGNS and letters not in _WORDS_OF_ONE_LETTER
    return chunk if is_good or is_sign else letters


def encoding_of(text: str, usual: str | None = None, likely: str | None = None) -> str | None:
    """The old encoding of one text, or None when it is none or cannot be told.

    usual: the encoding of the texts around it, which decides where the text alone could be read in several ways.
    likely: the encoding of those of them that are in any, which only decides between old encodings.
    """
    if not _SPOKEN.search(text):
        return None
    counts = _counted(text)
    wrong_as_is = counts.wrong[0]
    if _is_surely_unicode(text, counts):
        return None
    if usual:
        way = _WAYS.index(usual)
        if counts.changed[way] and counts.wrong[way] <= min(wrong_as_is, counts.right[way]):
            return usual
    if not wrong_as_is:
        return None
    best = counts.best
    if likely and counts.balance(_WAYS.index(likely)) == counts.balance(best):
        best = _WAYS.index(likely)
    right, wrong = counts.right[best], counts.wrong[best]
    is_mended = wrong_as_is >= right + wrong and 2 * wrong <= right
    is_convincing = right > 0 and (wrong <= _MOST_WRONG * right or is_mended)
    return _WAYS[best] if is_convincing and counts.balance(best) > counts.balance(0) else None


def recovered(texts: pl.Series, fonts: Iterable[str | None] | None = None) -> tuple[pl.Series, pl.Series]:
    """The texts in Unicode and, row for row, the encoding each was in (null where nothing was decoded).

    Every distinct text is looked at once; without anything suspect, one look tells. fonts: the cells' fonts, when known.
    """
    if fonts is not None:
        return _by_font(texts, fonts)
    nothing = pl.repeat(None, texts.len(), dtype=pl.String, eager=True).alias("encoding")
    if not texts.str.contains(SUSPECT).any():
        return texts, nothing
    suspects = texts.filter(texts.str.contains(SUSPECT)).unique()
    odd = _odd_words([suspects])
    doubtful = suspects.filter(suspects.str.contains_any(odd)) if odd else ()
    found = {text: encoding for text in doubtful if (encoding := encoding_of(text))}
    if not found:
        return texts, nothing
    letters = [decoded(text, encoding) for text, encoding in found.items()]
    encodings = texts.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)
    return texts.replace(list(found), letters), encodings.alias("encoding")


def _by_font(texts: pl.Series, fonts: Iterable[str | None]) -> tuple[pl.Series, pl.Series]:
    letters: list[str | None] = []
    encodings: list[str | None] = []
    for text, name in zip(texts, fonts, strict=True):
        font = font_of(name) if name else None
        encoding = font.encoding if font else encoding_of(text or "")
        new = decoded(text, encoding, is_of_capitals=bool(font and font.is_of_capitals)) if text and encoding else text
        letters.append(new)
        encodings.append(encoding if new != text else None)
    return pl.Series(texts.name, letters, pl.String), pl.Series("encoding", encodings, pl.String)


def recovered_grid(cells: Grid) -> tuple[Grid, dict[Place, str]]:
    """The cells of a sheet in Unicode, and the encoding of each cell that was decoded by its row and column from 0.

    A cell that could be read in several ways is read as its row and column are, where those agree, else as the sheet is.
    """
    if not any(cell and _HAS_SUSPECT.search(cell) for row in cells for cell in row):
        return cells, {}
    found = recovered_cells({(r, c): cell for r, row in enumerate(cells) for c, cell in enumerate(row) if cell})
    letters = [list(row) for row in cells]
    for (r, c), decoding in found.items():
        letters[r][c] = decoding.letters
    return letters, {place: decoding.encoding for place, decoding in found.items()}


class Decoded(NamedTuple):
    """A cell's text in Unicode and the encoding it was in."""

    letters: str
    encoding: str


def _is_surely_unicode(text: str, counts: _Counts) -> bool:
    """Whether no old encoding comes into question, whatever the texts around it are in."""
    return not counts.wrong[0] and _UNICODE_ONLY.search(text) is not None


def recovered_columns(cells: pl.DataFrame) -> dict[Place, Decoded]:
    """What `recovered_grid` finds, by row and column from 0, in columns of texts, for as long as distinct words take.

    Cells are looked at one by one only where they have an odd word, or those around them may tell that they are old.
    """
    if not cells.width or not any(cells.select(pl.all().str.contains(SUSPECT).any()).row(0)):
        return {}
    odd = _odd_words(cells.iter_columns())
    if not odd:
        return {}
    has_odd = cells.select(pl.all().str.contains_any(odd).fill_null(value=False))
    in_unicode = cells.select(pl.all().str.contains(_UNICODE_ONLY.pattern).fill_null(value=False))
    unicode_of_rows, unicode_of_columns = in_unicode.sum_horizontal(), in_unicode.sum().row(0)
    # Some words stand within others: these are at least as many as the suspects among them.
    suspects = [odd & ~known for odd, known in zip(has_odd.iter_columns(), in_unicode.iter_columns(), strict=True)]
    suspects_of_rows = pl.DataFrame(suspects).sum_horizontal()
    doubtful: dict[Place, str] = {}
    for at, texts in enumerate(cells.iter_columns()):
        most = _MOST_UNICODE_AROUND * (suspects_of_rows + suspects[at].sum())
        may_tell = unicode_of_rows + unicode_of_columns[at] <= most
        is_told = may_tell & ~in_unicode.to_series(at) & texts.str.contains(SPOKEN).fill_null(value=False)
        rows = (has_odd.to_series(at) | is_told).arg_true()
        doubtful |= {(row, at): text for row, text in zip(rows, texts.gather(rows), strict=True)}
    suspected = {place: counts for place, text in doubtful.items() if (counts := _suspicion(text))}
    around = _Surroundings(suspected, unicode_of_rows.to_list(), unicode_of_columns)
    found = {}
    for place, text in doubtful.items():
        if decoding := _decoded_cell(text, around.usual_at(*place), around.likely):
            found[place] = decoding
    return found


def _odd_words(columns: Iterable[pl.Series]) -> list[str]:
    """The distinct words of some texts that cannot be Vietnamese as they stand and are not surely in Unicode."""
    words = [column.unique().drop_nulls().str.split(" ").explode(empty_as_null=False) for column in columns]
    distinct = pl.concat(words).unique()
    return [word for word in distinct.filter(distinct.str.contains(SPOKEN)) if _is_odd(word)]


@lru_cache(maxsize=1 << 16)
def _is_odd(word: str) -> bool:
    return _counted(word).wrong[0] > 0


def recovered_cells(
    cells: Mapping[Place, str],
    fonts: Mapping[Place, str] | None = None,
    pieces: Mapping[Place, Sequence[tuple[str | None, str]]] | None = None,
) -> dict[Place, Decoded]:
    """Those of the cells of a sheet, by row and column from 0, that were in an old encoding.

    fonts: the names of the cells' fonts, where they are of an old encoding; pieces: fonts and texts of cells typed in
    several fonts. A font is believed unless the cells in it are mostly in Unicode. Letters stay as they were typed: a font
    of capitals only draws small ones as capitals.
    """
    spoken = {place: text for place, text in cells.items() if _SPOKEN.search(text)}
    by_font: defaultdict[str | None, dict[Place, str]] = defaultdict(dict)
    for place, text in spoken.items():
        font = font_of(fonts[place]) if fonts and place in fonts else None
        by_font[font.encoding if font else None][place] = text
    settled = {text for text in set(spoken.values()) if _is_surely_unicode(text, _counted(text))}
    found: dict[Place, Decoded] = {}
    for encoding, own in by_font.items():
        around = _Surroundings.of(own)
        # What no font tells of, its neighbours of the same kind tell of: a word in a modern font is in Unicode among others.
        is_believed = encoding is not None and not around.is_in_unicode
        for place, text in own.items():
            if text in settled and not (pieces and place in pieces):
                continue
            usual = encoding if is_believed else around.usual_at(*place)
            if pieces and place in pieces and "".join(piece for _, piece in pieces[place]) == text:
                decoding = _decoded_pieces(pieces[place], usual, around.likely)
            else:
                decoding = _decoded_cell(text, usual, around.likely)
            if decoding:
                found[place] = decoding
    return found


def _decoded_cell(text: str, usual: str | None, likely: str | None) -> Decoded | None:
    encoding = encoding_of(text, usual, likely)
    letters = decoded(text, encoding) if encoding else text
    return Decoded(letters, encoding) if encoding and letters != text else None


def _decoded_pieces(pieces: Sequence[tuple[str | None, str]], usual: str | None, likely: str | None) -> Decoded | None:
    """A text in several fonts, each piece by its own font; as one text where they are all of one encoding."""
    encodings = [font.encoding if name and (font := font_of(name)) else None for name, _ in pieces]
    text = "".join(piece for _, piece in pieces)
    if len(set(encodings)) == 1:
        return _decoded_cell(text, encodings[0] or usual, likely)
    letters = "".join(
        decoded(piece, encoding) if encoding else piece for (_, piece), encoding in zip(pieces, encodings, strict=True)
    )
    found = next(encoding for encoding in encodings if encoding)
    return Decoded(letters, found) if letters != text else None


class _Counts(NamedTuple):
    """Words of some text by way of reading it (as it stands, then each encoding): how many are Vietnamese, how many
    cannot be, and whether that way changes anything at all."""

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    changed: tuple[int, ...]

    def balance(self, way: int) -> int:
        """How well a way of reading suits; a wrong word weighs more than a right one, which chance may make."""
        return self.right[way] - 2 * self.wrong[way]

    @property
    def best(self) -> int:
        """The encoding that suits best, the commonest among equals."""
        return max(range(1, len(_WAYS)), key=lambda way: (self.balance(way), -way))


_NOTHING = _Counts((0,) * len(_WAYS), (0,) * len(_WAYS), (0,) * len(_WAYS))


def _summed(counts: Sequence[_Counts]) -> _Counts:
    if len(counts) < 2:
        return counts[0] if counts else _NOTHING
    return _Counts(*(tuple(map(sum, zip(*part, strict=True))) for part in zip(*counts, strict=True)))


def _counted(text: str) -> _Counts:
    """A text read in every way, leaving out words that are surely in Unicode and those in plain ASCII."""
    chunks = [chunk for chunk in _CHUNK.findall(text) if not _is_plain(chunk)]
    return _summed([_reading(chunk).counts for chunk in chunks if not _UNICODE_ONLY.search(chunk)])


def _is_plain(chunk: str) -> bool:
    # VISCII and VPS have letters among the control characters.
    return not _SPOKEN.search(chunk) or _AREA_OR_VOLUME.fullmatch(chunk) is not None


class _Reading(NamedTuple):
    letters: tuple[str, ...]
    counts: _Counts


@lru_cache(maxsize=1 << 16)
def _reading(chunk: str) -> _Reading:
    """A piece of text without spaces, read in every way. The same few thousand pieces make up whole files."""
    letters = (chunk, *(_as_typed(decode(chunk)) for decode in DECODERS.values()))
    right, wrong = zip(*map(_judged, letters), strict=True)
    return _Reading(letters, _Counts(right, wrong, tuple(way != chunk for way in letters)))


def _judged(letters: str) -> tuple[int, int]:
    """How many words are Vietnamese, how many cannot be. Words of one letter say nothing ("Ø 20", "5 µ"), nor do
    acronyms; a sign against a letter is as wrong as a word."""
    words = [word for word in _WORD.findall(letters) if len(word) > 1 and not word.isascii() and word not in _MEASURES]
    # A capital in the middle of a small word was never typed: there it is the mark of a VNI vowel.
    syllables = sum(is_syllable(word) and (word[1:].islower() or word.isupper()) for word in words)
    neutral = sum(bool(_ACRONYM.fullmatch(word)) or word.upper() in _ABBREVIATIONS for word in words)
    # "NĐ" and "QĐ" stand in every number of a decree or decision: more telling than one odd syllable.
    known = sum(word.upper() in _ABBREVIATIONS for word in words)
    strays = len(_STRAY.findall(letters)) if _SPOKEN.search(letters) else 0
    return syllables + 2 * known, len(words) - syllables - neutral + strays


class _Surroundings:
    """What the cells of a sheet say together about those of them that alone could be read in several ways."""

    def __init__(self, suspects: Mapping[Place, _Counts], in_rows: _Tally, in_columns: _Tally) -> None:
        """suspects: what the words of suspect cells say. in_rows, in_columns: how many cells there are surely in Unicode."""
        self._in_rows, self._in_columns = in_rows, in_columns
        self._suspects_of_rows, self._suspects_of_columns = (_by_line(suspects, axis) for axis in (0, 1))
        in_unicode = sum(in_columns.values() if isinstance(in_columns, Counter) else in_columns)
        of_sheet = _Evidence(_summed(list(suspects.values())), len(suspects), in_unicode)
        self._usual_of_sheet = _usual(of_sheet)
        self.likely = _likely(of_sheet)
        self.is_in_unicode = of_sheet.in_unicode > max(of_sheet.suspects, 1)

    @classmethod
    def of(cls, spoken: Mapping[Place, str]) -> _Surroundings:
        """What all the cells that are not in plain ASCII say."""
        suspicions = {text: _suspicion(text) for text in set(spoken.values())}
        suspects = {place: counts for place, text in spoken.items() if (counts := suspicions[text])}
        known = {text for text in suspicions if _UNICODE_ONLY.search(text)}
        in_unicode = [place for place, text in spoken.items() if text in known]
        return cls(suspects, Counter(row for row, _ in in_unicode), Counter(column for _, column in in_unicode))

    def usual_at(self, r: int, c: int) -> str | None:
        """The encoding that suits a cell's row and column, or the sheet when those say nothing; None when they disagree."""
        near = _together(
            (self._suspects_of_rows.get(r, _NO_EVIDENCE), self._suspects_of_columns.get(c, _NO_EVIDENCE)),
            self._in_rows[r] + self._in_columns[c],
        )
        return _usual(near) if near.suspects or near.in_unicode else self._usual_of_sheet


class _Evidence(NamedTuple):
    counts: _Counts
    suspects: int
    in_unicode: int


_NO_EVIDENCE = _Evidence(_NOTHING, 0, 0)


def _suspicion(text: str) -> _Counts | None:
    """The words of a text in every reading if it is suspect; nothing if it is in Unicode, and often otherwise."""
    if _UNICODE_ONLY.search(text):
        return None
    counts = _counted(text)
    return counts if counts.wrong[0] else None


def _by_line(suspects: Mapping[Place, _Counts], axis: int) -> dict[int, _Evidence]:
    """What suspect cells say together, row by row or column by column."""
    said = defaultdict(list)
    for place, counts in suspects.items():
        said[place[axis]].append(counts)
    return {at: _Evidence(_summed(counts), len(counts), 0) for at, counts in said.items()}


def _together(said: Sequence[_Evidence], in_unicode: int) -> _Evidence:
    counts = _summed([one.counts for one in said if one.suspects])
    return _Evidence(counts, sum(one.suspects for one in said), in_unicode)


def _usual(said: _Evidence) -> str | None:
    return _likely(said) if said.in_unicode <= _MOST_UNICODE_AROUND * said.suspects else None


def _likely(said: _Evidence) -> str | None:
    """The encoding of those texts that are in an old one, where it is clear."""
    best = said.counts.best
    right, wrong = said.counts.right[best], said.counts.wrong[best]
    return _WAYS[best] if right > 0 and wrong <= _MOST_WRONG_AROUND * right else None


def _as_typed(letters: str) -> str:
    """Words typed in capitals wholly in capitals: TCVN3 has no capital "Ệ", so "VIỆT" comes out as "VIệT"."""
    return _WORD.sub(lambda word: word[0].upper() if _is_typed_in_capitals(word[0]) else word[0], letters)


def _is_typed_in_capitals(word: str) -> bool:
    plain = [letter for letter in word if letter.isascii() or letter in _CAPITALS_OF_TCVN3]
    return len(plain) > 1 and all(letter.isupper() for letter in plain)


def encoding_of_bytes(sample: bytes) -> str | None:
    """The encoding of a file's first bytes: "utf-8", "utf-16-le", "utf-16-be", one of ENCODINGS, or None when nothing fits."""
    if wide := _wide_encoding(sample):
        return wide
    try:
        # A sample may end in the middle of a letter.
        sample.decode("utf-8") if len(sample) < 4 else sample[:-3].decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        if error.end < len(sample) - 6:
            return _old_encoding(sample)
    return "utf-8"


def _wide_encoding(sample: bytes) -> str | None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if sample.startswith(mark):
            return encoding
    # In Vietnamese, most letters of UTF-16 have a zero byte on one side, and no other encoding has zeros at all.
    if sample.count(0) < len(sample) / 8:
        return None
    return "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"


def _old_encoding(sample: bytes) -> str | None:
    counts = _counted(sample.decode("latin-1"))
    return _WAYS[counts.best] if counts.balance(counts.best) > 0 else None


def text_of_bytes(content: bytes, encoding: str) -> str:
    """Bytes as Unicode text, byte-order mark removed. Raises UnicodeDecodeError for what is not in a Unicode encoding."""
    if encoding in DECODERS:
        return decoded(content.decode("latin-1"), encoding)
    return content.decode(encoding).removeprefix("\ufeff")
