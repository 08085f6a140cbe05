"""The kinds of charts, stated in the grammar of Vega-Altair: no data, both languages, colours of the page's theme.

What belongs here: what a kind of chart draws from which fields of a table. What does not: tables and words around a
chart (`charts`), and drawing, which the browser does (`templates/charts.js`).

A chart is drawn from the table that stands beside it: of each column `x` marked in it there is a field `x` (a number,
or what the cell is called by) and a field `x_text` (the cell as it is read, in the language shown).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import altair as alt

from reports.charts import PARTS
from reports.wording import Bilingual

LANGUAGES: Final = ("vi", "en")
TABLE: Final = "table"
_MEASURES: Final[Mapping[str, Bilingual]] = {
    "share": Bilingual("%", "%"),
    "target_ratio": Bilingual("% của mục tiêu", "% of the target"),
    "count": Bilingual("số lượng", "number"),
    "vnd": Bilingual("triệu đồng", "million VND"),
    "mean": Bilingual("điểm trung bình", "mean score"),
    "points": Bilingual("điểm", "points"),
}
_TARGET: Final = Bilingual("Mục tiêu", "Target")
_COLOUR_OF: Final = {
    "met": "var(--met)",
    "not_met": "var(--not-met)",
    "insufficient_data": "var(--unsure)",
    "held": "var(--unsure)",
    "not_applicable": "var(--link)",
}
# The shapes of the page beside the colours, for those who do not tell these apart.
_SHAPE_OF: Final = {"met": "●", "not_met": "▲", "insufficient_data": "◆", "held": "■", "not_applicable": ""}
_COLOUR_OF_PART: Final = {"before": "var(--met)", "on_time": "var(--link)", "late": "var(--not-met)"}
_BAR_STEP: Final = 26
_NARROWEST_NAMED_SHARE: Final = 0.09
_NAMES: Final = alt.Axis(title=None, labelLimit=280, labelPadding=6, ticks=False, domain=False)
_FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


@cache
def script() -> bytes:
    """A script that holds every kind of chart in both languages, as `chartKinds["trend-share"].vi`."""
    kinds = {
        f"{kind}-{measure}": {language: draw(measure, language) for language in LANGUAGES}
        for kind, draw in (("trend", _trend), ("ranking", _ranking))
        for measure in _MEASURES
    }
    kinds["stacked"] = {language: _stacked(language) for language in LANGUAGES}
    stated = json.dumps(kinds, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"globalThis.chartKinds = {stated};\n".encode()


def _in(language: str, text: Bilingual) -> str:
    return text.vi if language == "vi" else text.en


def _axis(measure: str, language: str) -> alt.Axis:
    title = _in(language, _MEASURES[measure])
    match measure:
        case "share" | "target_ratio":
            return alt.Axis(title=title, labelExpr="format(datum.value * 100, ',~f')", tickCount=5)
        case "vnd":
            return alt.Axis(title=title, labelExpr="format(datum.value / 1000000, ',~f')", tickCount=5)
        case _:
            return alt.Axis(title=title, format=",~f", tickCount=5)


def _trend(measure: str, language: str) -> dict[str, Any]:
    """Values over periods as a line, the target as a dashed one that says its name."""
    periods = alt.X("period_text:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    values = alt.Y("value:Q", axis=_axis(measure, language), scale=alt.Scale(zero=measure in ("count", "vnd")))
    said = alt.Tooltip("said:N")
    drawn = (
        alt.Chart(alt.NamedData(name=TABLE))
        .transform_calculate(said="datum.period_text + ': ' + datum.value_text")
        .encode(x=periods)
    )
    line = drawn.mark_line(color="var(--link)", strokeWidth=2).encode(y=values)
    points = drawn.mark_point(color="var(--link)", fill="var(--link)", size=45, opacity=1).encode(
        y=values, tooltip=said
    )
    target = drawn.transform_filter("isValid(datum.target)")
    rule = target.mark_line(color="var(--ink)", strokeDash=[6, 4], strokeWidth=1.5).encode(y=alt.Y("target:Q"))
    name = (
        target.transform_window(place="row_number()", frame=[None, None])
        .transform_filter("datum.place == 1")
        .transform_calculate(named=f"'{_in(language, _TARGET)} ' + datum.target_text")
        .mark_text(align="left", baseline="bottom", dy=-4, color="var(--ink)")
        .encode(y=alt.Y("target:Q"), text=alt.Text("named:N"))
    )
    return _finished(alt.layer(line, points, rule, name).properties(width="container", height=240))


def _ranking(measure: str, language: str) -> dict[str, Any]:
    """Bars in the order of the table, coloured by status, each with its value and the shape of its status."""
    shape = " : ".join(f"datum.status == '{status}' ? '{shape} '" for status, shape in _SHAPE_OF.items() if shape)
    # The value stands in the label and not behind the bar, where a narrow screen would cut it off.
    bars = (
        alt.Chart(alt.NamedData(name=TABLE))
        .transform_calculate(named=f"datum.name_text + '  ' + ({shape} : '') + datum.value_text")
        .mark_bar(invalid=None)
        .encode(
            x=alt.X("value:Q", axis=_axis(measure, language), scale=alt.Scale(zero=True)),
            y=alt.Y("named:N", sort=None, axis=_NAMES),
            color=alt.Color(
                "status:N", legend=None, scale=alt.Scale(domain=list(_COLOUR_OF), range=list(_COLOUR_OF.values()))
            ),
        )
    )
    target = (
        alt.Chart(alt.NamedData(name=TABLE))
        .transform_filter("isValid(datum.target)")
        .transform_aggregate(target="max(target)")
        .mark_rule(color="var(--ink)", strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=alt.X("target:Q"))
    )
    return _finished(alt.layer(bars, target).properties(width="container", height=alt.Step(_BAR_STEP)))


def _stacked(language: str) -> dict[str, Any]:
    """Parts of a whole side by side, in a fixed order, each wide enough part with its share."""
    order = " : ".join(f"datum.part == '{part}' ? {place}" for place, part in enumerate(PARTS))
    legend = " : ".join(f"datum.value == '{part}' ? '{_in(language, words)}'" for part, words in PARTS.items())
    parts = (
        alt.Chart(alt.NamedData(name=TABLE))
        .transform_fold(list(PARTS), as_=["part", "rows"])
        .transform_calculate(place=f"{order} : {len(PARTS)}")
        .transform_joinaggregate(whole="sum(rows)", groupby=["name_text"])
        .transform_calculate(share="datum.whole > 0 ? datum.rows / datum.whole : 0")
        .transform_stack(stack="share", as_=["left", "right"], groupby=["name_text"], sort=[alt.SortField("place")])
        .transform_calculate(middle="(datum.left + datum.right) / 2")
        .encode(y=alt.Y("name_text:N", sort=None, axis=_NAMES))
    )
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=list(PARTS), range=list(_COLOUR_OF_PART.values())),
        legend=alt.Legend(title=None, orient="top", labelExpr=f"{legend} : ''", labelLimit=240),
    )
    # Edges in the colour of the ground keep parts apart for those who do not tell their colours apart.
    lengths = parts.mark_bar(stroke="var(--ground)", strokeWidth=2).encode(
        x=alt.X("left:Q", axis=_axis("share", language), scale=alt.Scale(domain=[0, 1])),
        x2=alt.X2("right:Q"),
        color=colour,
    )
    names = (
        parts.transform_filter(f"datum.share >= {_NARROWEST_NAMED_SHARE}")
        .transform_calculate(named="format(datum.share * 100, '.0f')")
        .mark_text(color="var(--ground)")
        .encode(x=alt.X("middle:Q"), text=alt.Text("named:N"))
    )
    return _finished(alt.layer(lengths, names).properties(width="container", height=alt.Step(_BAR_STEP)))


def _finished(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    stated: dict[str, Any] = (
        chart.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_text(fontSize=13)
        .configure_axis(
            labelColor="var(--ink)",
            titleColor="var(--quiet)",
            gridColor="var(--line)",
            domainColor="var(--edge)",
            tickColor="var(--edge)",
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
        )
        .configure_legend(labelColor="var(--ink)", labelFontSize=13)
        .to_dict()
    )
    return stated
