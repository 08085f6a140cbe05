"""A page with every kind of chart, for the tests that look at it."""

from __future__ import annotations

from pathlib import Path

from upath import UPath

from reports import charts, page
from reports.charts import Moment, Parted, Ranked
from reports.wording import Bilingual

RELEASE = {"is_simulated": True, "release_id": "r1", "as_of": Bilingual("hôm nay", "today"), "rule_set_id": "q1"}
THAI_THUY = Bilingual("Huyện Thái Thụy", "Thai Thuy")
VU_THU = Bilingual("Huyện Vũ Thư", "Vu Thu")
MOMENTS = [Moment(f"2023-{month:02}", 0.5 + month / 40, 0.7) for month in range(1, 12)] + [Moment("2023-12", None, 0.7)]
RANKED = [
    Ranked(THAI_THUY, 0.75, "met", 0.7, "../unit/341.html"),
    Ranked(VU_THU, 0.625, "not_met", 0.7, "../unit/344.html"),
    Ranked(Bilingual("Huyện Tiền Hải", "Tien Hai"), None, "insufficient_data", 0.7),
]
PARTED = [Parted(THAI_THUY, 800, 150, 50), Parted(VU_THU, 1200, 1000, 800), Parted(Bilingual("Không", "None"), 0, 0, 0)]
TITLES = {
    "line": Bilingual("Hồ sơ trực tuyến đạt mục tiêu từ tháng 8", "Online dossiers meet their target since August"),
    "bars": Bilingual("Một huyện chưa đạt", "One district falls short"),
    "parts": Bilingual("Vũ Thư trễ hạn nhiều nhất", "Vũ Thư is late most often"),
    "money": Bilingual("Tiết kiệm theo tháng", "Saved month by month"),
    "persons": Bilingual("Tài khoản theo huyện", "Accounts by district"),
}


def figures() -> list[str]:
    """The charts of the page, in order."""
    return [
        charts.trend("line", TITLES["line"], MOMENTS, "share"),
        charts.ranking("bars", TITLES["bars"], RANKED, "share"),
        charts.stacked("parts", TITLES["parts"], PARTED),
        charts.trend(
            "money", TITLES["money"], [Moment("2023-01", 1_250_000_000), Moment("2023-02", 980_500_000)], "vnd"
        ),
        charts.ranking("persons", TITLES["persons"], [Ranked(THAI_THUY, 123_456, "not_applicable")], "count"),
    ]


def write(site: Path) -> Path:
    """Write `charts/gallery.html` with the shared files beside it."""
    template = (
        '{% extends "base.html.j2" %}{% block content %}{% for each in figures %}{{ each }}{% endfor %}{% endblock %}'
    )
    html = (
        page.environment()
        .from_string(template)
        .render(
            root="../", policy=page.POLICY, title=Bilingual("Biểu đồ", "Charts"), release=RELEASE, figures=figures()
        )
    )
    return Path(str(page.write(UPath(site) / "charts" / "gallery.html", html, depth=1)))
