"""Daily files of dossier records: spoils the chosen lines, sends the files, re-sends what went wrong.

What belongs here: the content of each file with its truth, and what happens to whole files on their way. What does
not: what is true (``dossiers``), which records are spoilt (``dossier_plan``), what a defect looks like.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import polars as pl

from samples.article import FILE_DAYS, FIRST_DAY
from samples.dossier_defects import Defect, Record, event_time_as_read, make_defects, spoil_twin
from samples.dossier_plan import EVENTS, FileEvent, Lines, Role, Spoilt, choose, lay_out
from samples.dossier_spelling import Speller, World, true_states
from samples.draws import Ints
from samples.expected import Expected, fate_of, warn
from samples.landing import FINDING_SCHEMA, Landing, Sending, Slot, at

_EXTRACT: Final = "one_stop_dossier"
_SUPPLIER: Final = "VPUB"
_LOST_FIELD: Final = "TrangThaiHoSo"
_EXTRA_FIELD: Final = "GhiChuNoiBo"


@dataclass(frozen=True)
class _SpoiltLine:
    """A line after spoiling; ``place`` counts from the first line of its run of days, ``source_row`` inside its file."""

    place: int
    day: int
    source_row: int
    line: str
    kinds: Sequence[Defect]
    expected: Sequence[Expected]
    event_time: datetime | None


def send_daily_files(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Send the files of every day from 1 January 2023 to 24 January 2024; ``dirt`` is the share of spoilt records."""
    repealed = world.procedures.filter(pl.col("is_repealed"))["procedure_code"].to_list()
    writer = _Writer(world, make_defects(repealed), seed, scale, dirt)
    for first, last in _months():
        for day in writer.write(first, last):
            event, days_later = EVENTS.get(_date(day.day), (None, 0)) if dirt else (None, 0)
            for sending in day.sendings(event, days_later):
                landing.send(sending)
        landing.wait()


def dossiers_told(world: World, seed: int, scale: float, dirt: float) -> Ints:
    """The dossiers of which some record is sent as it is, so that every sound judge comes to know them."""
    repealed = world.procedures.filter(pl.col("is_repealed"))["procedure_code"].to_list()
    spoilt = choose(world.records, world.dossiers, make_defects(repealed), seed, scale, dirt)
    is_clean = np.ones(len(world.records), dtype=bool)
    is_clean[spoilt.record] = False
    return np.unique(world.records.dossier[is_clean])


def _months() -> list[tuple[int, int]]:
    """Half-open ranges of days, one per month: as much as is held in memory at once."""
    starts = [day for day in range(FILE_DAYS) if _date(day).day == 1]
    return list(zip(starts, [*starts[1:], FILE_DAYS], strict=True))


