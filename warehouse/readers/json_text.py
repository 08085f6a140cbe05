"""JSON text taken apart record by record, every value as it was typed: the way for what the fast one does not read exactly.

Numbers are never turned into numbers. A record with half a letter, with one key twice over, or nested beyond reason costs
itself alone; in JSON Lines a broken line too. Which records are wanted belongs to `json_records`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from warehouse.readers import streams
from warehouse.readers.limits import MOST_NESTING, MOST_RECORD_BYTES
from warehouse.readers.reading import Refusal
from warehouse.readers.records import Place

Value: TypeAlias = "str | bytes | bool | list[Value] | dict[str | None, Value] | None"
"""A parsed value; a number is the bytes that were typed, and a key twice over with two values stands under None."""

TOO_DEEP: Final = "lồng quá sâu (nested too deeply)"
NO_LETTERS: Final = "invalid encoding"
_TWICE: Final = "một trường hai giá trị (repeated key)"
_NO_OBJECT: Final = "không phải đối tượng (not an object)"
_TOO_LONG: Final = f"dài hơn (longer than) {MOST_RECORD_BYTES >> 20} MB"
_CUT_OFF: Final = "bị cắt ngang (unexpected end of data)"
_MORE_BELOW: Final = "còn nội dung sau khi đã hết (unexpected content after document)"
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PLAIN: Final = frozenset({str, type(None)})
_LEAVES: Final = _PLAIN | {bytes, bool}
# A text that is one object is held up to here; beyond, it is taken for what stands around the records.
_MOST_HELD: Final = 8 << 20
# A token that is cut by the end of a piece, other than a text, is not longer than this.
_LONGEST_CUT: Final = 4096


def _malformed(reason: str) -> str:
    return f"sai cú pháp ({reason})"


class Item(NamedTuple):
    """One thing that stands where a record may stand: its list, its position, its flat fields or why it has none.

    A line that is no JSON could be anything: its place is None.
    """

    place: Place | None
    number: int
    fields: dict[str, str | None]
    size: int
    reason: str | None = None


def _object(pairs: list[tuple[str, Value]]) -> dict[str | None, Value]:
    fields: dict[str | None, Value] = {}
    fields.update(pairs)
    if len(fields) < len(pairs) and any(fields[key] != value for key, value in pairs):
        fields[None] = None
    return fields


# As lenient as the fast way is about control characters in texts, and no more.
_DECODER: Final = json.JSONDecoder(
    parse_int=str.encode, parse_float=str.encode, parse_constant=str.encode, object_pairs_hook=_object, strict=False
)


def items_of_lines(path: Path, encoding: str) -> Iterator[Item | None]:
    """What stands on each line of a JSON Lines file, its number the line's; None for a blank line."""
    for number, (line, is_whole) in enumerate(streams.lines(streams.letters(path, encoding), MOST_RECORD_BYTES), 1):
        if not line.strip(" \t\r"):
            yield None
            continue
        if not is_whole:
            yield Item(None, number, {}, 0, _TOO_LONG)
            continue
        try:
            value = _DECODER.decode(line)
        except json.JSONDecodeError as error:
            yield Item(None, number, {}, 0, f"JSON hỏng ở cột {error.colno} (column {error.colno}: {error.msg})")
        except RecursionError:
            yield Item(None, number, {}, 0, TOO_DEEP)
        else:
            yield from _items(value, (), number, len(line))


def items_of_document(path: Path, encoding: str) -> Iterator[Item]:
    """What stands in the lists of a JSON text, numbered from 1 in each list.

    The text may be an array, an object around arrays, or objects one after another. Raises Refusal `file.unreadable`
    with the record and the byte where it is no JSON or is cut.
    """
    text = _Text(path, encoding)
    number = 0
    while (character := text.next()) != "":
        number += 1
        if character == "[":
            if number > 1:
                raise text.refusal(_MORE_BELOW, number)
            yield from _elements(text, ())
        elif (value := text.value(number, or_too_long=True)) is not _LONG:
            assert not isinstance(value, _Long)
            yield from _items(value, (), number, text.size)
        else:
            yield from _members(text, ())
        if character == "[" and text.next():
            raise text.refusal(_MORE_BELOW, number)


def _elements(text: _Text, place: Place) -> Iterator[Item]:
    """The elements of an array, one at a time."""
    text.take("[", 1)
    number = 0
    if text.next() == "]":
        text.take("]", 1)
        return
    while True:
        number += 1
        value = text.value(number)
        assert not isinstance(value, _Long)
        yield from _items(value, place, number, text.size)
        if text.next() == "]":
            text.take("]", number)
            return
        text.take(",", number)


def _members(text: _Text, place: Place) -> Iterator[Item]:
    """What stands in the arrays of an object that is too long to be a record itself."""
    if len(place) > MOST_NESTING:
        raise text.refusal(TOO_DEEP, 1)
    text.take("{", 1)
    while text.next() != "}":
        key = text.value(1)
        if not isinstance(key, str):
            raise text.refusal(_malformed("Expecting property name enclosed in double quotes"), 1)
        text.take(":", 1)
        match text.next():
            case "[":
                yield from _elements(text, (*place, key))
            case "{":
                yield from _members(text, (*place, key))
            case _:
                text.value(1)
        if text.next() != "}":
            text.take(",", 1)
    text.take("}", 1)


