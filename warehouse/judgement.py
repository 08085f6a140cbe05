"""A judgement: the rows of one or more deliveries of an extract split into accepted and quarantined, with reasons.

One evaluation decides both sides: rows are split by the failures of a single pandera run, never by two filters. Small
deliveries are judged together, because a hundred checks cost the same on six thousand rows as on fifty thousand; what
comes out for each is what would come out for it alone. Which deliveries are judged, and when, belongs to `judging`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from schemas.contract import Extract
from schemas.extracts import all_extracts
from schemas.pandera_model import failures_of_each
from schemas.parsing import CHANGE, POSITION, TEXT, duplicate_flags, flagged, key_hashes, parse
from schemas.periods import span
from schemas.rule_set import rule_set_of
from schemas.rules import Severity
from warehouse import archive, broken_lines, duck, headers, tokens
from warehouse.keys import TokenKey
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, judgement_folder, write_receipt
from warehouse.parquet import BatchWriter
from warehouse.profiling import Profile
from warehouse.readers import opening
from warehouse.readers.reading import EXTRA, Reading, Refusal, ahead
from warehouse.storage import Home
from warehouse.totals import SummedRows

BATCH_ROWS = 65_536
_HELD_BYTES = 384 << 20
_ENGINE_MEMORY = "400MB"
_PRIVATE = frozenset({"identifiers", "quarantined", "extra"})
_FILES = ("accepted", "identifiers", "rejected", "quarantined", "findings", "changes", "extra")
FINDING = {
    "delivery_id": pl.String(),
    "source_sheet": pl.String(),
    "source_row": pl.Int64(),
    "column_name": pl.String(),
    "rule_code": pl.String(),
    "found": pl.String(),
}
"""Columns of `findings.parquet`."""


def judge_together(
    home: Home, sendings: Sequence[Sending], key: TokenKey, *, threads: int | None = None
) -> list[Receipt]:
    """Judge deliveries of one extract (of one period, where units come by name); write their files and, last, receipts.

    The result depends on the archived bytes, the contract and the packaged lists alone, never on what else has arrived.
    """
    with ExitStack() as stack:
        con = stack.enter_context(_engine(home.scratch, threads).cursor())
        paths = [stack.enter_context(archive.opened_local(home, sending.sha256)) for sending in sendings]
        # With one thread for each, as many processes as cores share what may be held.
        room_bytes = _HELD_BYTES if threads is None else _HELD_BYTES * threads // (os.cpu_count() or 1)
        receipts = _Bench(home, sendings, key, con).judged(paths, room_bytes)
    for receipt in receipts:
        write_receipt(home, receipt)
    return receipts


@lru_cache(maxsize=1)
def _engine(scratch: Path, threads: int | None) -> duckdb.DuckDBPyConnection:
    """One in-memory DuckDB per process: opening one takes as long as reading a small file. Rows come in file order."""
    con = duck.connect(memory_limit=_ENGINE_MEMORY, threads=threads, spill_into=scratch / "duckdb")
    con.execute("SET preserve_insertion_order = true")
    return con


@dataclass
class _Case:
    """One delivery on the bench: what was read, what is counted, where it is written."""

    sending: Sending
    writers: Mapping[str, BatchWriter]
    reading: Reading | None = None
    refusal: Refusal | None = None
    rows: Counter[str] = field(default_factory=Counter)
    rule_rows: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    summed: SummedRows | None = None
    columns: set[str] = field(default_factory=set)
    profile: Profile | None = None


@dataclass(frozen=True)
class _Split:
    """A batch and its two sides, what was found in it and what was rewritten in the accepted rows."""

    parsed: pl.DataFrame
    accepted: pl.DataFrame
    rejected: pl.DataFrame
    findings: pl.DataFrame
    changes: pl.DataFrame


class _Bench:
    """Deliveries of one extract being judged together; a row's `delivery` is its case's number."""

    def __init__(self, home: Home, sendings: Sequence[Sending], key: TokenKey, con: duckdb.DuckDBPyConnection) -> None:
        self.home = home
        self.extract = all_extracts()[sendings[0].extract]
        self.key = key
        self.con = con
        self.rule_set_id = rule_set_of(self.extract).id
        self.cases = [_Case(sending, self._writers(sending)) for sending in sendings]

    def _writers(self, sending: Sending) -> dict[str, BatchWriter]:
        folder = judgement_folder(self.home, self.rule_set_id, sending.delivery_id)
        return {name: BatchWriter(self.home, folder / f"{name}.parquet", private=name in _PRIVATE) for name in _FILES}

    def judged(self, paths: Sequence[Path], room_bytes: int) -> list[Receipt]:
        """Read, judge and write everything but the receipts, which are returned in the order of the deliveries."""
        held = _Held(self.home, self.extract, room_bytes)
        hashes: list[pl.DataFrame] = []
        for batch in ahead(self._parsed(ahead(_in_batches(self._texts(paths))))):
            hashes.append(key_hashes(batch, self.extract))
            held.append(batch)
        if hashes:
            splits = ahead(self._splits(held, duplicate_flags(pl.concat(hashes))))
            for split in ahead(map(self._with_tokens, splits)):
                self._record(split)
        return [self._closed(case) for case in self.cases]

    def _texts(self, paths: Sequence[Path]) -> Iterator[pl.DataFrame]:
        """The rows of every readable delivery, one delivery after the other; a refusal is noted in its case."""
        means = opening.Means(self.con, BATCH_ROWS, self.home.scratch)
        for number, (case, path) in enumerate(zip(self.cases, paths, strict=True)):
            try:
                case.reading = opening.read(path, case.sending.file_name, self.extract, means)
                rows = 0
                for texts in case.reading.batches:
                    rows += texts.height
                    case.columns.update(texts.columns)
                    yield self._numbered(texts, number, case.sending.period)
                if not rows:
                    raise Refusal("file.empty", "0")
                case.profile = Profile(self.extract, rows)
            except Refusal as refusal:
                case.refusal = refusal

    def _numbered(self, texts: pl.DataFrame, number: int, period: str) -> pl.DataFrame:
        """Texts of one delivery in the layout of the bench: every declared column, and unknown ones together as JSON."""
        extras = [pl.col(name).alias(name.removeprefix(EXTRA)) for name in texts.columns if name.startswith(EXTRA)]
        return texts.select(
            pl.lit(number, pl.UInt32).alias("delivery"),
            *POSITION,
            pl.lit(span(period).last_on).alias("period_last_on"),
            *(
                pl.col(column.name) if column.name in texts.columns else pl.lit(None, pl.String).alias(column.name)
                for column in self.extract.columns
            ),
            (pl.struct(extras).struct.json_encode() if extras else pl.lit(None, pl.String)).alias("extra"),
            *(name for name in texts.columns if name.startswith(CHANGE)),
        )

    def _parsed(self, batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for texts in batches:
            yield parse(texts, self.extract).with_columns(texts["extra"])

    def _splits(self, batches: Iterable[pl.DataFrame], flags: pl.DataFrame) -> Iterator[_Split]:
        """Every batch, with the flags of its rows, judged once; the failures decide both sides."""
        quarantining = [r.code for r in self.extract.rules if r.severity is Severity.QUARANTINE]
        for parsed, broken in failures_of_each(self.extract, flagged(batches, flags)):
            rejected_at = broken.filter(pl.col("rule_code").is_in(quarantining))["at"].unique()
            is_rejected = pl.int_range(parsed.height, dtype=pl.UInt32, eager=True).is_in(rejected_at.implode())
            accepted = self._blanked(parsed, broken).filter(~is_rejected)
            rejected = parsed.filter(is_rejected)
            yield _Split(parsed, accepted, rejected, self._findings(parsed, broken), self._changes(accepted))

    def _with_tokens(self, split: _Split) -> _Split:
        tokenised = {column.token: column.name for column in self.extract.identifiers if column.token}
        of_key = {token: name for token, name in tokenised.items() if token in self.extract.kept_key}
        accepted, rejected = (
            rows.with_columns(tokens.tokens_of(rows[name], self.key).alias(token) for token, name in wanted.items())
            for rows, wanted in ((split.accepted, tokenised), (split.rejected, of_key))
        )
        return replace(split, accepted=accepted, rejected=rejected)

    def _record(self, split: _Split) -> None:
        """Count and write both sides of a batch."""
        accepted, rejected = split.accepted, split.rejected
        self._count(split)
        self._add_up(split.parsed)
        self._look_at(split.parsed)
        for name, frame in (
            ("accepted", _placed(accepted, *self.extract.kept)),
            ("identifiers", self._identifiers(accepted)),
            ("rejected", _placed(rejected, *self.extract.kept_key)),
            ("quarantined", self._raw(rejected)),
            ("findings", split.findings),
            ("changes", split.changes),
            ("extra", _placed(accepted.filter(pl.col("extra").is_not_null()), pl.col("extra").alias("_extra"))),
        ):
            self._write(name, frame)

    def _look_at(self, parsed: pl.DataFrame) -> None:
        """Each delivery's rows into its profile; they stand together and in the order of their file."""
        at = 0
        for number, rows in parsed.select(pl.col("delivery").rle().struct.unnest()).select("value", "len").iter_rows():
            if profile := self.cases[number].profile:
                profile.add(parsed.slice(at, rows))
            at += rows

    def _blanked(self, parsed: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
        """Values of blank severity emptied where their rule failed; those that could not be read are empty already."""
        rules = self.extract.rule_by_code
        emptied: dict[str, pl.Expr] = {}
        for (code,), failed in broken.group_by("rule_code"):
            rule = rules[str(code)]
            if rule.severity is Severity.BLANK and rule.column:
                hit = pl.int_range(pl.len(), dtype=pl.UInt32).is_in(failed["at"].implode())
                emptied[rule.column] = pl.when(~hit).then(emptied.get(rule.column, pl.col(rule.column)))
        return parsed.with_columns(**emptied)

    def _identifiers(self, accepted: pl.DataFrame) -> pl.DataFrame:
        names = [column.name for column in self.extract.identifiers]
        if not names:
            return pl.DataFrame()
        present = accepted.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))
        return _placed(present, *names)

    def _raw(self, rejected: pl.DataFrame) -> pl.DataFrame:
        cells = [pl.col(TEXT + column.name).alias(column.name) for column in self.extract.columns]
        return _placed(rejected, pl.struct(*cells, "extra").struct.json_encode().alias("raw"))

    def _findings(self, parsed: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
        """One row per broken rule, with what was found as far as it may be shown."""
        rules = self.extract.rule_by_code
        frames = []
        for (code,), failed in broken.group_by("rule_code", maintain_order=True):
            column = rules[str(code)].column
            found = broken_lines.shown(self.extract, column) if column else pl.lit(None, pl.String)
            frames.append(
                _placed(
                    parsed[failed["at"]],
                    pl.lit(column, pl.String).alias("column_name"),
                    pl.lit(code, pl.String).alias("rule_code"),
                    found.alias("found"),
                )
            )
        return pl.concat(frames) if frames else pl.DataFrame()

    def _changes(self, accepted: pl.DataFrame) -> pl.DataFrame:
        """One row per value that was rewritten on the way in."""
        frames = []
        for name in [name for name in accepted.columns if name.startswith(CHANGE)]:
            changed = accepted.filter(pl.col(name))
            if changed.height:
                column, kind = name.removeprefix(CHANGE).split(":")
                frames.append(_placed(changed, pl.lit(column).alias("column_name"), pl.lit(kind).alias("kind")))
        return pl.concat(frames) if frames else pl.DataFrame()

    def _count(self, split: _Split) -> None:
        findings, changes = split.findings, split.changes
        for name, frame in (("accepted", split.accepted), ("quarantined", split.rejected)):
            for number, rows in frame.group_by("delivery").len().iter_rows():
                self.cases[number].rows[name] += rows
        if findings.height:
            for number, code, rows in findings.group_by("delivery", "rule_code").len().iter_rows():
                self.cases[number].rule_rows[code] += rows
        if changes.height:
            for number, column, kind, rows in changes.group_by("delivery", "column_name", "kind").len().iter_rows():
                self.cases[number].changes[f"{column}:{kind}"] += rows

    def _add_up(self, parsed: pl.DataFrame) -> None:
        """Keep of every row what total rows are held against, where there are any."""
        types = {name: self.extract.column(name).type for name in self.extract.layout.summed}
        if not types or not any(case.reading and case.reading.totals for case in self.cases):
            return
        for (number,), rows in parsed.group_by("delivery", maintain_order=True):
            case = self.cases[int(str(number))]
            case.summed = case.summed or SummedRows(types)
            case.summed.add(rows)

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        for (number,), rows in frame.partition_by("delivery", as_dict=True, include_key=False).items():
            case = self.cases[number]
            case.writers[name].write(rows.select(pl.lit(case.sending.delivery_id).alias("delivery_id"), pl.all()))

    def _closed(self, case: _Case) -> Receipt:
        """Findings about the file as a whole, files put in place, the receipt made out."""
        if case.refusal is not None or case.reading is None:
            return self._refused(case, case.refusal or Refusal("file.empty", "0"))
        self._about_the_file(case, case.reading)
        for writer in case.writers.values():
            writer.finish()
        return self._accepted(case, case.reading)

    def _about_the_file(self, case: _Case, reading: Reading) -> None:
        """Findings that belong to no data row: unknown columns, broken lines, totals that do not add up."""
        rows: list[tuple[str | None, int | None, str | None, str, str | None]] = []
        if reading.extra_titles:
            lacking = [column.name for column in self.extract.columns if column.name not in case.columns]
            said = headers.with_likely(reading.extra_titles, lacking, self.extract)
            rows.append((None, None, None, "file.extra_column", said))
        rows.extend(broken_lines.findings(reading.broken, self.extract, case.sending.period))
        if case.summed:
            rows.extend(
                (total.sheet, total.row, None, "total.mismatch", found)
                for total, found in case.summed.mismatches(reading.totals, reading.broken)
            )
        if not rows:
            return
        # A line with several faults of one kind breaks the rule once.
        case.rule_rows.update(code for _, _, code in {(sheet, row, code) for sheet, row, _, code, _ in rows})
        columns = ("source_sheet", "source_row", "column_name", "rule_code", "found")
        frame = pl.DataFrame(rows, schema={name: FINDING[name] for name in columns}, orient="row")
        case.writers["findings"].write(frame.select(pl.lit(case.sending.delivery_id).alias("delivery_id"), *columns))

    def _receipt(self, sending: Sending, status: str, **rest: object) -> Receipt:
        return Receipt(
            delivery_id=sending.delivery_id,
            extract=sending.extract,
            supplier_code=sending.supplier_code,
            period=sending.period,
            part=sending.part,
            sha256=sending.sha256,
            rule_set_id=self.rule_set_id,
            status=status,
            size_bytes=sending.size_bytes,
            recorded_at=datetime.now(LOCAL_TIME),
            key_id=self.key.id,
            **rest,  # type: ignore[arg-type]
        )

    def _accepted(self, case: _Case, reading: Reading) -> Receipt:
        structural = len(reading.broken)
        set_aside = reading.set_aside.total()
        rows_read = case.rows.total() + structural
        return self._receipt(
            case.sending,
            "accepted",
            refusal_code=None,
            refusal_vi=None,
            refusal_en=None,
            positions=set_aside + rows_read,
            rows_set_aside=set_aside,
            set_aside_kinds=dict(sorted(reading.set_aside.items())),
            rows_read=rows_read,
            rows_accepted=case.rows["accepted"],
            rows_quarantined=case.rows["quarantined"],
            rows_structural=structural,
            rule_rows=dict(sorted(case.rule_rows.items())),
            changes=dict(sorted(case.changes.items())),
            found_as=reading.found_as,
            profile=case.profile.figures() if case.profile else {},
            files={name: writer.rows for name, writer in case.writers.items() if writer.rows},
        )

    def _refused(self, case: _Case, refusal: Refusal) -> Receipt:
        rule = self.extract.rule_by_code[refusal.code]
        return self._receipt(
            case.sending,
            "refused",
            refusal_code=refusal.code,
            refusal_vi=rule.message.vi.replace("{found}", refusal.found),
            refusal_en=rule.message.en.replace("{found}", refusal.found),
            positions=None if refusal.rows is None else refusal.rows + refusal.set_aside,
            rows_set_aside=None if refusal.rows is None else refusal.set_aside,
            set_aside_kinds={},
            rows_read=refusal.rows,
            rows_accepted=0,
            rows_quarantined=0,
            rows_structural=refusal.rows,
            rule_rows={refusal.code: 1},
            changes={},
        )


def _placed(rows: pl.DataFrame, *columns: str | pl.Expr) -> pl.DataFrame:
    """Columns with the delivery and the position of their rows."""
    return rows.select("delivery", *POSITION, *columns)


def _in_batches(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Frames joined until there are enough rows to be worth a pass; some have notes on changes that others lack."""
    waiting: list[pl.DataFrame] = []
    rows = 0
    for frame in frames:
        waiting.append(frame)
        rows += frame.height
        if rows >= BATCH_ROWS:
            yield pl.concat(waiting, how="diagonal")
            waiting, rows = [], 0
    if waiting:
        yield pl.concat(waiting, how="diagonal")


class _Held:
    """Parsed batches between reading and judging: in memory while they are few, else in a scratch file each."""

    def __init__(self, home: Home, extract: Extract, room_bytes: int) -> None:
        self._home = home
        # Where any text is a value, the value is the text: it is held once.
        self._twins = {
            column.name: TEXT + column.name for column in extract.columns if not column.type.can_be_unreadable
        }
        self._room_bytes = room_bytes
        self._batches: list[pl.DataFrame | Path] = []
        self._bytes = 0

    def append(self, batch: pl.DataFrame) -> None:
        """Keep a batch."""
        batch = batch.drop(self._twins)
        self._bytes += int(batch.estimated_size())
        if self._bytes <= self._room_bytes:
            self._batches.append(batch)
            return
        file = self._home.scratch / f"batch-{os.getpid()}-{id(self)}-{len(self._batches)}.arrow"
        batch.write_ipc(file, compression="lz4")
        self._batches.append(file)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Each batch once, in order, forgotten as it is given back."""
        values = [pl.col(text).alias(name) for name, text in self._twins.items()]
        for at, held in enumerate(self._batches):
            if isinstance(held, Path):
                yield pl.read_ipc(held).with_columns(values)
                held.unlink()
            else:
                self._batches[at] = pl.DataFrame()
                yield held.with_columns(values)
