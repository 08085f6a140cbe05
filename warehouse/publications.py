"""Publications: which release came into use when, and which figures and deliveries were other ones than just before.

Each move of the pointer is one numbered pair of files, never changed or removed: the figures that it changed, then what it
was. A figure that stands through many releases is written once. They depend on what was published, not on the ledger, so
they are no part of a release's content. Moving the pointer belongs to `publishing`, what the tables say to `sql/history`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import orjson
import polars as pl
from upath import UPath

from schemas import periods
from warehouse import duck
from warehouse.impact import extracts_of_figures
from warehouse.ledger import Sending, read_sending, read_sendings
from warehouse.parquet import parquet_bytes
from warehouse.storage import Home, put_bytes

_CATALOG = "memory"
_RELEASE = "release"
_FIGURE: Mapping[str, Any] = {
    "publication_no": pl.Int64,
    "kpi_code": pl.String,
    "period": pl.String,
    "unit_key": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "value": pl.Float64,
    "status": pl.String,
    "is_gone": pl.Boolean,
}
_DELIVERY: Mapping[str, Any] = {
    "publication_no": pl.Int64,
    "delivery_id": pl.String,
    "extract": pl.String,
    "supplier_code": pl.String,
    "period": pl.String,
    "change": pl.String,
}
_PUBLICATION: Mapping[str, Any] = {
    "publication_no": pl.Int64,
    "release_id": pl.String,
    "published_at": pl.Datetime("us", duck.TIME_ZONE),
    "as_of": pl.Datetime("us", duck.TIME_ZONE),
    "replaces_release_id": pl.String,
}


@dataclass(frozen=True)
class DeliveryChange:
    """A delivery that counts otherwise than in the release in use just before.

    change: `arrived`, `replaced`, `withdrawn`, `counts_again`, `judged_again` or `left_out` (not among its sendings).
    """

    delivery_id: str
    extract: str
    supplier_code: str
    period: str
    change: str


@dataclass(frozen=True)
class Publication:
    """A move of the pointer. The number, not the clock, says which came last; the first one replaces nothing."""

    number: int
    release_id: str
    published_at: datetime
    as_of: datetime | None
    replaces: str | None
    deliveries: tuple[DeliveryChange, ...] = ()


def recorded(home: Home, until: datetime | None = None) -> list[Publication]:
    """Every publication written down, of before `until` where given, the last one last."""
    if not home.publications.exists():
        return []
    said = [orjson.loads(file.read_bytes()) for file in home.publications.iterdir() if file.suffix == ".json"]
    publications = sorted((_publication(each) for each in said), key=lambda publication: publication.number)
    return [each for each in publications if until is None or each.published_at <= until]


def next_publication(
    home: Home,
    release_id: str,
    published_at: datetime,
    said: Mapping[str, Any],
    said_before: Mapping[str, Any] | None,
) -> Publication:
    """What it is to publish a release now. `said` and `said_before` are `release.json` of it and of the last publication."""
    before = recorded(home)
    return Publication(
        number=before[-1].number + 1 if before else 1,
        release_id=release_id,
        published_at=published_at,
        as_of=datetime.fromisoformat(said["as_of"]) if said["as_of"] else None,
        replaces=before[-1].release_id if before else None,
        deliveries=tuple(_changes(home, said_before, said)) if said_before else (),
    )


def record(home: Home, publication: Publication, edition: Path) -> None:
    """Write a publication down; `edition` is the release's file that analysts read."""
    with _scratch(home, edition) as con:
        load(con, home)
        figures = _changed_figures(con, publication)
    put_bytes(_file(home, publication.number, "parquet"), parquet_bytes(figures))
    put_bytes(
        _file(home, publication.number, "json"),
        orjson.dumps(asdict(publication), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
    )


def load(
    con: duckdb.DuckDBPyConnection, home: Home, *, until: datetime | None = None, own: Publication | None = None
) -> None:
    """Fill the schema `build` with the publications of before `until`, and `own` as the one after them.

    For `own`, `mart.kpi_scorecard` is read as the figures that it publishes.
    """
    publications = recorded(home, until)
    _store(con, "published_figure", pl.DataFrame(schema=_FIGURE))
    for publication in publications:
        _insert_figures(con, pl.read_parquet(_file(home, publication.number, "parquet").read_bytes()))
    if own is not None:
        _insert_figures(con, _changed_figures(con, own))
    told = [*publications, own] if own else publications
    _store(con, "publication", pl.DataFrame([_row(each) for each in told], schema=_PUBLICATION))
    changes = [{"publication_no": each.number, **asdict(change)} for each in told for change in each.deliveries]
    _store(con, "published_delivery", pl.DataFrame(changes, schema=_DELIVERY))
    reads = [{"kpi_code": code, "extract": name} for code, names in extracts_of_figures().items() for name in names]
    _store(con, "kpi_extract", pl.DataFrame(reads, schema={"kpi_code": pl.String, "extract": pl.String}))
    of_figures = [row[0] for row in con.sql("SELECT DISTINCT period FROM build.published_figure").fetchall()]
    ends = [{"period": period, "last_on": periods.span(period).last_on} for period in of_figures]
    _store(con, "figure_period", pl.DataFrame(ends, schema={"period": pl.String, "last_on": pl.Date}))


@dataclass(frozen=True)
class PublishedValue:
    """A value of an indicator as it was published, and the deliveries that changed it since the publication before.

    A figure that a release no longer has `is_gone`.
    """

    period: str
    published_at: datetime
    release_id: str
    numerator: int | None
    denominator: int | None
    value: float | None
    status: str | None
    is_gone: bool
    deliveries: tuple[DeliveryChange, ...]


def values_of(home: Home, kpi_code: str, unit_code: str, period: str | None = None) -> list[PublishedValue]:
    """Every value ever published of an indicator in a unit, by period, the oldest first."""
    with _scratch(home) as con:
        load(con, home)
        rows = con.execute(
            _query("values_of_figure"), {"kpi_code": kpi_code, "unit_code": unit_code, "period": period}
        ).fetchall()
    return [
        PublishedValue(
            **dict(zip(_VALUE, figure, strict=True)),
            deliveries=tuple(DeliveryChange(*row[len(_VALUE) :]) for row in told if row[len(_VALUE)] is not None),
        )
        for figure, told in groupby(rows, key=lambda row: row[: len(_VALUE)])
    ]


_VALUE = tuple(field.name for field in fields(PublishedValue))[:-1]


@contextmanager
def _scratch(home: Home, edition: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duck.connect(spill_into=home.scratch)
    try:
        duck.create_schema(con, _CATALOG, "build")
        schemas = [f"{_CATALOG}.build"]
        if edition is not None:
            duck.attach(con, edition, _RELEASE, read_only=True)
            schemas.append(f"{_RELEASE}.mart")
        con.execute("SET search_path = ?", [",".join(schemas)])
        yield con
    finally:
        con.close()


def _changed_figures(con: duckdb.DuckDBPyConnection, publication: Publication) -> pl.DataFrame:
    """The figures of `mart.kpi_scorecard` that are not as they stand in what is loaded, and those that are gone."""
    changed = con.sql(_query("changed_figures")).pl()
    return changed.with_columns(pl.lit(publication.number, pl.Int64).alias("publication_no")).select(*_FIGURE)


def _query(name: str) -> str:
    return files("warehouse").joinpath("sql", "publication", f"{name}.sql").read_text(encoding="utf-8")


def _insert_figures(con: duckdb.DuckDBPyConnection, figures: pl.DataFrame) -> None:
    con.from_arrow(figures.to_arrow()).insert_into(f"{_CATALOG}.build.published_figure")


def _store(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.from_arrow(frame.to_arrow()).create(f"{_CATALOG}.build.{name}")


def _file(home: Home, number: int, kind: str) -> UPath:
    return home.publications / f"{number:06d}.{kind}"


def _row(publication: Publication) -> dict[str, Any]:
    return {
        "publication_no": publication.number,
        "release_id": publication.release_id,
        "published_at": publication.published_at,
        "as_of": publication.as_of,
        "replaces_release_id": publication.replaces,
    }


def _publication(said: Mapping[str, Any]) -> Publication:
    return Publication(
        **{
            **said,
            "published_at": datetime.fromisoformat(said["published_at"]),
            "as_of": datetime.fromisoformat(said["as_of"]) if said["as_of"] else None,
            "deliveries": tuple(DeliveryChange(**change) for change in said["deliveries"]),
        }
    )


def _changes(home: Home, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[DeliveryChange]:
    """What counts otherwise in a release than in the one before, by delivery id."""
    was, now = _statuses(before), _statuses(after)
    rules_were, rules_are = _rule_sets(before), _rule_sets(after)
    judged_again = {each for each in rules_were.keys() & rules_are.keys() if rules_were[each] != rules_are[each]}
    moved = {each for each in was.keys() | now.keys() if was.get(each) != now.get(each)}
    # Few sendings move in a night; when rules changed, any delivery may be concerned.
    sendings = read_sendings(home) if judged_again else [read_sending(home, each) for each in moved]
    by_delivery: dict[str, list[Sending]] = {}
    for sending in sendings:
        if sending.sending_id in moved or sending.delivery_id in judged_again:
            by_delivery.setdefault(sending.delivery_id, []).append(sending)
    for delivery_id, own in sorted(by_delivery.items()):
        change = _change(
            {was[each.sending_id] for each in own if each.sending_id in was},
            {now[each.sending_id] for each in own if each.sending_id in now},
            was_known=delivery_id in rules_were,
            is_judged_again=delivery_id in judged_again,
        )
        if change is not None:
            yield DeliveryChange(delivery_id, own[0].extract, own[0].supplier_code, own[0].period, change)


def _change(was: set[str], now: set[str], *, was_known: bool, is_judged_again: bool) -> str | None:
    """What became of a delivery, from the statuses of its sendings before and after; None where nothing that counts."""
    counted, counts = "accepted" in was, "accepted" in now
    if counted and counts:
        return "judged_again" if is_judged_again else None
    if counts:
        return "counts_again" if was_known else "arrived"
    if not counted:
        return None
    if not now:
        return "left_out"
    return "withdrawn" if "withdrawn" in now else "replaced"


def _statuses(said: Mapping[str, Any]) -> dict[str, str]:
    return {sending["sending_id"]: sending["status"] for sending in said["sendings"]}


def _rule_sets(said: Mapping[str, Any]) -> dict[str, str]:
    return {judgement["delivery_id"]: judgement["rule_set_id"] for judgement in said["judgements"]}