def _items(value: Value, place: Place, number: int, size: int) -> Iterator[Item]:
    """A value as a record, and what stands in the arrays of objects within it."""
    yield _item(value, place, number, size)
    if isinstance(value, dict) and not _LEAVES.issuperset(map(type, value.values())):
        yield from _within(value, place)


def _within(fields: dict[str | None, Value], place: Place) -> Iterator[Item]:
    for key, value in fields.items():
        if key is None or len(place) > MOST_NESTING:
            continue
        if isinstance(value, dict):
            yield from _within(value, (*place, key))
        elif isinstance(value, list) and any(isinstance(element, dict) for element in value):
            for number, element in enumerate(value, 1):
                yield _item(element, (*place, key), number, 0)


def _item(value: Value, place: Place, number: int, size: int) -> Item:
    if not isinstance(value, dict):
        return Item(place, number, {}, size, _NO_OBJECT)
    fields: dict[str, str | None] = {}
    reason = None
    try:
        if _PLAIN.issuperset(map(type, value.values())) and None not in value:
            fields = value  # type: ignore[assignment]
        else:
            reason = _flatten(value, "", fields, 0)
        "".join([*fields, *filter(None, fields.values())]).encode()
    except RecursionError:
        return Item(place, number, {}, size, TOO_DEEP)
    except UnicodeEncodeError:
        return Item(place, number, {}, size, NO_LETTERS)
    return Item(place, number, {} if reason else fields, size, reason)


def _flatten(value: dict[str | None, Value], path: str, into: dict[str, str | None], depth: int) -> str | None:
    """Put the fields of an object under their dotted paths; says why that cannot be."""
    if depth > MOST_NESTING:
        return TOO_DEEP
    reason = None
    for key, inner in value.items():
        if key is None:
            return _TWICE
        field = path + key
        if field in into:
            reason = _TWICE
        elif inner is None or isinstance(inner, str):
            into[field] = inner
        elif isinstance(inner, bytes):
            into[field] = inner.decode()
        elif isinstance(inner, bool):
            into[field] = "true" if inner else "false"
        elif not isinstance(inner, dict):
            into[field] = _json(inner)
        elif inner:
            reason = reason or _flatten(inner, field + ".", into, depth + 1)
        else:
            into[field] = None
    return reason


def _json(value: Value) -> str:
    """A value as it was typed, but for the white space around it."""
    match value:
        case bytes():
            return value.decode()
        case list():
            return f"[{','.join(map(_json, value))}]"
        case dict():
            return f"{{{','.join(f'{_json(key)}:{_json(inner)}' for key, inner in value.items())}}}"
        case _:
            return json.dumps(value, ensure_ascii=False)


class _Long:
    """Stands for a value that is too long to be held."""


_LONG: Final = _Long()


class _Text:
    """A JSON text that is read from the front; `size` is the length of the value read last, in characters."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._pieces = streams.letters(path, encoding)
        self._encoding = encoding
        self._text = ""
        self._at = 0
        self._dropped_bytes = 0
        self.size = 0

    def next(self) -> str:
        """The next character that is not white space, which stays; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self, character: str, number: int) -> None:
        """Step over a character that must come now."""
        if (found := self.next()) != character:
            reason = _malformed(f"Expecting '{character}'") if found else _CUT_OFF
            raise self.refusal(reason, number)
        self._at += 1

    def value(self, number: int, *, or_too_long: bool = False) -> Value | _Long:
        """The value that begins here; with `or_too_long` a mark instead when it is too long, and nothing is read."""
        self.next()
        most = _MOST_HELD if or_too_long else MOST_RECORD_BYTES
        while True:
            is_at_end = False
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or len(self._text) - error.pos < _LONGEST_CUT
                if is_cut and self._has_room(most):
                    # Twice as much each time: what is read again and again stays within bounds.
                    if self._grow(2 * (len(self._text) - self._at)):
                        continue
                    # Nothing more comes: what only looked cut is wrong where it stands.
                    is_at_end = error.msg.startswith("Unterminated") or not self._text[error.pos :].strip()
                    is_cut = False
                elif is_cut and or_too_long:
                    return _LONG
                reason = _CUT_OFF if is_at_end else _TOO_LONG if is_cut else _malformed(error.msg)
                self._at = error.pos
                raise self.refusal(reason, number) from None
            except RecursionError:
                raise self.refusal(TOO_DEEP, number) from None
            # A number may go on in the next piece.
            if end == len(self._text) and self._has_room(most) and self._grow():
                continue
            self.size = end - self._at
            self._at = end
            return value  # type: ignore[no-any-return]

    def refusal(self, reason: str, number: int) -> Refusal:
        """Why the text cannot be read on from here; the byte counts from 1."""
        byte = self._dropped_bytes + streams.size_of(self._text[: self._at], self._encoding) + 1
        return Refusal("file.unreadable", f"JSON, {reason} (bản ghi / record {number}, byte {byte})")

    def _has_room(self, most: int) -> bool:
        return len(self._text) - self._at <= most

    def _grow(self, to: int = 0) -> bool:
        """Forget what was read and take up the next piece, or more, until there are `to` characters; False at the end."""
        rest = [self._text[self._at :]]
        length = len(rest[0])
        for piece in self._pieces:
            rest.append(piece)
            length += len(piece)
            if length >= to:
                break
        if len(rest) == 1:
            return False
        self._dropped_bytes += streams.size_of(self._text[: self._at], self._encoding)
        self._text, self._at = "".join(rest), 0
        return True