def _date(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


class _Writer:
    """Writes runs of days: spelled lines, some of them spoilt, and the truth about each."""

    def __init__(self, world: World, defects: Sequence[Defect], seed: int, scale: float, dirt: float) -> None:
        self._world = world
        self._defects = defects
        self._seed = seed
        self._spoilt: Spoilt = choose(world.records, world.dossiers, defects, seed, scale, dirt)
        self._lines: Lines = lay_out(world.records, self._spoilt, defects, seed)
        self._speller = Speller(world, seed)
        self._edges = np.searchsorted(self._lines.day, np.arange(FILE_DAYS + 1)).tolist()

    def write(self, first: int, last: int) -> Iterator[_DayFile]:
        """The right files of the days from ``first`` to before ``last``."""
        part = slice(self._edges[first], self._edges[last])
        written = self._speller.spell(self._lines, part)
        position = _positions(self._lines.day[part])
        spoilt = self._spoil(written, position, part.start)
        truth = _judged(true_states(self._world, self._lines, part), position, spoilt)
        findings = _findings(spoilt)
        if spoilt:
            written = written.scatter([one.place for one in spoilt], [one.line for one in spoilt])
        for day in range(first, last):
            rows = slice(self._edges[day] - part.start, self._edges[day + 1] - part.start)
            yield _DayFile(day, written[rows], truth[rows], findings.filter(pl.col("day") == day).drop("day"))

    def _spoil(self, written: pl.Series, position: Ints, start: int) -> list[_SpoiltLine]:
        choice = self._lines.spoilt[start : start + len(written)]
        places = np.flatnonzero(choice >= 0)
        spoilt = []
        for place, line in zip(places.tolist(), written.gather(places), strict=True):
            index = start + place
            kinds = [self._defects[kind] for kind in self._spoilt.defects[choice[place]] if kind >= 0]
            is_twin = self._lines.role[index] == Role.TWIN.value
            record: Record = json.loads(line)
            _apply(record, kinds, is_twin=is_twin, seed=f"{self._seed} {self._lines.record[index]}")
            spoilt.append(
                _SpoiltLine(
                    place=place,
                    day=int(self._lines.day[index]),
                    source_row=int(position[place]),
                    line=_dumped(record),
                    kinds=kinds,
                    expected=[one for kind in kinds for one in (kind.twin_expected if is_twin else kind.expected)],
                    event_time=event_time_as_read(record),
                )
            )
        return spoilt


def _positions(day: Ints) -> Ints:
    """1-based ordinals inside each day's file."""
    starts = np.searchsorted(day, day, side="left")
    return np.arange(len(day)) - starts + 1


def _apply(record: Record, kinds: Sequence[Defect], *, is_twin: bool, seed: str) -> None:
    rng = random.Random(seed)
    for kind in kinds:
        if not is_twin:
            kind.spoil(record, rng)
        elif kind.twin == "other":
            spoil_twin(record, rng)


def _judged(states: pl.DataFrame, position: Ints, spoilt: Sequence[_SpoiltLine]) -> pl.DataFrame:
    """True states with the place and fate of each line; what a judge must blank is null, as it will be accepted."""
    marks = pl.DataFrame(
        [(one.place, fate_of(one.expected), [kind.name for kind in one.kinds], one.event_time) for one in spoilt],
        {"place": pl.Int64, "fate": pl.String, "defects": pl.List(pl.String), "event_time": pl.Datetime("us")},
        orient="row",
    )
    blanked: dict[str, list[int]] = {}
    for one in spoilt:
        for kind in one.kinds:
            if kind.blanked is not None:
                blanked.setdefault(kind.blanked, []).append(one.place)
    return (
        states.with_columns(source_row=pl.Series(position), place=pl.int_range(pl.len()))
        .join(marks, on="place", how="left", maintain_order="left")
        .with_columns(
            pl.col("fate").fill_null("accepted"),
            pl.col("defects").fill_null([]),
            # A clean line is read as it is; a spoilt one may hold another event time, or none.
            updated_at_read=pl.when(pl.col("fate").is_null()).then("updated_at").otherwise("event_time"),
            **{
                column: pl.when(pl.col("place").is_in(places)).then(None).otherwise(column)
                for column, places in blanked.items()
            },
        )
        .drop("place", "event_time")
    )


def _findings(spoilt: Sequence[_SpoiltLine]) -> pl.DataFrame:
    """Expected findings with the ``day`` of their file."""
    return pl.DataFrame(
        [
            (line.day, line.source_row, one.rule_code, one.stage, one.severity)
            for line in spoilt
            for one in line.expected
        ],
        {"day": pl.Int64, "source_row": pl.Int64, "rule_code": pl.String, "stage": pl.String, "severity": pl.String},
        orient="row",
    ).with_columns(source_sheet=pl.lit(None, pl.String))


@dataclass(frozen=True)
class _DayFile:
    """The right file of one day with its truth; makes the sendings of the day."""

    day: int
    lines: pl.Series
    truth: pl.DataFrame
    findings: pl.DataFrame

    def sendings(self, event: FileEvent | None, days_later: int) -> Iterator[Sending]:
        """One sending on a plain day; on others also what went wrong before or came again later."""
        again = self._received(days_later)
        match event:
            case None:
                yield self._whole()
            case FileEvent.LATE:
                yield self._whole(received_at=again, file_defect="late")
            case FileEvent.EXTRA_COLUMN:
                yield self._with_extra_field()
            case FileEvent.RESENT_UNCHANGED:
                yield self._whole()
                yield self._whole(2, again, "resent_unchanged")
            case FileEvent.RESENT_CORRECTED:
                yield self._without_the_last_rows(1, self._received(0))
                yield self._whole(2, self._received(self._before_new_year(days_later)), "resent_corrected")
            case FileEvent.RESENT_A_B_A:
                days_later = self._before_new_year(days_later)
                yield self._whole()
                yield self._without_the_last_rows(2, self._received(days_later // 2))
                yield self._whole(3, self._received(days_later), "resent_a_b_a")
            case _:
                yield self._refused(event)
                yield self._whole(2, again)

    def _before_new_year(self, days_later: int) -> int:
        """A file that leaves rows out says nothing of it. What falls short at New Year's Eve must be explicable, so such
        files of the old year are mended within it."""
        last_day = (date(FIRST_DAY.year, 12, 30) - FIRST_DAY).days
        return min(days_later, last_day - 1 - self.day) if self.day < last_day - 2 else days_later

    def _received(self, days_later: int) -> datetime:
        """Files of a day come at half past one in the night after; what comes again comes in the morning."""
        jitter = timedelta(seconds=self.day * 37 % 600)
        moment = time(8, 30) if days_later else time(1, 30)
        return at(datetime.combine(_date(self.day + 1 + days_later), moment)) + jitter

    def _sending(
        self,
        number: int,
        received_at: datetime,
        content: bytes,
        rows: pl.DataFrame,
        findings: pl.DataFrame,
        file_defect: str | None,
        refusal_code: str | None = None,
    ) -> Sending:
        period = _date(self.day)
        return Sending(
            slot=Slot(_EXTRACT, _SUPPLIER, period.isoformat()),
            file_name=f"hoso_{period:%Y%m%d}{f'_lan{number}' if number > 1 else ''}.json",
            content=content,
            received_at=received_at,
            rows=rows,
            findings=findings,
            rows_read=None if rows.is_empty() else len(rows),
            file_defect=file_defect,
            refusal_code=refusal_code,
        )

    def _whole(self, number: int = 1, received_at: datetime | None = None, file_defect: str | None = None) -> Sending:
        return self._sending(
            number, received_at or self._received(0), _document(self.lines), self.truth, self.findings, file_defect
        )

    def _without_the_last_rows(self, number: int, received_at: datetime) -> Sending:
        kept = max(len(self.lines) - max(len(self.lines) // 20, 1), 1)
        findings = self.findings.filter(pl.col("source_row") <= kept)
        return self._sending(
            number, received_at, _document(self.lines[:kept]), self.truth[:kept], findings, "rows_missing"
        )

    def _with_extra_field(self) -> Sending:
        content = self._rewritten(lambda record: {**record, _EXTRA_FIELD: f"Đã gọi {record['ChuHoSo']}"})
        found = pl.concat([self.findings, _of_file(warn("file.extra_column"))], how="diagonal")
        return self._sending(1, self._received(0), content, self.truth, found, "extra_column")

    def _refused(self, event: FileEvent) -> Sending:
        rows = self.truth.clear()
        match event:
            case FileEvent.TRUNCATED:
                whole = _document(self.lines)
                code, defect, content = "file.unreadable", "truncated", whole[: len(whole) * 3 // 5]
            case FileEvent.WRONG_HEADER:
                content = self._rewritten(
                    lambda record: {f"truong_{n:02d}": value for n, value in enumerate(record.values(), 1)}
                )
                code, defect = "file.header_not_found", "wrong_header"
            case _:
                content = self._rewritten(
                    lambda record: {name: value for name, value in record.items() if name != _LOST_FIELD}
                )
                code, defect, rows = "file.missing_column", "missing_column", self.truth
        rows = rows.with_columns(fate=pl.lit("refused"))
        finding = _of_file(Expected(code, "refuse"))
        return self._sending(1, self._received(0), content, rows, finding, defect, refusal_code=code)

    def _rewritten(self, change: Callable[[Record], Record]) -> bytes:
        return _document(pl.Series([_dumped(change(json.loads(line))) for line in self.lines]))


def _of_file(one: Expected) -> pl.DataFrame:
    """A finding about the file as a whole."""
    cells = {
        "source_sheet": None,
        "source_row": None,
        "rule_code": one.rule_code,
        "stage": one.stage,
        "severity": one.severity,
    }
    return pl.DataFrame([cells], {name: FINDING_SCHEMA[name] for name in cells})


def _dumped(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _document(lines: pl.Series) -> bytes:
    """A JSON array with one record per line."""
    body = lines.str.join(",\n").item()
    return f"[\n{body}\n]\n".encode()
