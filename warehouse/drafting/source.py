"""The source text of a drafted extract: its contract with the evidence for every guess, and its asset line.

What belongs here: how a draft is written down. What is guessed, and on what grounds, belongs to `guess`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from typing import Final

from schemas.column_types import CodeList, ColumnType, commune_code, dossier_code
from schemas.contract import Personal
from schemas.periods import Cadence
from warehouse.drafting.guess import Guess, Guesses

_INDENT: Final = "    "
_LONGEST_LINE: Final = 110
_LONGEST_PIECE: Final = 80
_DISTRICT_TITLE: Final = "Huyện/Thành phố"


@dataclass(frozen=True)
class Draft:
    """What a person has said of the extract; the rest is guessed. `sheet` is empty but for workbooks."""

    name: str
    title: str
    supplier: str
    department: str
    cadence: Cadence
    period: str
    sheet: str
    header_rows: int

    @property
    def constant(self) -> str:
        """The name of the contract in its module."""
        return self.name.upper()


@dataclass(frozen=True)
class _Call:
    """A call to be written out: what is called, with which arguments (named ones by their names)."""

    called: str
    places: Sequence[object] = ()
    named: Mapping[str, object] | None = None


@dataclass(frozen=True)
class _Name:
    """A name that stands for itself."""

    name: str


def asset_source(draft: Draft) -> str:
    """The module of the asset."""
    return (
        f'"""{_sentence(draft.title)}, in the ledger."""\n\n'
        "from assets.extract_asset import extract_asset\n"
        f"from schemas.extracts.{draft.name} import {draft.constant}\n\n"
        f"{draft.name} = extract_asset({draft.constant})\n"
    )


def contract_source(draft: Draft, guesses: Guesses) -> str:
    """The module of the contract, every column under a comment that says on what it was guessed."""
    body = "\n".join(_extract(draft, guesses))
    return "\n".join(
        [
            f'"""{_sentence(draft.title)}: drafted from a sample, to be confirmed column by column."""',
            "",
            *_imports(body),
            "",
            body,
            "",
        ]
    )


def _sentence(title: str) -> str:
    """A title that can stand in a docstring."""
    return title.replace("\\", " ").replace('"', "'").strip().rstrip(".") or "Extract"


def _imports(body: str) -> Iterator[str]:
    wanted = {
        "schemas.column_types": (
            "LARGEST_COUNT AgencyCode Amount CodeList Day HealthCard InsuranceNumber Moment PartialDay Pattern PersonName "
            "PersonalNumber Phone ProcedureCode Share TaxCode Text WholeNumber YesNo commune_code dossier_code"
        ),
        "schemas.contract": "Column Extract Personal Records Semantics Sheet UnitByName",
        "schemas.periods": "Cadence",
        "schemas.rules": "Severity",
        "schemas.shared_columns": "COMMUNE_BY_NAME",
    }
    for module, names in wanted.items():
        used = [name for name in names.split() if _uses(body, name)]
        if used:
            yield f"from {module} import {', '.join(used)}"


def _uses(body: str, name: str) -> bool:
    return any(f"{before}{name}{after}" in body for before in (" ", "(", "=", "\n") for after in ("(", ".", ",", ")"))


def _extract(draft: Draft, guesses: Guesses) -> Iterator[str]:
    yield f"{draft.constant} = Extract("
    heading: dict[str, object] = {
        "name": draft.name,
        "vi": draft.title,
        "en": draft.name.replace("_", " ").capitalize(),
        "suppliers": (draft.supplier,),
        "department": draft.department,
        "cadence": _Name(f"Cadence.{draft.cadence.name}"),
        "layout": _layout(draft, guesses),
        "semantics": _Name("Semantics.FULL"),
    }
    for name, value in heading.items():
        yield from _argument(name, value, 1)
    if not guesses.is_key_unique:
        yield f"{_INDENT}# Not unique in the sample: rows share this key. Decide what tells them apart."
    yield from _argument("key", guesses.key, 1)
    yield from _argument("owed_from", draft.period, 1)
    if guesses.unit:
        district = (guesses.district,) if guesses.district else ()
        by_name = _Call("UnitByName", (guesses.unit, "unit_code", *district), {"accepts_variants": True})
        yield from _argument("unit_by_name", by_name, 1)
        yield from _argument("derived", (_Name("COMMUNE_BY_NAME"),), 1)
    yield f"{_INDENT}columns=("
    for column in guesses.columns:
        yield from (f"{_INDENT * 2}# {line}" for line in _evidence(column))
        yield from _value(_column(column), 2, ",")
    if guesses.is_grouped:
        yield f"{_INDENT * 2}# Filled from the rows of districts above their communes."
        title = _Call("Column", (guesses.district, _Call("Text"), _DISTRICT_TITLE, "District", (_DISTRICT_TITLE,)))
        yield from _value(title, 2, ",")
    yield f"{_INDENT}),"
    yield ")"


def _layout(draft: Draft, guesses: Guesses) -> _Call:
    summed: dict[str, object] = {"summed": guesses.summed} if guesses.summed else {}
    if not draft.sheet:
        return _Call("Records", (), summed)
    named: dict[str, object] = {"label": draft.sheet}
    if draft.header_rows > 1:
        named["header_rows"] = draft.header_rows
    if guesses.is_grouped:
        named["group_into"] = guesses.district
    return _Call("Sheet", (), named | summed)


def _evidence(column: Guess) -> Iterator[str]:
    """What the guess rests on, and what a person must decide."""
    share = column.fitting / column.filled if column.filled else 0.0
    yield f"{share:.0%} of {column.filled} cells are read so; {column.cells - column.filled} of {column.cells} are empty."
    if column.doubts:
        yield f"Decide: {'; '.join(doubt.en for doubt in column.doubts)}."


def _column(column: Guess) -> _Call:
    named: dict[str, object] = {}
    if column.is_required:
        named["required"] = True
    if column.must_exist:
        named["must_exist"] = True
    if column.personal is not Personal.NONE:
        named["personal"] = _Name(f"Personal.{column.personal.name}")
    if column.token:
        named["token"] = column.token
    return _Call("Column", (column.name, _kind(column.kind), column.title, column.en, (column.title,)), named)


def _kind(kind: ColumnType) -> _Call:
    for call, known in (("dossier_code", dossier_code()), ("commune_code", commune_code())):
        if kind == known:
            return _Call(call)
    if isinstance(kind, CodeList):
        named: dict[str, object] = {"codes": dict(kind.codes), "vi": kind.vi, "en": kind.en}
        return _Call("CodeList", (), named | {"on_unreadable": kind.on_unreadable})
    said = {
        field.name: getattr(kind, field.name)
        for field in fields(kind)
        if field.default is MISSING or getattr(kind, field.name) != field.default
    }
    if said.get("maximum") is not None:
        said["maximum"] = _Name("LARGEST_COUNT")
    return _Call(type(kind).__name__, (), said)


def _argument(name: str, value: object, depth: int) -> Iterator[str]:
    first, *rest = _value(value, depth, ",")
    yield first.replace(_INDENT * depth, f"{_INDENT * depth}{name}=", 1)
    yield from rest


def _value(value: object, depth: int, end: str) -> Iterator[str]:
    """A value over as many lines as it takes, the way the formatter would lay it out."""
    margin, line = _INDENT * depth, _in_line(value)
    if len(margin) + len(line) <= _LONGEST_LINE and not (isinstance(value, _Call) and value.called == "Column"):
        yield f"{margin}{line}{end}"
    elif isinstance(value, str):
        yield f"{margin}("
        for piece in _pieces(value):
            yield f"{margin}{_INDENT}{_in_line(piece)}"
        yield f"{margin}){end}"
    else:
        opening, items, closing = _parts(value)
        yield f"{margin}{opening}"
        for name, item in items:
            yield from _argument(name, item, depth + 1) if name else _value(item, depth + 1, ",")
        yield f"{margin}{closing}{end}"


def _parts(value: object) -> tuple[str, list[tuple[str, object]], str]:
    if isinstance(value, _Call):
        return f"{value.called}(", [*(("", item) for item in value.places), *(value.named or {}).items()], ")"
    if isinstance(value, Mapping):
        return "{", [("", _Name(f"{_in_line(text)}: {_in_line(kept)}")) for text, kept in value.items()], "}"
    assert isinstance(value, tuple)
    return "(", [("", item) for item in value], ")"


def _in_line(value: object) -> str:
    if isinstance(value, _Name):
        return value.name
    if isinstance(value, _Call):
        named = [f"{name}={_in_line(item)}" for name, item in (value.named or {}).items()]
        return f"{value.called}({', '.join([*map(_in_line, value.places), *named])})"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_in_line(text)}: {_in_line(kept)}' for text, kept in value.items())}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_in_line, value))}{',' if len(value) == 1 else ''})"
    return repr(value)


def _quoted(text: str) -> str:
    """A text as the formatter quotes it: double quotes unless they would have to be escaped, patterns raw."""
    if "\\" in text and '"' not in text:
        return f'r"{text}"'
    written = repr(text)
    return f'"{written[1:-1]}"' if written.startswith("'") and '"' not in text else written


def _pieces(text: str) -> Iterator[str]:
    while len(text) > _LONGEST_PIECE:
        cut = text.rfind(" ", 0, _LONGEST_PIECE) + 1 or _LONGEST_PIECE
        yield text[:cut]
        text = text[cut:]
    yield text
