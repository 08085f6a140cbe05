"""The SQL that counts a figure again for one agency or one essential service, made from the one that counts it for a unit.

What belongs here: how the question of a unit becomes the question of a member. What does not: the questions themselves
(`warehouse/sql/explain`), and which pages show them. An indicator is declared once, so that no grain can say another thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_OF_UNIT: Final = "$unit_key IN (unit.unit_key, unit.district_key, unit.province_key)"
_UNIT: Final = re.compile(
    r"JOIN core\.dim_administrative_unit AS unit\s+ON unit\.unit_(?:key|code) = (\w+)\.unit_(?:key|code)\n"
    r"(?:    AND .*\n)*"
)


@dataclass(frozen=True)
class _Grain:
    """A dimension that takes the place of the unit, and what is asked of it."""

    name: str
    table: str
    condition: str


_GRAINS: Final[Mapping[str, _Grain]] = {
    "agency": _Grain("agency", "core.dim_agency", "agency.agency_code = $member"),
    "service": _Grain("service", "core.dim_service", "service.service_no = $member"),
}


def of_member(sql: str, grain: str) -> str | None:
    """The query of a unit (`meta.kpi_sql`) as the query of `$member`: an agency's code, or an essential service's number.

    `grain` is `agency` or `service`. None where the query does not count rows of units, or rows that have no such member.
    """
    chosen, found = _GRAINS[grain], _UNIT.search(sql)
    if found is None or _OF_UNIT not in sql:
        return None
    alias = found[1]
    joined = f"JOIN {chosen.table} AS {chosen.name} ON {chosen.name}.{chosen.name}_key = {alias}.{chosen.name}_key\n"
    if f"JOIN {chosen.table} AS {chosen.name}" in sql:
        joined = ""
    return sql.replace(found[0], joined).replace(_OF_UNIT, chosen.condition)
