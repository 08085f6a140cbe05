"""Every indicator at every grain and period, counted again by Polars from the accepted rows of the ledger.

What belongs here: the definitions of the indicators, written a second time, apart from the SQL and from its tables. What does
not: anything a release holds. Units are told apart by code alone, which is enough for a year without mergers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from schemas import periods
from schemas.extracts import all_extracts
from schemas.reference import tables
from warehouse.ledger import counting, judgement_folder
from warehouse.storage import Home

PROVINCE = "34"
ESSENTIAL_SERVICES = 53
MEMBER = ["period", "grain", "member"]

_DAYS = ["2023", *(f"2023-{month:02}" for month in range(1, 13)), "2024", "2024-01"]


class Rows:
    """The rows of the deliveries that count, one frame for each extract, later sendings with higher numbers."""

    def __init__(self, home: Home) -> None:
        judged, self._receipts = counting(home)
        accepted = [sending for sending, status in judged if status == "accepted"]
        self._sendings = sorted(accepted, key=lambda each: (each.received_at, each.sha256))
        self._home = home

    def of(self, extract: str, *, file: str = "accepted") -> pl.DataFrame:
        """Rows with `period`, its first and last day, and `sending_no`."""
        return pl.concat(list(self._frames(extract, file)), how="diagonal_relaxed")

    def newest(self, extract: str, key: Sequence[str], *, by: Sequence[str] = ()) -> pl.DataFrame:
        """One row of each key: the last by event time if there is one, then by sending and position."""
        order = [*by, "sending_no", "source_sheet", "source_row"]
        return self.of(extract).sort(order, nulls_last=False).unique(key, keep="last", maintain_order=True)

    def _frames(self, extract: str, file: str) -> Iterator[pl.DataFrame]:
        contract = all_extracts()[extract]
        place = {"source_sheet": pl.String, "source_row": pl.Int64, "period": pl.String, "first_on": pl.Date}
        yield pl.DataFrame(schema={**contract.kept, **place, "last_on": pl.Date, "sending_no": pl.Int32})
        for number, sending in enumerate(self._sendings):
            receipt = self._receipts[sending.delivery_id]
            rows = Path(str(judgement_folder(self._home, receipt.rule_set_id, sending.delivery_id))) / f"{file}.parquet"
            if sending.extract == extract and rows.exists():
                span = periods.span(sending.period)
                yield pl.read_parquet(rows).with_columns(
                    period=pl.lit(sending.period),
                    first_on=pl.lit(span.first_on),
                    last_on=pl.lit(span.last_on),
                    sending_no=pl.lit(number),
                )


def figures(home: Home) -> pl.DataFrame:
    """kpi_code, period, grain (unit, agency, service), member, numerator, denominator."""
    rows = Rows(home)
    lists = _procedures(rows)
    dossiers = _dossiers(rows, lists)
    counted = pl.concat(
        [
            *_dossier_figures(dossiers),
            _services(lists, dossiers),
            *_identity(rows),
            *_infrastructure(rows),
            _work_files(rows),
            *_satisfaction(rows, dossiers),
            *_benefits(rows),
            *_databases(rows),
            _portal(rows, dossiers),
            _population(rows),
        ]
    )
    return pl.concat([counted, _points(counted)])


def _of_period(day: str) -> pl.Expr:
    """The month and the year of a day."""
    return pl.concat_list(pl.col(day).dt.strftime("%Y-%m"), pl.col(day).dt.strftime("%Y"))


def _units() -> pl.DataFrame:
    """Each unit of the year with all units it lies in."""
    unit = tables.administrative_unit().filter(
        (pl.col("valid_from") < pl.date(2023, 6, 1)) & (pl.col("province_code") == PROVINCE)
    )
    parent = pl.when(pl.col("level") == "commune").then("parent_code")
    return unit.select(
        "unit_code",
        "level",
        member=pl.concat_list(parent, "unit_code", pl.lit(PROVINCE)).list.drop_nulls().list.unique(),
    )


def _in_units(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of units, once for each unit they lie in."""
    return frame.join(_units().drop("level"), on="unit_code").explode("member").with_columns(grain=pl.lit("unit"))


