"""A bad delivery is data, not an exception: whatever the bytes, a receipt comes out, and it names nobody."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import datetime
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.invariants.planted import NAMES, NUMBERS, found_in
from tests.invariants.sendings import Sent
from tests.invariants.wholeness import check_whole
from tests.warehouse.readers.one_table import FORMATS, parquet_of, zip_of
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import LOCAL_TIME, Receipt
from warehouse.storage import open_home

_RECORD = {
    "MaHoSo": "000.00.53.H54-230517-0001",
    "MaTTHC": "1.000001",
    "KenhThucHien": 2,
    "ChuHoSo": NAMES[0],
    "SoGiayToChuHoSo": NUMBERS[0],
    "NgayTiepNhan": "2023-05-17",
    "TrangThaiHoSo": 4,
    "NgayKetThucXuLy": None,
    "DonViXuLy": "H54.53",
    "NgayCapNhat": "2023-05-17T09:00:00",
    "MaDonViHanhChinh": "12433",
}
_TEXT = json.dumps([_RECORD], ensure_ascii=False)
_HOSTILE = {
    "nothing": b"",
    "white space": b" \n\t\r\n",
    "a byte-order mark": b"\xef\xbb\xbf",
    "zeros": b"\x00" * 5000,
    "no list": b"null",
    "an empty list": b"[]",
    "an empty record": b"[{}]",
    "a number": b"12",
    "a list of numbers": b"[1, 2, 3]",
    "records and numbers": f"[{json.dumps(_RECORD)}, 7, {json.dumps(NAMES[0])}]".encode(),
    "lists in lists": b"[" * 3000 + b"]" * 3000,
    "a list of lists": f"[[{json.dumps(_RECORD)}]]".encode(),
    "UTF-16": _TEXT.encode("utf-16"),
    "Latin-1": json.dumps([_RECORD | {"ChuHoSo": "Nguy\xean"}], ensure_ascii=False).encode("latin-1"),
    "half a letter": _TEXT.encode()[:-40] + b'\xe1\xba"}]',
    "a field twice": _TEXT.replace('"KenhThucHien": 2', '"KenhThucHien": 2, "KenhThucHien": 3').encode(),
    "a field in two cases": _TEXT.replace('"KenhThucHien": 2', '"KenhThucHien": 2, "kenhthuchien": 3').encode(),
    "a field of two names": _TEXT.replace('"MaHoSo"', '"Mã hồ sơ": "x", "MaHoSo"').encode(),
    "a field without a name": _TEXT.replace('"KenhThucHien": 2', '"KenhThucHien": 2, "": 3').encode(),
    "a field named like ours": _TEXT.replace(
        '"KenhThucHien"', '"delivery": 1, "source_row": 2, "extra": 3, "text:dossier_code": 4, "KenhThucHien"'
    ).encode(),
    "a field with quotes": _TEXT.replace('"KenhThucHien"', '"a\\"b\'c;--": 1, "KenhThucHien"').encode(),
    "values that nest": _TEXT.replace('"KenhThucHien": 2', '"KenhThucHien": {"a": [1, {"b": null}]}').encode(),
    "numbers beyond all": _TEXT.replace(": 4", ": 1e400").encode(),
    "not a number": _TEXT.replace(": 4", ": NaN").encode(),
    "a lone surrogate": _TEXT.replace(NAMES[0], "\\ud800").encode(),
    "a zero in a text": _TEXT.replace(NAMES[0], "a\\u0000b").encode(),
    "a very long value": _TEXT.replace(NAMES[0], "x" * 20_000_000).encode(),
    "no commas": _TEXT.replace(", ", " ").encode(),
    "two lists": (_TEXT + _TEXT).encode(),
    "a record a line": (json.dumps(_RECORD) + "\n" + json.dumps(_RECORD)).encode(),
    "a web page": b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
    "a zip of nothing": b"PK\x05\x06" + b"\x00" * 18,
    "a zip of a zip": zip_of({"hoso.zip": zip_of({"hoso.json": _TEXT.encode()})}),
    "a zip that climbs": zip_of({"../hoso.json": _TEXT.encode()}),
    "a zip of zeros": zip_of({"hoso.json": bytes(80 << 20)}),
    "a gzip of zeros": gzip.compress(bytes(80 << 20)),
    "a gzip that is cut": gzip.compress(_TEXT.encode())[:-9],
    "a hundred thousand fields": ("[{" + ",".join(f'"c{place}":0' for place in range(100_000)) + "}]").encode(),
    "entities that grow": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a><b>&b;</b></a>',
    "an entity from outside": b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><a><b>&a;</b></a>',
    "elements in elements": b"<a>" * 100_000,
    "half a Parquet": parquet_of([{"MaHoSo": "1"}])[:-20],
}
_REFUSED_AS = {
    "a zip of a zip": "file.unsafe",
    "a zip that climbs": "file.unsafe",
    "a zip of zeros": "file.unsafe",
    "a gzip of zeros": "file.unsafe",
    "a gzip that is cut": "file.unreadable",
    "a hundred thousand fields": "file.unsafe",
    "entities that grow": "file.unsafe",
    "an entity from outside": "file.unsafe",
    "elements in elements": "file.unsafe",
    "half a Parquet": "file.unreadable",
    "two lists": "file.unreadable",
    "a web page": "file.unreadable",
}
_SHEETS = ("identity_issuance", "work_file_processing", "digital_infrastructure", "procedure_catalogue")


def judged(sent: Sent) -> Receipt:
    """The receipt of a delivery in a home of its own; what it says is safe to show."""
    with TemporaryDirectory() as folder:
        home = open_home(folder)
        sent.land(home)
        assert len(record_sendings(home)) == 1
        (receipt,) = judge_pending(home, workers=1)
        check_whole(home)
    said = f"{receipt.refusal_vi} {receipt.refusal_en} {receipt.found_as}"
    assert found_in(said) == set()
    read = (receipt.rows_set_aside, receipt.rows_read, receipt.rows_structural)
    if None not in read:
        assert receipt.positions == sum(read[:2])  # type: ignore[arg-type]
        assert receipt.rows_read == receipt.rows_accepted + receipt.rows_quarantined + (receipt.rows_structural or 0)
    return receipt


def dossiers(content: bytes, name: str = "hoso.json") -> Sent:
    return Sent("one_stop_dossier", "VPUB", "2023-05-17", name, content, datetime(2023, 5, 18, tzinfo=LOCAL_TIME))


@pytest.mark.parametrize("kind", _HOSTILE)
@pytest.mark.parametrize("name", ["hoso.json", "hoso.csv"])
def test_a_hostile_text_file_gets_a_receipt(kind: str, name: str) -> None:
    receipt = judged(dossiers(_HOSTILE[kind], name))
    assert receipt.refusal_code == _REFUSED_AS.get(kind, receipt.refusal_code)


def test_a_sound_record_is_accepted() -> None:
    receipt = judged(dossiers(_TEXT.encode()))
    assert (receipt.status, receipt.rows_accepted) == ("accepted", 1)


@pytest.fixture(scope="session")
def workbooks(sendings: list[Sent]) -> dict[str, Sent]:
    """A whole workbook of each kind."""
    return {sent.extract: sent for sent in sendings if sent.extract in _SHEETS and len(sent.content) > 6000}


@pytest.mark.parametrize("extract", _SHEETS)
@pytest.mark.parametrize("kind", ["nothing", "zeros", "a web page", "a zip of nothing", "an empty list"])
def test_a_hostile_workbook_is_refused(workbooks: dict[str, Sent], extract: str, kind: str) -> None:
    receipt = judged(replace(workbooks[extract], content=_HOSTILE[kind]))
    assert receipt.refusal_code in {"file.unreadable", "file.empty"}


@st.composite
def damage(draw: st.DrawFn) -> list[tuple[float, bytes]]:
    """Places in a file, as shares of its length, and the bytes that are written over them."""
    return draw(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4))


def damaged(content: bytes, places: list[tuple[float, bytes]], kept: float) -> bytes:
    spoilt = bytearray(content)
    for place, written in places:
        at = int(place * (len(spoilt) - 1))
        spoilt[at : at + len(written)] = written
    return bytes(spoilt[: max(1, int(kept * len(spoilt)))])


_KEPT = st.just(1.0) | st.floats(0, 1)
_DAMAGE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@_DAMAGE
@given(damage(), _KEPT)
def test_a_damaged_text_file_gets_a_receipt(places: list[tuple[float, bytes]], kept: float) -> None:
    judged(dossiers(damaged(_TEXT.encode(), places, kept)))


@pytest.mark.parametrize("kind", FORMATS)
@settings(_DAMAGE, max_examples=5)
@given(places=damage(), kept=_KEPT)
def test_a_damaged_file_of_any_format_gets_a_receipt(kind: str, places: list[tuple[float, bytes]], kept: float) -> None:
    table = [{title: str(value or "") for title, value in _RECORD.items()}] * 3
    judged(dossiers(damaged(FORMATS[kind](table), places, kept), f"hoso.{kind}"))
    judged(dossiers(damaged(zip_of({f"hoso.{kind}": FORMATS[kind](table)}), places, kept), "hoso.zip"))


@pytest.mark.slow
@settings(_DAMAGE, max_examples=150)
@given(st.sampled_from(_SHEETS), damage(), _KEPT)
def test_a_damaged_workbook_gets_a_receipt(
    workbooks: dict[str, Sent], extract: str, places: list[tuple[float, bytes]], kept: float
) -> None:
    sent = workbooks[extract]
    judged(replace(sent, content=damaged(sent.content, places, kept)))
