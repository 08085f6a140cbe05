"""What a release is built from: a set of sendings, the judgements that count, the reference tables, as tables to query.

This is all that the SQL of a release can see of the ledger; which sending counts is decided in `ledger`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp, parse_one
from upath import UPath

from schemas import periods
from schemas.contract import Extract
from schemas.extracts import all_extracts
from schemas.reference import tables
from schemas.rule_set import combined_id, rule_set_of, rules_table
from schemas.rules import Stage
from warehouse import duck
from warehouse.attempts import unjudged
from warehouse.ledger import (
    Receipt,
    Sending,
    counting,
    judgement_folder,
    read_sendings,
    receipts_under,
    recorded_rules,
)
from warehouse.parquet import opened_private
from warehouse.standing import is_corrections
from warehouse.storage import Home

_POSITION: Mapping[str, pl.DataType] = {
    "delivery_id": pl.String(),
    "source_sheet": pl.String(),
    "source_row": pl.Int64(),
}
_FINDING = {**_POSITION, "column_name": pl.String(), "rule_code": pl.String(), "found": pl.String()}
_CHANGE = {**_POSITION, "column_name": pl.String(), "kind": pl.String()}
_SENDING: Mapping[str, Any] = {
    "sending_id": pl.String,
    "delivery_id": pl.String,
    "extract": pl.String,
    "supplier_code": pl.String,
    "period": pl.String,
    "part": pl.String,
    "file_name": pl.String,
    "sha256": pl.String,
    "size_bytes": pl.Int64,
    "received_at": pl.Datetime("us", duck.TIME_ZONE),
    "recorded_at": pl.Datetime("us", duck.TIME_ZONE),
    "origin": pl.String,
}
DOSSIERS = "one_stop_dossier"
"""The one extract with millions of rows a year."""
REGISTERED_MONTH = "registered_month"
_OF_DELIVERY = (
    "supplier_code",
    "period",
    "part",
    "period_first_on",
    "period_last_on",
    "received_at",
    "delivery_no",
)


_UNJUDGED: Mapping[str, Any] = {
    "extract": pl.String,
    "supplier_code": pl.String,
    "period": pl.String,
    "is_parked": pl.Boolean,
}


@dataclass(frozen=True)
class LedgerSlice:
    """The sendings received up to a moment, each with its status and its judgement, and the slots of those without one.

    `sendings` has one row per sending in the order of arrival (received_at, sha256), numbered by `delivery_no`; `unjudged`
    one row per slot of which a file came that judging died of.
    """

    rule_set_id: str
    until: datetime | None
    sendings: pl.DataFrame
    receipts: Mapping[str, Receipt]
    home: Home
    unjudged: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_UNJUDGED))

    def only(self, deliveries: Collection[str]) -> LedgerSlice:
        """The same ledger with nothing in it but some deliveries; each keeps its status and number."""
        return replace(
            self,
            sendings=self.sendings.filter(pl.col("delivery_id").is_in(list(deliveries))),
            receipts={name: receipt for name, receipt in self.receipts.items() if name in deliveries},
        )

    def folder(self, delivery_id: str) -> UPath:
        """The folder of a judgement's files."""
        return judgement_folder(self.home, self.receipts[delivery_id].rule_set_id, delivery_id)

    @property
    def as_of(self) -> datetime | None:
        """The moment the release speaks about: `until`, else the last arrival; None for an empty ledger."""
        if self.until is not None:
            return self.until
        last = self.sendings["received_at"].max()
        return last if isinstance(last, datetime) else None

    @property
    def is_simulated(self) -> bool:
        """Whether any sending in it was made by the simulator."""
        return bool((self.sendings["origin"] == "simulated").any())

    @property
    def identity(self) -> str:
        """SHA-256 (hex) of what the content of a release depends on, besides the SQL."""
        sendings = self.sendings.select("sending_id", "delivery_id", "status").sort("sending_id").rows()
        rule_sets = sorted((delivery, receipt.rule_set_id) for delivery, receipt in self.receipts.items())
        worded = release_rules().rows()
        said = json.dumps(
            [tables.version(), str(self.as_of), sendings, rule_sets, worded, *self.unjudged.rows()], default=str
        )
        return hashlib.sha256(said.encode()).hexdigest()


def take_slice(home: Home, *, until: datetime | None = None) -> LedgerSlice:
    """The ledger as it counts now: what was received by `until`."""
    judged, receipts = counting(home, until)
    return replace(_slice_of(home, until, judged, receipts), unjudged=_unjudged(home, until, receipts))


