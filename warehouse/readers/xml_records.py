"""XML files: repeated elements as records, attributes and inner elements as fields. A position is the record's number from 1.

Expat reads the file from the front, twice, and holds one record at a time. Names count without their namespaces. A document
type is refused before anything in it is looked at, so no entity is expanded and nothing outside the file is ever opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from schemas.contract import Extract
from warehouse import headers
from warehouse.readers import streams
from warehouse.readers.limits import MOST_NESTING, MOST_RECORD_BYTES, check_columns
from warehouse.readers.reading import Reading, Refusal
from warehouse.readers.records import Found, Numbered, Place, chosen, frames

_KIND: Final = "XML"
_PIECE_BYTES = 1 << 20
_TOO_LONG: Final = f"{_KIND}, 1 record > {MOST_RECORD_BYTES >> 20} MB"
# What an empty field costs beside its text.
_FIELD_BYTES = 64
_OWN_TEXT: Final = "#text"
_OF_XML_ITSELF: Final = ("xmlns", "xsi")


def read(path: Path, extract: Extract, batch_rows: int) -> Reading:
    """Open a zstd-compressed XML file.

    Raises Refusal when it is not well-formed, has a document type, or holds no records of this form.
    """
    outline = _Outline()
    for _ in _parsed(path, outline):
        pass
    found = chosen(outline.candidates(), extract, _KIND)
    reading = found.reading({"format": "xml"})
    if refusal := headers.incomplete(found.matched, extract):
        is_countable = refusal.code == "file.missing_column"
        raise refusal.counting(outline.elements[found.place]) if is_countable else refusal
    reading.batches = frames(_records(path, found), found, batch_rows)
    return reading


def _records(path: Path, found: Found) -> Iterator[Numbered]:
    records = _Records(found.place)
    for _ in _parsed(path, records):
        yield from records.whole
        records.whole.clear()


@dataclass
class _Outline:
    """Which elements there are, how often, and where texts stand: memory grows with the form, not with the file."""

    elements: dict[Place, int] = field(default_factory=dict)
    texts: dict[Place, None] = field(default_factory=dict)

    def begin(self, place: Place, attributes: dict[str, str]) -> None:
        self.elements[place] = self.elements.get(place, 0) + 1
        for name in attributes:
            self.texts[(*place, name)] = None
        check_columns(max(len(self.elements), len(self.texts)), _KIND)

    def text(self, place: Place, text: str) -> None:
        self.texts[place] = None

    def end(self, place: Place) -> None:
        """Nothing is gathered here."""

    def candidates(self) -> dict[Place, list[str]]:
        """For each element with something in it the dotted paths of the fields it would have as a record."""
        fields: dict[Place, list[str]] = {}
        for text in self.texts:
            for depth in range(1, len(text)):
                fields.setdefault(text[:depth], []).append(".".join(text[depth:]))
        for place in self.texts.keys() & fields.keys():
            # An element with attributes and a text: a field to those around it, and a record with both to itself.
            fields[place].append(_OWN_TEXT)
        return fields


@dataclass
class _Records:
    """Gathers the elements of one place; those that have ended wait in `whole`."""

    place: Place
    whole: list[Numbered] = field(default_factory=list)
    _number: int = 0
    _size: int = 0
    _texts: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, place: Place, attributes: dict[str, str]) -> None:
        depth = len(self.place)
        if place[:depth] != self.place:
            return
        if len(place) == depth:
            self._texts, self._size = {}, 0
        for name, text in attributes.items():
            self._put((*place[depth:], name), text)

    def text(self, place: Place, text: str) -> None:
        depth = len(self.place)
        if place[:depth] == self.place:
            self._put(place[depth:] or (_OWN_TEXT,), text)

    def end(self, place: Place) -> None:
        if place == self.place:
            self._number += 1
            fields = {name: _together(texts) for name, texts in self._texts.items()}
            self.whole.append((self._number, fields, self._size))

    def _put(self, place: Place, text: str) -> None:
        self._size += len(text) + _FIELD_BYTES
        if self._size > MOST_RECORD_BYTES:
            raise Refusal("file.unsafe", _TOO_LONG)
        self._texts.setdefault(".".join(place), []).append(text)


def _together(texts: list[str]) -> str | None:
    """One text as it is, several as a JSON array: which of them is meant nobody can say here."""
    if len(texts) == 1:
        return texts[0] or None
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def _parsed(path: Path, into: _Outline | _Records) -> Iterator[None]:
    """Feed a file through expat piece by piece, stopping after each for what has come of it."""
    parser = expat.ParserCreate()
    walk = _Walk(into)
    fed_bytes = 0
    parser.buffer_text = True
    parser.StartElementHandler = walk.begin
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        with streams.opened(path) as stream:
            while block := stream.read(_PIECE_BYTES):
                parser.Parse(block, False)
                fed_bytes += len(block)
                if fed_bytes - parser.CurrentByteIndex > MOST_RECORD_BYTES:
                    raise Refusal("file.unsafe", _TOO_LONG)
                yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        where = f"dòng / line {error.lineno}, cột / column {error.offset + 1}"
        raise Refusal("file.unreadable", f"{_KIND}, sai cú pháp ({expat.ErrorString(error.code)}) ({where})") from None
    # The encoding that the file says it is in is one that Python does not know, or has more than one byte a letter.
    except (LookupError, ValueError):
        raise Refusal("file.unreadable", f"{_KIND}, bảng mã lạ (unknown encoding)") from None


def _refuse_document_type(*_: object) -> None:
    raise Refusal("file.unsafe", f"{_KIND}, DOCTYPE")


class _Walk:
    """Where in the tree the parser is, and the text of each element that is open."""

    def __init__(self, into: _Outline | _Records) -> None:
        self._into = into
        self._place: Place = ()
        self._texts: list[list[str]] = []
        self._has_inner: list[bool] = []
        self._has_attributes: list[bool] = []
        self._held = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._place) >= MOST_NESTING:
            raise Refusal("file.unsafe", f"{_KIND}, > {MOST_NESTING} cấp / levels")
        if self._has_inner:
            self._has_inner[-1] = True
        self._place = (*self._place, _local(name))
        own = {_local(key): text for key, text in attributes.items() if key.split(":")[0] not in _OF_XML_ITSELF}
        self._texts.append([])
        self._has_inner.append(False)
        self._has_attributes.append(bool(own))
        self._into.begin(self._place, own)

    def text(self, text: str) -> None:
        self._texts[-1].append(text)
        self._held += len(text)
        if self._held > MOST_RECORD_BYTES:
            raise Refusal("file.unsafe", _TOO_LONG)

    def end(self, _: str) -> None:
        text = "".join(self._texts.pop())
        self._held -= len(text)
        has_inner, has_attributes = self._has_inner.pop(), self._has_attributes.pop()
        if not has_inner and not has_attributes:
            self._into.text(self._place, text)
        elif text.strip():
            # Beside other things an element's text has a name of its own, which no element can have.
            self._into.text((*self._place, _OWN_TEXT) if has_inner else self._place, text)
        self._into.end(self._place)
        self._place = self._place[:-1]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