def _in_agencies(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(member=pl.col("agency_code"), grain=pl.lit("agency"))


def _in_services(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of procedures, once for the procedure and once for its essential service."""
    essential = pl.lit("TY") + pl.col("service_no").cast(pl.String).str.zfill(2)
    codes = pl.concat_list("procedure_code", essential).list.drop_nulls()
    return frame.with_columns(member=codes, grain=pl.lit("service")).explode("member")


def _everywhere(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([_in_units(frame), _in_agencies(frame), _in_services(frame)], how="diagonal_relaxed")


def _summed(frame: pl.DataFrame, code: str, above: pl.Expr, below: pl.Expr | None = None) -> pl.DataFrame:
    """Numerator and denominator of an indicator over the rows of each period and member."""
    return (
        frame.group_by(MEMBER)
        .agg(
            kpi_code=pl.lit(code).first(),
            numerator=above.sum().cast(pl.Int64),
            denominator=pl.lit(None, pl.Int64).first() if below is None else below.sum().cast(pl.Int64),
        )
        .select("kpi_code", *MEMBER, "numerator", "denominator")
    )


def _procedures(rows: Rows) -> pl.DataFrame:
    """What each list says is in force from its day on; a row that could not be read leaves what was known before."""
    listed, unread = rows.of("procedure_catalogue"), rows.of("procedure_catalogue", file="rejected")
    service = tables.essential_service().group_by("procedure_code").agg(service_no=pl.col("service_no").min())
    known = listed.head(0)
    found = []
    for day in sorted(listed["first_on"].unique()):
        now = listed.filter(pl.col("first_on") == day)
        missed = unread.filter(pl.col("first_on") == day)["procedure_code"].drop_nulls()
        kept = known.filter(pl.col("procedure_code").is_in(missed.implode())).join(now, on="procedure_code", how="anti")
        known = pl.concat([now, kept.with_columns(first_on=pl.lit(day))])
        found.append(known)
    return (
        pl.concat(found)
        .select("procedure_code", "service_level", "full_process_eligible", list_on="first_on")
        .join(service, on="procedure_code", how="left")
    )


def _dossiers(rows: Rows, lists: pl.DataFrame) -> pl.DataFrame:
    """Dossiers in their latest state of which procedure, agency and commune are known on the day."""
    said = rows.of("one_stop_dossier").with_columns(on_date=pl.coalesce("received_on", pl.col("updated_at").dt.date()))
    days = lists.select("list_on").unique().sort("list_on")
    said = said.sort("on_date").join_asof(days, left_on="on_date", right_on="list_on")
    said = said.join(lists, on=["procedure_code", "list_on"], how="left")
    is_sound = pl.col("service_level").is_not_null()
    for column, table in (("agency_code", tables.agency()), ("unit_code", tables.administrative_unit())):
        valid = table.filter(
            pl.lit("level" not in table.columns) | (pl.col("level") == "commune") | (column != "unit_code")
        )
        valid = valid.select(column, "valid_from", "valid_to").unique([column, "valid_from"])
        ends = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
        there = said.join(valid, on=column).filter(
            (pl.col("valid_from") <= pl.col("on_date")) & (ends > pl.col("on_date"))
        )
        said = said.join(
            there.select("sending_no", "source_row").with_columns(pl.lit(True).alias(f"{column} known")),
            on=["sending_no", "source_row"],
            how="left",
        )
        is_sound &= pl.col(f"{column} known").is_not_null()
    rejected = pl.concat(
        [
            rows.of("one_stop_dossier", file="rejected").select("dossier_code", "updated_at"),
            said.filter(~is_sound).select("dossier_code", "updated_at"),
        ]
    )
    newest_rejected = rejected.drop_nulls().group_by("dossier_code").agg(rejected_at=pl.col("updated_at").max())
    papers = rows.newest("dossier_digitisation", ["dossier_code", "paper_no"], by=["recorded_at"])
    reusing = papers.filter("is_reused").select("dossier_code", reuses=pl.lit(True)).unique()
    state = (
        said.filter(is_sound)
        .sort("updated_at", "sending_no", "source_row")
        .unique("dossier_code", keep="last")
        .join(newest_rejected, on="dossier_code", how="left")
        .join(reusing, on="dossier_code", how="left")
    )
    is_resolved = pl.col("status_code").is_in([9, 10])
    withdrawn_on = pl.max_horizontal(
        "received_on", pl.coalesce("finished_on", "returned_on", pl.col("updated_at").dt.date())
    )
    return state.with_columns(
        is_received=pl.col("received_on").is_not_null() & ~pl.col("status_code").is_in([1, 3]),
        is_resolved=is_resolved,
        is_online=pl.col("channel_code") == 2,
        is_essential=pl.col("service_no").is_not_null(),
        closed_on=pl.when(is_resolved).then("finished_on").when(pl.col("status_code") == 7).then(withdrawn_on),
        is_older=(pl.col("rejected_at") > pl.col("updated_at")).fill_null(value=False),
        reuses=pl.col("reuses").fill_null(value=False),
    )


def _dossier_figures(dossiers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The measures of one-stop operations, each by its own words, period by period."""
    saving = dict(tables.parameter().select("name", "amount").iter_rows())["saving_per_dossier_vnd"]
    placed = _everywhere(dossiers.filter("is_received"))
    for period in _DAYS:
        span = periods.span(period)
        here = placed.filter(pl.col("received_on") <= span.last_on).with_columns(period=pl.lit(period))
        new = here.filter(pl.col("received_on") >= span.first_on)
        done = here.filter("is_resolved", pl.col("finished_on").is_between(span.first_on, span.last_on))
        open_at_end = here.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") > span.last_on))
        at_work = here.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") >= span.first_on))
        late, early = pl.col("finished_on") > pl.col("due_on"), pl.col("finished_on") < pl.col("due_on")
        online, full = pl.col("is_online"), pl.col("service_level") == "full"
        payable = pl.col("amount_due_vnd").fill_null(0) > 0
        essential = online & pl.col("is_essential")
        in_time = pl.col("is_resolved") & (pl.col("finished_on") <= span.last_on)
        not_late, not_early = ~late.fill_null(value=False), ~early.fill_null(value=False)
        yield _summed(done, "T09", not_late, pl.col("is_resolved"))
        yield _summed(new, "T10", online, pl.col("is_received"))
        yield _summed(new, "O02", online, pl.col("is_received"))
        yield _summed(new, "T11", payable & pl.col("paid_online").fill_null(value=False), payable)
        yield _summed(done, "T12", pl.col("result_digitised").fill_null(value=False), pl.col("is_resolved"))
        yield _summed(new, "T13", pl.col("components_digitised").fill_null(value=False), pl.col("is_received"))
        yield _summed(new, "T14", pl.col("vneid_authenticated").fill_null(value=False), pl.col("is_received"))
        yield _summed(new, "P01", essential)
        yield _summed(new, "P02", essential & in_time, essential)
        yield _summed(new, "P04", essential.cast(pl.Int64) * int(saving))
        yield _summed(new, "O01", pl.col("is_received"))
        yield _summed(done, "O03", pl.col("is_resolved"))
        yield _summed(done, "O04", early.fill_null(value=False))
        yield _summed(done, "O05", not_late & not_early)
        yield _summed(done, "O06", late.fill_null(value=False))
        yield _summed(at_work, "O07", pl.col("received_on") < span.first_on)
        yield _summed(open_at_end, "O08", pl.col("is_received"))
        yield _summed(open_at_end, "O09", pl.col("status_code").is_in([5, 6, 8]))
        withdrawn = (pl.col("status_code") == 7) & pl.col("closed_on").is_between(span.first_on, span.last_on)
        yield _summed(at_work, "O10", withdrawn.fill_null(value=False))
        yield _summed(at_work, "O11", pl.col("is_older"))
        yield _summed(new, "O12", pl.col("reuses"), pl.col("is_received"))
        yield _summed(new, "O13", online & full, full)
        yield _communes_online(new, period)
        active = new.filter(essential, pl.col("member") == PROVINCE)
        yield _one("T15", period, active["service_no"].n_unique(), ESSENTIAL_SERVICES)


def _one(code: str, period: str, numerator: int, denominator: int) -> pl.DataFrame:
    """One figure of the province."""
    return pl.DataFrame(
        {
            "kpi_code": [code],
            "period": [period],
            "grain": ["unit"],
            "member": [PROVINCE],
            "numerator": [numerator],
            "denominator": [denominator],
        }
    )


def _communes_online(new: pl.DataFrame, period: str) -> pl.DataFrame:
    """T16: of all communes, those with at least 60 % online."""
    threshold = dict(tables.parameter().select("name", "amount").iter_rows())["communes_online_threshold"]
    unit, last_on = tables.administrative_unit(), periods.span(period).last_on
    ends = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    # A commune made by a merger after the year received nothing in it, whatever code it took over.
    communes = unit.filter(
        pl.col("level") == "commune",
        pl.col("province_code") == PROVINCE,
        pl.col("valid_from") <= last_on,
        ends > last_on,
    ).select(
        unit_code=pl.when(pl.col("valid_from") < pl.date(2024, 2, 1)).then("unit_code").otherwise(pl.lit("made later")),
        member=pl.concat_list("parent_code", pl.lit(PROVINCE)),
    )
    share = (
        new.filter(pl.col("grain") == "unit", pl.col("member") == pl.col("unit_code"))
        .group_by("unit_code")
        .agg(reached=pl.col("is_online").sum() >= threshold * pl.len())
    )
    judged = communes.join(share, on="unit_code", how="left").explode("member")
    judged = judged.with_columns(period=pl.lit(period), grain=pl.lit("unit"))
    return _summed(judged, "T16", pl.col("reached").fill_null(value=False), pl.col("unit_code").is_not_null())


def _services(lists: pl.DataFrame, dossiers: pl.DataFrame) -> pl.DataFrame:
    """T01 and P03 from the list in force at the end of each period."""
    assert dossiers["service_level"].null_count() == 0
    found = []
    for period in _DAYS:
        day = lists.filter(pl.col("list_on") <= periods.span(period).last_on)["list_on"].max()
        eligible = lists.filter(pl.col("list_on") == day, "full_process_eligible")
        found.append(_one("T01", period, eligible.filter(pl.col("service_level") == "full").height, eligible.height))
        services = lists.filter(pl.col("list_on") == day)["service_no"].drop_nulls().n_unique()
        found.append(_one("P03", period, services, ESSENTIAL_SERVICES))
    return pl.concat(found)


def _newest_of_period(frame: pl.DataFrame, key: Sequence[str], kinds: Sequence[str]) -> pl.DataFrame:
    """Each key's last report within each year and quarter or month."""
    day = pl.col("last_on")
    names = {
        "year": day.dt.strftime("%Y"),
        "quarter": day.dt.strftime("%Y-Q") + day.dt.quarter().cast(pl.String),
        "month": day.dt.strftime("%Y-%m"),
    }
    told = frame.with_columns(period=pl.concat_list([names[kind] for kind in kinds])).explode("period")
    return told.sort("last_on").unique([*key, "period"], keep="last")


def _identity(rows: Rows) -> Iterator[pl.DataFrame]:
    reports = rows.newest("identity_issuance", ["unit_code", "period"])
    placed = _in_units(_newest_of_period(reports, ["unit_code"], ("year", "month")))
    yield _summed(placed, "P05", pl.col("cards_issued_cumulative"), pl.col("eligible_persons"))
    yield _summed(placed, "P06", pl.col("eid_activated_cumulative"))


def _infrastructure(rows: Rows) -> Iterator[pl.DataFrame]:
    reports = rows.newest("digital_infrastructure", ["unit_code", "measure_code", "period"])
    newest = _newest_of_period(reports, ["unit_code", "measure_code"], ("year", "quarter"))
    placed = _in_units(newest)
    for code, measure in {
        "T02": "shared_databases",
        "T06": "fibre_communes",
        "T07": "fibre_households",
        "T08": "accounts_15plus",
        "R01": "official_chip_card",
        "R02": "official_eid_account",
        "R03": "official_portal_account",
    }.items():
        of_measure = placed.filter(pl.col("measure_code") == measure)
        yield _summed(of_measure, code, pl.col("numerator"), pl.col("denominator"))
    units = (
        newest.filter(pl.col("measure_code").str.starts_with("official_"))
        .group_by("unit_code", "period")
        .agg(all_met=(pl.col("numerator") == pl.col("denominator")).all(), told=pl.len())
        .filter(pl.col("told") == 3)
    )
    yield _summed(_in_units(units), "R04", pl.col("all_met"), pl.col("unit_code").is_not_null())


def _work_files(rows: Rows) -> pl.DataFrame:
    reports = rows.newest("work_file_processing", ["agency_code", "period"])
    agency = tables.agency().filter(pl.col("valid_from") < pl.date(2023, 1, 1)).select("agency_code", "unit_code")
    told = reports.join(agency, on="agency_code").with_columns(period=_of_period("first_on")).explode("period")
    placed = pl.concat([_in_units(told), _in_agencies(told)], how="diagonal_relaxed")
    return pl.concat(
        [
            _summed(placed.filter(pl.col("level_code") == level), code, pl.col("files_online"), pl.col("files_total"))
            for code, level in (("T03", "province"), ("T04", "district"), ("T05", "commune"))
        ]
    )


def _satisfaction(rows: Rows, dossiers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    where = dossiers.select("dossier_code", "unit_code", "agency_code", "procedure_code", "service_no")
    answers = rows.of("satisfaction_response").join(where, on="dossier_code")
    answers = answers.sort("sending_no", "source_sheet", "source_row").unique("response_no", keep="last")
    told = _everywhere(answers.with_columns(period=_of_period("first_on")).explode("period"))
    scored = told.filter(pl.col("overall_score").is_not_null())
    one = pl.col("response_no").is_not_null()
    yield _summed(scored, "S01", pl.col("overall_score"), one)
    yield _summed(scored, "S02", pl.col("overall_score") >= 4, one)
    answered = pl.col("answered_on").is_not_null()
    judged = told.filter(
        pl.col("response_kind") == "feedback", answered | (pl.col("due_on") <= pl.col("last_on")).fill_null(value=False)
    )
    yield _summed(judged, "S03", answered & (pl.col("answered_on") <= pl.col("due_on")).fill_null(value=False), one)


def _benefits(rows: Rows) -> Iterator[pl.DataFrame]:
    payments = rows.newest("welfare_payment", ["beneficiary_token", "period"])
    payments = payments.with_columns(non_cash=pl.col("payment_method") != "cash")
    paid = _in_units(payments.with_columns(period=_of_period("first_on")).explode("period"))
    yield _summed(paid, "W01", pl.col("amount_vnd") * pl.col("non_cash").cast(pl.Int64), pl.col("amount_vnd"))
    persons = _in_units(_newest_of_period(payments, ["beneficiary_token"], ("year", "month")))
    yield _summed(persons, "W02", pl.col("non_cash"), pl.col("unit_code").is_not_null())


def _databases(rows: Rows) -> Iterator[pl.DataFrame]:
    listed = rows.newest("shared_database", ["database_code", "period"]).with_columns(
        agency_code=pl.col("owner_agency_code"), unit_code=pl.lit(PROVINCE)
    )
    newest = _newest_of_period(listed, ["database_code"], ("year", "quarter"))
    placed = pl.concat([_in_units(newest), _in_agencies(newest)], how="diagonal_relaxed")
    connected = pl.col("connected_on").is_not_null()
    used = pl.col("last_used_on").is_between(pl.col("first_on"), pl.col("last_on")).fill_null(value=False)
    yield _summed(placed, "D01", connected, pl.col("database_code").is_not_null())
    yield _summed(placed, "D02", connected & used, pl.col("database_code").is_not_null())


def _portal(rows: Rows, dossiers: pl.DataFrame) -> pl.DataFrame:
    reports = rows.newest("portal_reconciliation", ["agency_code", "period"])
    codes = reports.select("agency_code", "period", dossier_code=pl.col("dossier_codes").str.split(";"))
    codes = codes.explode("dossier_code").drop_nulls().unique()
    known = dossiers.select("dossier_code", is_known=pl.lit(True))
    listed = (
        codes.join(known, on="dossier_code", how="left")
        .group_by("agency_code", "period")
        .agg(on_both=pl.col("is_known").count(), unknown=pl.col("is_known").null_count())
    )
    own = (
        dossiers.filter("is_received")
        .group_by("agency_code", period=pl.col("received_on").dt.strftime("%Y-%m"))
        .agg(own=pl.len())
    )
    agency = tables.agency().filter(pl.col("valid_from") < pl.date(2023, 1, 1)).select("agency_code", "unit_code")
    told = reports.join(agency, on="agency_code")
    for other in (listed, own):
        told = told.join(other, on=["agency_code", "period"], how="left")
    told = told.with_columns(pl.col("on_both", "unknown", "own").fill_null(0))
    told = told.with_columns(period=_of_period("first_on")).explode("period")
    placed = pl.concat([_in_units(told), _in_agencies(told)], how="diagonal_relaxed")
    return _summed(placed, "D03", pl.col("on_both"), pl.col("own") + pl.col("unknown"))


def _population(rows: Rows) -> pl.DataFrame:
    checked = rows.newest("population_check_result", ["batch_no", "line_no"])
    checked = checked.filter(pl.col("register_code") == "insurance").with_columns(period=_of_period("returned_on"))
    matched = pl.col("result_code").is_in(["matched", "corrected"])
    return _summed(_in_units(checked.explode("period")), "C01", matched, pl.col("line_no").is_not_null())


def _points(counted: pl.DataFrame) -> pl.DataFrame:
    """The six groups of points and their total, for members of which every part is known."""
    level = pl.concat(
        [
            _units().select(grain=pl.lit("unit"), member="unit_code", part_grain="level"),
            tables.agency().select(grain=pl.lit("agency"), member="agency_code", part_grain=pl.lit("agency")),
        ]
    ).unique()
    parts = tables.score_part().rename({"grain": "part_grain"})
    parts = pl.concat([parts, parts.with_columns(kpi_code=pl.lit("M07"))])
    wanted = parts.group_by("kpi_code", "part_grain").agg(parts=pl.len())
    points = 100 * pl.col("points") * pl.col("numerator") / pl.col("denominator")
    known = counted.rename({"kpi_code": "part_code"}).filter(pl.col("denominator") > 0)
    return (
        known.join(level, on=["grain", "member"])
        .join(parts, on=["part_code", "part_grain"])
        # SQL rounds halves away from zero.
        .group_by("kpi_code", "part_grain", *MEMBER)
        .agg(
            numerator=(points + 0.5).floor().cast(pl.Int64).sum(),
            denominator=(100 * pl.col("points")).sum().cast(pl.Int64),
            found=pl.len(),
        )
        .join(wanted, on=["kpi_code", "part_grain"])
        .filter(pl.col("found") == pl.col("parts"))
        .select("kpi_code", *MEMBER, "numerator", "denominator")
    )