def _unjudged(home: Home, until: datetime | None, receipts: Mapping[str, Receipt]) -> pl.DataFrame:
    died = {delivery: each for delivery, each in unjudged(home).items() if delivery not in receipts}
    received = {sending.delivery_id for sending in read_sendings(home, until)} if died else set()
    rows = [
        (each.extract, each.supplier_code, each.period, each.is_parked)
        for delivery, each in died.items()
        if delivery in received
    ]
    frame = pl.DataFrame(rows, schema=_UNJUDGED, orient="row")
    slot = ("extract", "supplier_code", "period")
    return frame.group_by(*slot).agg(pl.col("is_parked").all()).sort(*slot)


def slice_of_release(home: Home, record: Mapping[str, Any]) -> LedgerSlice:
    """The ledger as a release has it, whatever came in since.

    record: what its `release.json` says: `until`, `sendings` (id and status), `judgements` (delivery and rule-set).
    """
    until = datetime.fromisoformat(record["until"]) if record["until"] else None
    statuses = {sending["sending_id"]: sending["status"] for sending in record["sendings"]}
    rule_set_of_delivery = {judgement["delivery_id"]: judgement["rule_set_id"] for judgement in record["judgements"]}
    receipts = {
        delivery: receipt
        for rule_set_id in set(rule_set_of_delivery.values())
        for delivery, receipt in receipts_under(home, rule_set_id).items()
        if rule_set_of_delivery.get(delivery) == rule_set_id
    }
    judged, _ = counting(home, until, receipts)
    recorded = [(sending, statuses[sending.sending_id]) for sending, _ in judged if sending.sending_id in statuses]
    died = pl.DataFrame(record.get("unjudged", []), schema=_UNJUDGED)
    return replace(_slice_of(home, until, recorded, receipts), unjudged=died)


def _slice_of(
    home: Home, until: datetime | None, judged: Sequence[tuple[Sending, str]], receipts: Mapping[str, Receipt]
) -> LedgerSlice:
    rows = [{name: getattr(sending, name) for name in _SENDING} | {"status": status} for sending, status in judged]
    used = {sending.delivery_id: receipts[sending.delivery_id] for sending, _ in judged}
    sendings = _numbered(pl.DataFrame(rows, schema={**_SENDING, "status": pl.String}))
    rule_set_id = combined_id(receipt.rule_set_id for receipt in used.values())
    return LedgerSlice(rule_set_id, until, sendings, used, home)


def _numbered(sendings: pl.DataFrame) -> pl.DataFrame:
    spans = [periods.span(period) for period in sendings["period"]]
    return (
        sendings.with_columns(
            pl.Series("period_first_on", [span.first_on for span in spans], dtype=pl.Date),
            pl.Series("period_last_on", [span.last_on for span in spans], dtype=pl.Date),
        )
        .sort("received_at", "sha256", "sending_id")
        .with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("delivery_no"))
    )


@contextmanager
def sources(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str = "memory") -> Iterator[ExitStack]:
    """Make the schemas `ledger` and `reference` that the models read, as views over Parquet where rows are many.

    Sealed files are readable for as long as the block lasts; gives what closes them.
    """
    with ExitStack() as opened:
        _load(con, ledger, catalog, opened)
        yield opened


def load_dossiers(
    con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, opened: ExitStack, months: Collection[str] | None
) -> None:
    """Make in a catalog the views of the dossiers alone: those with one of these months in their code, by default all."""
    duck.create_schema(con, catalog, "ledger")
    _load_extract(con, ledger, catalog, all_extracts()[DOSSIERS], opened, months)


def load_deliveries(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, opened: ExitStack) -> None:
    """Make in a catalog what tells of the deliveries of a ledger: their sendings, receipts, findings and changes."""
    duck.create_schema(con, catalog, "ledger")
    _store(con, f"{catalog}.ledger.sending", ledger.sendings)
    _store(con, f"{catalog}.ledger.receipt", _receipts(ledger.receipts.values()))
    _load_side_files(con, ledger, catalog, opened)


def load_accepted_rows(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, opened: ExitStack) -> None:
    """Make in a catalog the view of the counting rows of a ledger, and those of each extract."""
    duck.create_schema(con, catalog, "ledger")
    extracts = all_extracts().values()
    for extract in extracts:
        _load_extract(con, ledger, catalog, extract, opened)
    _load_accepted_rows(con, catalog, extracts)


