"""The map of communes: every commune once, in its district, by status or in classes; real shapes where a file has them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import map_shapes, tile_map
from reports.tile_map import Unit
from reports.wording import Bilingual
from schemas.reference import tables

TITLE = Bilingual("Bản đồ", "Map")
DAYS = {date(2023, 12, 31): 260, date(2024, 11, 1): 242, date(2025, 7, 1): 65}
TILE = re.compile(r'<li><(?:a|span) class="tile (look-\w+)"')
SQUARE = [[106.0, 20.0], [106.1, 20.0], [106.1, 20.1], [106.0, 20.1], [106.0, 20.0]]


def communes(on: date) -> list[str]:
    units = tables.administrative_unit().filter(
        pl.col("level") == "commune",
        pl.col("valid_from") <= on,
        pl.col("valid_to").is_null() | (pl.col("valid_to") > on),
    )
    return units["unit_code"].to_list()


def unit(code: str, value: float | None = 0.5, status: str = "met") -> Unit:
    return Unit(code, Bilingual(f"Xã {code}", f"Commune {code}"), value, status, f"../unit/{code}.html")


def tiles_in(html: str) -> list[str]:
    _, _, drawing = html.partition('<div class="districts">')
    return TILE.findall(drawing)


@pytest.mark.parametrize(("on", "count"), DAYS.items(), ids=str)
def test_every_commune_of_a_day_has_one_tile_in_one_of_eight_districts(on: date, count: int) -> None:
    html = tile_map.drawn("m", TITLE, [unit(code) for code in communes(on)], "share", on=on)
    assert len(tiles_in(html)) == count
    assert len(set(re.findall(r'href="\.\./unit/(\d+)\.html"', html))) == count
    assert sorted(re.findall(r'class="district at-(\w+)"', html)) == [
        *("336", "338", "339", "340", "341", "342", "343", "344"),
    ]
    assert ("trước ngày 01/07/2025" in html) == (on >= date(2025, 7, 1))


def test_a_tile_is_read_as_its_name_value_and_status_in_both_languages() -> None:
    html = tile_map.drawn("m", TITLE, [unit("12433", 0.625, "not_met")], "share", on=date(2023, 12, 31))
    assert "Xã 12433: 62,5\u00a0%, Chưa đạt" in html
    assert "Commune 12433: 62.5%, Not met" in html
    assert 'class="tile look-not_met" data-sign="▲"' in html


def test_a_commune_of_no_known_district_stands_apart_and_is_not_lost() -> None:
    html = tile_map.drawn("m", TITLE, [unit("99999")], "share", on=date(2023, 12, 31))
    assert "at-elsewhere" in html
    assert len(tiles_in(html)) == 1


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=1, max_size=60))
def test_classes_follow_values_and_equal_values_share_one(values: list[int | None]) -> None:
    units = [unit(str(code), value, "not_applicable") for code, value in enumerate(values, start=10000)]
    looks = tiles_in(tile_map.drawn("m", TITLE, units, "count", on=date(2023, 12, 31)))
    numbered = [
        (value, int(look.removeprefix("look-")))
        for value, look in zip(values, looks, strict=True)
        if look != "look-none" and value is not None
    ]
    assert len(numbered) == sum(value is not None for value in values)
    classes = [number for _, number in sorted(numbered)]
    assert classes == sorted(classes)
    assert len(set(numbered)) == len({value for value, _ in numbered})
    assert set(classes) <= set(range(1, tile_map.CLASSES + 1))


def area(geometry: dict[str, Any], **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def shapes_file(folder: Path, *areas: dict[str, Any]) -> Path:
    file = folder / "shapes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8")
    return file


def test_communes_with_a_shape_are_drawn_and_the_others_stay_tiles(tmp_path: Path) -> None:
    file = shapes_file(tmp_path, area({"type": "Polygon", "coordinates": [SQUARE]}, code="12433"))
    shapes = map_shapes.configured({map_shapes.SETTING: str(file)})
    html = tile_map.drawn("m", TITLE, [unit("12433"), unit("12436")], "share", on=date(2023, 12, 31), shapes=shapes)
    assert html.count("<path ") == 1
    assert len(tiles_in(html)) == 1
    assert (
        'href="../unit/12433.html" aria-label="Xã 12433: 50,0\u00a0%, Đạt" data-aria-label-en="Commune 12433: 50.0%, Met"'
        in html
    )


def test_a_square_of_degrees_is_drawn_as_high_as_the_latitude_makes_it(tmp_path: Path) -> None:
    shapes = map_shapes.read(shapes_file(tmp_path, area({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, code="1")))
    assert shapes.height == pytest.approx(map_shapes.WIDTH / 0.9393, rel=1e-3)
    assert shapes.paths["1"].startswith("M0,")
    assert shapes.paths["1"].endswith("Z")


def test_no_shapes_are_used_where_none_are_configured() -> None:
    assert map_shapes.configured({}) is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "không đọc được"),
        ('{"type": "FeatureCollection", "features": []}', "không có vùng nào"),
        ('{"features": [{"properties": {"name": "A"}, "geometry": null}]}', "thiếu thuộc tính"),
        (
            '{"features": [{"properties": {"code": "1"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "thiếu",
        ),
    ],
)
def test_a_file_that_is_no_map_is_refused_with_its_name_in_both_languages(
    tmp_path: Path, content: str, found: str
) -> None:
    file = tmp_path / "shapes.geojson"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(map_shapes.UnusableMapError, match=rf"shapes\.geojson: {found}.* expected is"):
        map_shapes.read(file)
