"""Real shapes of units for a map, from a GeoJSON file that whoever runs the warehouse has; none is shipped.

What belongs here: reading such a file and turning its degrees into the paths of a drawing. What does not: what a map
shows (`tile_map`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import orjson

from reports.wording import Bilingual

SETTING: Final = "WAREHOUSE_MAP_GEOJSON"
"""The environment variable that names the file: a FeatureCollection whose features have the property `code`."""

WIDTH: Final = 800.0
_DECIMALS: Final = 1

Ring = Sequence[Sequence[float]]


class UnusableMapError(ValueError):
    """The file of shapes cannot be used; says in both languages what was found and what is expected."""

    def __init__(self, file: Path, found: Bilingual) -> None:
        super().__init__(
            f"Tệp bản đồ {file.name}: {found.vi}; cần GeoJSON FeatureCollection, mỗi vùng có thuộc tính code. / "
            f"Map file {file.name}: {found.en}; expected is a GeoJSON FeatureCollection whose features have the property code."
        )


@dataclass(frozen=True)
class Shapes:
    """The outline of each unit as the `d` of an SVG path, in a drawing `WIDTH` wide and `height` high."""

    paths: Mapping[str, str]
    middles: Mapping[str, tuple[float, float]]
    height: float


def configured(environment: Mapping[str, str]) -> Shapes | None:
    """The shapes of the file that is configured, or None where none is.

    Raises UnusableMapError when the file is not what it should be.
    """
    named = environment.get(SETTING)
    return read(Path(named)) if named else None


def read(file: Path) -> Shapes:
    """The shapes of a GeoJSON file in degrees (WGS 84), drawn so that a kilometre is as long either way.

    Raises UnusableMapError when the file is not what it should be.
    """
    try:
        stated = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UnusableMapError(file, Bilingual("không đọc được", "cannot be read")) from error
    rings = _rings_by_code(file, stated)
    points = [point for each in rings.values() for ring in each for point in ring]
    if not points:
        raise UnusableMapError(file, Bilingual("không có vùng nào", "it has no areas"))
    return _drawn(rings, points)


def _rings_by_code(file: Path, stated: Any) -> dict[str, list[Ring]]:
    try:
        return {str(feature["properties"]["code"]): list(_rings(feature["geometry"])) for feature in stated["features"]}
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise UnusableMapError(file, Bilingual("thiếu thuộc tính", "a property is missing")) from error


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    match geometry["type"]:
        case "Polygon":
            polygons = [geometry["coordinates"]]
        case "MultiPolygon":
            polygons = geometry["coordinates"]
        case _:
            raise ValueError(geometry["type"])
    for polygon in polygons:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _drawn(rings: Mapping[str, Sequence[Ring]], points: Ring) -> Shapes:
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    narrowing = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrowing or 1)

    def place(point: Sequence[float]) -> tuple[float, float]:
        across, down = (point[0] - west) * narrowing * scale, (north - point[1]) * scale
        return round(across, _DECIMALS), round(down, _DECIMALS)

    placed = {code: [[place(point) for point in ring] for ring in each] for code, each in rings.items()}
    return Shapes(
        paths={code: "".join(_path(ring) for ring in each) for code, each in placed.items()},
        middles={code: _middle(max(each, key=len)) for code, each in placed.items() if each},
        height=round((north - south) * scale, _DECIMALS),
    )


def _path(ring: Sequence[tuple[float, float]]) -> str:
    # Points that fall together in the drawing are written once.
    kept = [point for place, point in enumerate(ring) if place == 0 or point != ring[place - 1]]
    return "M" + "L".join(f"{across:g},{down:g}" for across, down in kept) + "Z"


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    across, down = zip(*ring, strict=True)
    return round((min(across) + max(across)) / 2, _DECIMALS), round((min(down) + max(down)) / 2, _DECIMALS)