def _load(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, opened: ExitStack) -> None:
    duck.create_schema(con, catalog, "ledger")
    duck.create_schema(con, catalog, "reference")
    for name, load in tables.ALL.items():
        _store(con, f"{catalog}.reference.{name}", load())
    extracts = all_extracts().values()
    _store(con, f"{catalog}.ledger.run", _run(ledger))
    _store(con, f"{catalog}.ledger.sending", ledger.sendings)
    _store(con, f"{catalog}.ledger.unjudged", ledger.unjudged)
    _store(con, f"{catalog}.ledger.receipt", _receipts(ledger.receipts.values()))
    _store(con, f"{catalog}.ledger.rule", _rules(ledger))
    _store(con, f"{catalog}.ledger.column_profile", _profiles(ledger.receipts.values()))
    _store(con, f"{catalog}.ledger.slot", _slots(extracts, ledger.as_of))
    _store(con, f"{catalog}.ledger.reference_list", _reference_lists(extracts))
    load_accepted_rows(con, ledger, catalog, opened)
    _load_deleted_rows(con, ledger, catalog)
    _load_keyed_rows(con, ledger, catalog, extracts)
    _load_side_files(con, ledger, catalog, opened)


def _store(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("stored_frame", frame.to_arrow())
    duck.create_table(con, table, exp.select("*").from_("stored_frame"))
    con.unregister("stored_frame")


def _run(ledger: LedgerSlice) -> pl.DataFrame:
    as_of = ledger.as_of
    return pl.DataFrame(
        {
            "as_of": [as_of],
            "as_of_on": [as_of.date() if as_of else None],
            "until": [ledger.until],
            "rule_set_id": [ledger.rule_set_id],
            "is_simulated": [ledger.is_simulated],
        },
        schema={
            "as_of": pl.Datetime("us", duck.TIME_ZONE),
            "as_of_on": pl.Date,
            "until": pl.Datetime("us", duck.TIME_ZONE),
            "rule_set_id": pl.String,
            "is_simulated": pl.Boolean,
        },
    )


_RECEIPT: Mapping[str, Any] = {
    "delivery_id": pl.String,
    "extract": pl.String,
    "rule_set_id": pl.String,
    "status": pl.String,
    "refusal_code": pl.String,
    "refusal_vi": pl.String,
    "refusal_en": pl.String,
    "positions": pl.Int64,
    "rows_set_aside": pl.Int64,
    "rows_read": pl.Int64,
    "rows_accepted": pl.Int64,
    "rows_quarantined": pl.Int64,
    "rows_structural": pl.Int64,
    "size_bytes": pl.Int64,
    "header_fingerprint": pl.String,
}


def _receipts(receipts: Iterable[Receipt]) -> pl.DataFrame:
    rows = [{name: getattr(receipt, name) for name in _RECEIPT} for receipt in receipts]
    return pl.DataFrame(rows, schema=_RECEIPT)


@cache
def release_rules() -> pl.DataFrame:
    """The rules of the release as this code has them, like the SQL that decides them, under the rule-set `release`."""
    rules = pl.concat([rules_table(extract) for extract in all_extracts().values()])
    return rules.filter(pl.col("stage") == Stage.RELEASE.value).select(pl.lit("release").alias("rule_set_id"), pl.all())


def _rules(ledger: LedgerSlice) -> pl.DataFrame:
    """The rules of every rule-set that was judged by, worded as they were then, and those of the release."""
    used = sorted({receipt.rule_set_id for receipt in ledger.receipts.values()})
    recorded = (
        recorded_rules(ledger.home, each).select(pl.lit(each).alias("rule_set_id"), *release_rules().columns[1:])
        for each in used
    )
    return pl.concat([release_rules(), *(rules.filter(pl.col("stage") == Stage.GATE.value) for rules in recorded)])


_PROFILE: Mapping[str, Any] = {
    "delivery_id": pl.String,
    "column_name": pl.String,
    "filled": pl.Int64,
    "distinct": pl.Int64,
    "least": pl.Float64,
    "median": pl.Float64,
    "most": pl.Float64,
}


def _profiles(receipts: Iterable[Receipt]) -> pl.DataFrame:
    """What the columns of each delivery looked like when it was judged."""
    rows = [
        {"delivery_id": receipt.delivery_id, "column_name": name, **figures}
        for receipt in receipts
        for name, figures in receipt.profile.items()
    ]
    return pl.DataFrame(rows, schema=_PROFILE)


def _slots(extracts: Iterable[Extract], as_of: datetime | None) -> pl.DataFrame:
    """Every file owed whose period has begun by `as_of`: due on a day, late after it, missing after the days of grace."""
    rows = [
        {
            "extract": extract.name,
            "supplier_code": supplier,
            "period": period,
            "period_last_on": (last_on := periods.span(period).last_on),
            "due_on": last_on + timedelta(days=extract.days_until_due),
            "missing_after": last_on + timedelta(days=extract.days_until_due + extract.days_of_grace),
        }
        for extract in extracts
        if as_of is not None
        for period in periods.between(
            periods.span(extract.owed_from).first_on,
            as_of.date() + timedelta(days=periods.LONGEST_DAYS),
            extract.cadence,
        )
        if periods.span(period).first_on <= as_of.date()
        for supplier in extract.suppliers
    ]
    return pl.DataFrame(
        rows,
        schema={
            "extract": pl.String,
            "supplier_code": pl.String,
            "period": pl.String,
            "period_last_on": pl.Date,
            "due_on": pl.Date,
            "missing_after": pl.Date,
        },
    )


def _reference_lists(extracts: Iterable[Extract]) -> pl.DataFrame:
    """The extracts that are dated lists of codes, and what may be missing from a list before it is held."""
    rows = [
        {
            "extract": extract.name,
            "most_missing_share": extract.reference_list.most_missing_share,
            "missing_allowed": extract.reference_list.missing_allowed,
        }
        for extract in extracts
        if extract.reference_list is not None
    ]
    return pl.DataFrame(
        rows, schema={"extract": pl.String, "most_missing_share": pl.Float64, "missing_allowed": pl.Int64}
    )


def _load_extract(
    con: duckdb.DuckDBPyConnection,
    ledger: LedgerSlice,
    catalog: str,
    extract: Extract,
    opened: ExitStack,
    months: Collection[str] | None = None,
) -> None:
    sent = ledger.sendings.filter(pl.col("extract") == extract.name)
    counted = sent.filter(pl.col("status") == "accepted")
    replaced = (
        sent.filter(pl.col("status") == "superseded")
        .join(counted, on="delivery_id", how="anti")
        .unique("delivery_id", keep="last", maintain_order=True)
    )
    rows = {**_POSITION, **extract.kept}
    key = {name: extract.kept[name] for name in extract.kept_key}
    wanted: list[tuple[str, pl.DataFrame, str, Mapping[str, pl.DataType]]] = [
        (extract.name, counted, "accepted.parquet", rows),
        (f"superseded_{extract.name}", replaced, "accepted.parquet", rows),
        (f"rejected_{extract.name}", counted, "rejected.parquet", {**_POSITION, **key}),
    ]
    if extract.reference_list is not None:
        # Where the newer list of a day is held, the older one counts with all it said.
        wanted.append((f"rejected_superseded_{extract.name}", replaced, "rejected.parquet", {**_POSITION, **key}))
    for table, deliveries, file_name, layout in wanted:
        files = _present(ledger, deliveries["delivery_id"], file_name, opened)
        may_differ = _is_of_earlier_rules(ledger, extract)
        if files and may_differ:
            files.insert(0, _empty_file(ledger.home, table, layout))
        numbers = f"{catalog}.ledger.delivery_of_{table}"
        _store(con, numbers, deliveries.select("delivery_id", *_OF_DELIVERY))
        query = _rows_with_delivery(con, f"{catalog}.ledger.{table}", numbers, files, layout, may_differ)
        if extract.name == DOSSIERS:
            query = _with_month(query, months)
        is_cut = table == extract.name and extract.tombstone is not None
        duck.create_view(con, f"{catalog}.ledger.{as_sent(extract) if is_cut else table}", query)
    if extract.tombstone is not None:
        _take_out_deleted(con, ledger, catalog, extract)


def as_sent(extract: Extract) -> str:
    """The view over the rows of the deliveries that count as they were sent, deleted ones and tombstones among them."""
    return extract.name if extract.tombstone is None else f"{extract.name}_as_sent"


def _deleting(ledger: LedgerSlice) -> list[Extract]:
    """The extracts of which a delivery that counts may say that something was deleted."""
    counted = ledger.sendings.filter(pl.col("status") == "accepted").select("extract", "delivery_id").rows()
    filled = {
        name
        for name, delivery_id in counted
        if (column := all_extracts()[name].tombstone)
        and ledger.receipts[delivery_id].profile.get(column, {}).get("filled")
    }
    return [extract for name, extract in all_extracts().items() if name in filled]


def _take_out_deleted(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, extract: Extract) -> None:
    """Leave the tombstones out of an extract's rows, and whatever was said of their keys before them."""
    sent = exp.to_table(f"{catalog}.ledger.{as_sent(extract)}")
    if extract not in _deleting(ledger):
        duck.create_view(con, f"{catalog}.ledger.{extract.name}", exp.select("*").from_(sent))
        return
    is_tombstone = exp.func("coalesce", exp.column(extract.tombstone or "", table="sent"), exp.false())
    key = [exp.column(name, table="sent") for name in extract.business_key]
    last = exp.select(*key, exp.func("max", _order(extract)).as_("until")).from_(sent.as_("sent"))
    tombstones = f"{catalog}.ledger.tombstone_of_{extract.name}"
    duck.create_view(con, tombstones, last.where(is_tombstone).group_by(*key))
    same_key = exp.and_(
        *(exp.column(name, table="tombstone").eq(exp.column(name, table="sent")) for name in extract.business_key)
    )
    is_deleted = exp.func(
        "coalesce", exp.LTE(this=_order(extract), expression=exp.column("until", table="tombstone")), exp.false()
    )
    marked = (
        exp.select("sent.*", is_tombstone.as_("is_tombstone"), is_deleted.as_("is_taken_out"))
        .from_(sent.as_("sent"))
        .join(exp.to_table(tombstones).as_("tombstone"), on=same_key, join_type="left")
    )
    marked_rows = f"{catalog}.ledger.{extract.name}_marked"
    duck.create_view(con, marked_rows, marked)
    own = exp.Star(except_=[exp.to_identifier("is_tombstone"), exp.to_identifier("is_taken_out")])
    live = exp.select(own).from_(marked_rows).where(exp.not_(exp.column("is_taken_out")))
    duck.create_view(con, f"{catalog}.ledger.{extract.name}", live)


def _order(extract: Extract) -> exp.Expr:
    """By which of two rows about one thing the later one is known: event time, then sending, then position."""
    places = ["delivery_no", "source_sheet", "source_row"]
    names = [extract.event_time, *places] if extract.event_time else places
    columns = [exp.column(name, table="sent") for name in names]
    return exp.func(
        "row",
        *(
            exp.func("coalesce", each, exp.Literal.string("")) if each.name == "source_sheet" else each
            for each in columns
        ),
    )


def _is_of_earlier_rules(ledger: LedgerSlice, extract: Extract) -> bool:
    current = rule_set_of(extract).id
    return any(each.extract == extract.name and each.rule_set_id != current for each in ledger.receipts.values())


def _empty_file(home: Home, table: str, layout: Mapping[str, pl.DataType]) -> Path:
    """A file of the columns as they are now, without rows: what was judged by earlier rules may lack some of them."""
    file = home.scratch / f"layout-{table}.parquet"
    pl.DataFrame(schema=dict(layout)).write_parquet(file)
    return file


def _rows_with_delivery(
    con: duckdb.DuckDBPyConnection,
    view: str,
    numbers: str,
    files: list[Path],
    layout: Mapping[str, pl.DataType],
    may_differ: bool,
) -> exp.Select:
    of_delivery = [exp.column(name, table="delivery") for name in _OF_DELIVERY]
    return (
        exp.select(*(exp.column(name, table="file") for name in layout), *of_delivery)
        .from_(_files_or_nothing(con, f"{view}_file", files, layout, may_differ=may_differ))
        .join(exp.to_table(numbers).as_("delivery"), using=["delivery_id"])
    )


def _with_month(query: exp.Select, months: Collection[str] | None) -> exp.Select:
    """Add the month that stands in the code of a dossier, `000.00.53.H54-230517-0001`; keep only some months, if named."""
    dated = exp.select("*", _MONTH_IN_CODE).from_(query.subquery("dossier"))
    return dated if months is None else exp.select("*").from_(dated.subquery("dated")).where(_is_one_of(months))


def _is_one_of(months: Collection[str]) -> exp.Expression:
    return exp.column(REGISTERED_MONTH).isin(*sorted(months)) if months else exp.false()


_MONTH_IN_CODE = parse_one(
    "'20' || split_part(dossier_code, '-', 2)[1:2] || '-' || split_part(dossier_code, '-', 2)[3:4]",
    dialect="duckdb",
).as_(REGISTERED_MONTH)


def _load_accepted_rows(con: duckdb.DuckDBPyConnection, catalog: str, extracts: Iterable[Extract]) -> None:
    """One view over the rows of every delivery that counts, deleted ones too, for whatever asks how many there are."""
    of_extracts = (
        exp.select(exp.Literal.string(extract.name).as_("extract"), "delivery_id").from_(
            exp.to_table(f"{catalog}.ledger.{as_sent(extract)}")
        )
        for extract in extracts
    )
    duck.create_view(con, f"{catalog}.ledger.accepted_row", exp.union(*of_extracts, distinct=False))


_DELETED: Mapping[str, pl.DataType] = {
    "extract": pl.String(),
    "delivery_id": pl.String(),
    "is_tombstone": pl.Boolean(),
}


def _load_deleted_rows(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str) -> None:
    """One view over the rows that were taken out because something was deleted, the tombstones among them."""
    queries = [
        exp.select(exp.Literal.string(extract.name).as_("extract"), "delivery_id", "is_tombstone")
        .from_(f"{catalog}.ledger.{extract.name}_marked")
        .where("is_taken_out")
        for extract in _deleting(ledger)
    ]
    _create_union(con, f"{catalog}.ledger.deleted_row", queries, _DELETED)


def _create_union(
    con: duckdb.DuckDBPyConnection, name: str, queries: Sequence[exp.Query], layout: Mapping[str, pl.DataType]
) -> None:
    """One view over several queries of one layout; an empty table where there are none."""
    if not queries:
        _store(con, name, pl.DataFrame(schema=dict(layout)))
    else:
        first, *others = queries
        duck.create_view(con, name, exp.union(first, *others, distinct=False) if others else first)


_KEYED: Mapping[str, pl.DataType] = {
    "extract": pl.String(),
    "delivery_id": pl.String(),
    "supplier_code": pl.String(),
    "period": pl.String(),
    "part": pl.String(),
    "delivery_no": pl.Int32(),
    "key": pl.String(),
    "is_rejected": pl.Boolean(),
}


def _load_keyed_rows(
    con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, extracts: Iterable[Extract]
) -> None:
    """The rows of every extract of which corrections count, accepted and rejected ones, by their key as one text."""
    counted = ledger.sendings.filter(pl.col("status") == "accepted")
    corrected = {extract for extract, part in counted.select("extract", "part").rows() if is_corrections(part)}
    queries = [
        exp.select(
            exp.Literal.string(extract.name).as_("extract"),
            *list(_KEYED)[1:-2],
            exp.func("concat_ws", exp.Literal.string(chr(31)), *map(exp.column, extract.kept_key)).as_("key"),
            (exp.true() if prefix else exp.false()).as_("is_rejected"),
        ).from_(exp.to_table(f"{catalog}.ledger.{prefix}{extract.name}"))
        for extract in extracts
        if extract.name in corrected
        for prefix in ("", "rejected_")
    ]
    _create_union(con, f"{catalog}.ledger.keyed_row", queries, _KEYED)


def _load_side_files(con: duckdb.DuckDBPyConnection, ledger: LedgerSlice, catalog: str, opened: ExitStack) -> None:
    everything = ledger.sendings["delivery_id"].unique(maintain_order=True)
    for table, file_name, layout in (
        ("finding", "findings.parquet", _FINDING),
        ("change", "changes.parquet", _CHANGE),
        ("quarantined_row", "quarantined.parquet", {**_POSITION, "raw": pl.String()}),
    ):
        files = _present(ledger, everything, file_name, opened)
        source = _files_or_nothing(con, f"{catalog}.ledger.{table}_file", files, layout)
        query = exp.select(*(exp.column(name, table="file") for name in layout)).from_(source)
        duck.create_view(con, f"{catalog}.ledger.{table}", query)


def _files_or_nothing(
    con: duckdb.DuckDBPyConnection,
    empty_table: str,
    files: list[Path],
    layout: Mapping[str, pl.DataType],
    *,
    may_differ: bool = False,
) -> exp.Expr:
    if files:
        return duck.parquet_files(files, "file", may_differ=may_differ)
    _store(con, empty_table, pl.DataFrame(schema=dict(layout)))
    return exp.to_table(empty_table).as_("file")


def _present(ledger: LedgerSlice, deliveries: pl.Series, file_name: str, opened: ExitStack) -> list[Path]:
    """The judgements' files of a name; a judgement without such rows has none."""
    files = (
        opened.enter_context(opened_private(ledger.home, ledger.folder(delivery) / file_name))
        for delivery in deliveries
    )
    return [file for file in files if file is not None]
