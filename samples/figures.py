"""The figures a warehouse must show once everything has arrived, from what is true and not from any file.

What belongs here: definitions of the expected figures over the true dossiers and the sizes of the article.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import polars as pl

from samples.article import ACCOUNTS_15PLUS, FIBRE_HOUSEHOLDS, WORK_FILES_ONLINE, Sizes
from samples.dossiers import ABSENT, YEAR_DAYS, Dossiers, Records
from samples.draws import Mask
from samples.procedures import LIST_DATES, in_list
from samples.province import Province
from schemas.reference import tables

Figure: TypeAlias = dict[str, int | float | None]

_SAVING: Final = "saving_per_dossier_vnd"
_COMMUNE_THRESHOLD: Final = "communes_online_threshold"


def expected_figures(
    sizes: Sizes, province: Province, procedures: pl.DataFrame, dossiers: Dossiers, records: Records
) -> dict[str, Figure]:
    """Numerator, denominator and value by indicator code, for the province and the year 2023.

    A dossier counts in its last state that any daily file carries. Shares reported without counts (T03 to T05, T07,
    T08) are given as values only.
    """
    figures = _reported(sizes, province, procedures)
    figures |= _of_dossiers(province, procedures, dossiers, records)
    received = figures["P01"]["numerator"]
    figures["P04"] = _count(int(received or 0) * round(_parameter(_SAVING)))
    return figures


def _parameter(name: str) -> float:
    return float(tables.parameter().filter(pl.col("name") == name)["amount"].item())


def _share(numerator: int, denominator: int) -> Figure:
    return {"numerator": numerator, "denominator": denominator, "value": numerator / denominator}


def _count(numerator: int) -> Figure:
    return {"numerator": numerator, "denominator": None, "value": float(numerator)}


def _reported(sizes: Sizes, province: Province, procedures: pl.DataFrame) -> dict[str, Figure]:
    communes = len(province.communes)
    in_force = in_list(procedures, LIST_DATES[-1])
    eligible = in_force.filter(pl.col("eligible"))
    levels = zip(("T03", "T04", "T05"), WORK_FILES_ONLINE.values(), strict=True)
    shares = [*levels, ("T07", FIBRE_HOUSEHOLDS), ("T08", ACCOUNTS_15PLUS)]
    return {
        "T01": _share(int((eligible["level"] == "full").sum()), len(eligible)),
        "T02": _share(sizes.shared_databases, sizes.shared_databases),
        **{code: {"numerator": None, "denominator": None, "value": part / whole} for code, (part, whole) in shares},
        "T06": _share(communes, communes),
        "P03": _count(in_force["service_no"].drop_nulls().n_unique()),
        "P05": _share(sizes.card_eligible, sizes.card_eligible),
        "P06": {
            "numerator": sizes.eid_accounts,
            "denominator": None,
            "target": sizes.eid_target,
            "value": sizes.eid_accounts / sizes.eid_target,
        },
    }


def _of_dossiers(
    province: Province, procedures: pl.DataFrame, dossiers: Dossiers, records: Records
) -> dict[str, Figure]:
    seen = np.full(len(dossiers), -1)
    seen[records.dossier] = np.arange(len(records))  # records stand by dossier and day, so the last one stays
    known = seen >= 0
    status = np.where(known, records.status[seen], 1)
    is_received = known & ~np.isin(status, (1, 3))
    is_finished = np.isin(status, (9, 10)) & is_received
    finished_day = np.where(is_finished, dossiers.finished_day, ABSENT)
    received_day = dossiers.received_day
    in_year = is_received & (received_day >= 0) & (received_day < YEAR_DAYS)
    resolved = is_finished & (finished_day >= 0) & (finished_day < YEAR_DAYS)
    online = dossiers.channel == 2
    has_due = dossiers.due_day != ABSENT
    before = resolved & has_due & (finished_day < dossiers.due_day)
    late = resolved & has_due & (finished_day > dossiers.due_day)
    carried = is_received & (received_day < 0) & (~is_finished | (finished_day >= 0))
    # A dossier withdrawn after the year was still in process at its end.
    withdrawn = (in_year | carried) & (status == 7) & (records.day[seen] < YEAR_DAYS)
    paused = (in_year | carried) & np.isin(status, (5, 6, 8))
    service = procedures["service_no"].fill_null(0).to_numpy()[dossiers.procedure]
    essential_online = in_year & online & (service > 0)
    to_pay = in_year & (dossiers.amount_due_vnd > 0)
    services = int(np.unique(procedures["service_no"].drop_nulls().to_numpy()).size)

    def size(mask: Mask) -> int:
        return int(mask.sum())

    return {
        "T09": _share(size(resolved & ~late), size(resolved)),
        "T10": _share(size(in_year & online), size(in_year)),
        "T11": _share(size(to_pay & dossiers.paid_online), size(to_pay)),
        "T12": _share(size(resolved & dossiers.result_digitised), size(resolved)),
        "T13": _share(size(in_year & dossiers.components_digitised), size(in_year)),
        "T14": _share(size(in_year & dossiers.vneid_authenticated), size(in_year)),
        "T15": _share(int(np.unique(service[essential_online]).size), services),
        "T16": _communes_online(dossiers, in_year, online, len(province.communes)),
        "P01": _count(size(essential_online)),
        "P02": _count(size(essential_online & resolved)),
        "O01": _count(size(in_year)),
        "O02": _share(size(in_year & online), size(in_year)),
        "O03": _count(size(resolved)),
        "O04": _count(size(before)),
        "O05": _count(size(resolved & ~before & ~late)),
        "O06": _count(size(late)),
        "O07": _count(size(carried)),
        "O08": _count(size(in_year | carried) - size(resolved & (in_year | carried)) - size(withdrawn)),
        "O09": _count(size(paused)),
        "O10": _count(size(withdrawn)),
    }


def _communes_online(dossiers: Dossiers, in_year: Mask, online: Mask, communes: int) -> Figure:
    received = np.bincount(dossiers.unit[in_year], minlength=communes)
    by_channel = np.bincount(dossiers.unit[in_year & online], minlength=communes)
    # Whole numbers, so that exactly sixty in a hundred is enough.
    reached = (received > 0) & (by_channel * 100 >= received * round(_parameter(_COMMUNE_THRESHOLD) * 100))
    return _share(int(reached.sum()), communes)
