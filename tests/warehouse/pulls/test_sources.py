"""The file of sources: everything wrong with it is told by place, in both languages, and never what somebody wrote there."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from schemas.periods import is_period_of
from tests.warehouse.pulls.conftest import SECRET, Fetching
from warehouse.pulls.pulling import last_note, periods_due, pull_all
from warehouse.pulls.sources import SourcesInvalid, read_sources, sources_file

HTTP = 'extract = "one_stop_dossier"\nsupplier = "VPUB"\nkind = "http"\nurl = "https://dvc.example.vn/hoso"\n'
ODBC = '[sources.a]\nextract = "one_stop_dossier"\nsupplier = "VPUB"\nkind = "odbc"\nsql = "a.sql"\n'


def test_a_home_without_the_file_has_no_sources(fetching: Fetching) -> None:
    assert read_sources(fetching.home) == {}
    assert pull_all(fetching.home) == []


def test_the_example_of_the_deployment_can_be_read(
    fetching: Fetching, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = project_root / "deploy" / "pulls.toml"
    monkeypatch.setenv("WAREHOUSE_PULLS", str(example))
    assert str(sources_file(fetching.home)) == str(example)
    sources = read_sources(fetching.home)
    assert {source.kind for source in sources.values()} == {"http", "postgres", "mysql", "odbc"}
    assert len(tomllib.loads(example.read_text(encoding="utf-8"))["sources"]) == len(sources)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sources.a]\nkind = x", "line 2, column 8"),
        ('[sources.a]\nkind = "ftp"', "sources.a: không có loại nguồn này"),
        ("[sources.a]\n" + HTTP.replace("VPUB", "KHAC"), "“KHAC” does not owe it; VPUB does"),
        ("[sources.a]\n" + HTTP.replace("one_stop_dossier", "khac"), "there is no extract “khac”"),
        (f'[sources.a]\n{HTTP}password = "{SECRET}"', "sources.a.http.password: không có khoá này"),
        (
            f'[sources.a]\n{HTTP}headers_from = {{ Authorization = "Bearer {SECRET}" }}',
            "phải là tên một biến môi trường",
        ),
        ("[sources.a]\n" + HTTP.replace("//", f"//kho:{SECRET}@"), "no password in the url"),
        ("[sources.a]\n" + HTTP.replace("https", "ftp"), "url must begin with https://"),
        (
            "[sources.a]\n" + HTTP.replace("https", "http") + 'headers_from = { Authorization = "A" }',
            "a secret would travel unencrypted",
        ),
        (f"[sources.a]\n{HTTP}lookback = 0", "sources.a.http.lookback: giá trị không dùng được"),
        (f'[sources.a]\n{HTTP}paging = {{ by = "cursor" }}', "thiếu / missing: parameter, at"),
        (f'[sources.a]\n{HTTP}paging = {{ by = "page", parameter = "p", size = 5 }}', "size and size_parameter"),
        (f'[sources."../x"]\n{HTTP}', "name of a source: “../x”"),
        (
            f'{ODBC}connection = "DSN=a;PWD={SECRET}"',
            "no password in connection",
        ),
    ],
)
def test_what_is_wrong_is_told_by_place_and_never_quoted(fetching: Fetching, text: str, said: str) -> None:
    fetching.declare(text)
    with pytest.raises(SourcesInvalid) as raised:
        read_sources(fetching.home)
    assert said in str(raised.value)
    assert "pulls.toml: " in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_named_file_that_is_not_there_is_told(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_PULLS", "/khong/co/pulls.toml")
    with pytest.raises(SourcesInvalid, match="there is no such file"):
        read_sources(fetching.home)


def test_a_source_that_fails_does_not_keep_the_others_from_being_asked(fetching: Fetching) -> None:
    database = 'extract = "one_stop_dossier"\nsupplier = "VPUB"\nkind = "postgres"\nhost = "127.0.0.1"\nport = 1\n'
    database += 'database = "a"\nuser = "a"\nsql = "khong_co.sql"\n'
    fetching.declare(
        f"[sources.khong_sql]\n{database}\n"
        f"[sources.khong_nghe]\n{HTTP.replace('https://dvc.example.vn', 'http://127.0.0.1:1')}attempts = 1\n"
        f"[sources.khong_may]\n{database.replace('khong_co', 'co')}",
        co="SELECT 1 AS a",
    )
    notes = pull_all(fetching.home, period="2023-05-17", environment={})
    assert [(note.source, note.code) for note in notes] == [
        ("khong_sql", "pull.bad_query"),
        ("khong_nghe", "pull.unreachable"),
        ("khong_may", "pull.unreachable"),
    ]
    assert [last_note(fetching.home, note.source) for note in notes] == notes
    assert "Connection refused" in str(notes[2].reason_en)


@pytest.mark.parametrize(
    ("extract", "supplier", "due"),
    [
        ("one_stop_dossier", "VPUB", ["2024-02-27", "2024-02-28", "2024-02-29"]),
        ("satisfaction_response", None, ["2023-12", "2024-01", "2024-02"]),
        ("digital_infrastructure", None, ["2023-Q2", "2023-Q3", "2023-Q4"]),
        ("identity_issuance", None, ["2024-W06", "2024-W07", "2024-W08"]),
        ("procedure_catalogue", None, ["2024-03-01"]),
    ],
)
def test_the_periods_asked_for_are_the_last_that_have_ended(
    fetching: Fetching, extract: str, supplier: str | None, due: list[str]
) -> None:
    from schemas.extracts import all_extracts

    contract = all_extracts()[extract]
    fetching.declare(
        "[sources.a]\nlookback = 3\n"
        + HTTP.replace("one_stop_dossier", extract).replace("VPUB", supplier or contract.suppliers[0])
    )
    source = read_sources(fetching.home)["a"]
    assert periods_due(source, date(2024, 3, 1)) == due
    assert all(is_period_of(period, contract.cadence) for period in due)


def test_a_list_that_has_not_changed_since_another_day_makes_no_sending(fetching: Fetching) -> None:
    from tests.warehouse.pulls.service import serving

    with serving([{"MaTTHC": "1.000001", "TenTTHC": "Thủ tục"}]) as service:
        fetching.declare(
            "[sources.a]\n"
            + HTTP.replace("one_stop_dossier", "procedure_catalogue").replace(
                "https://dvc.example.vn/hoso", service.address
            )
            + 'records = "data.items"'
        )
        assert fetching.pull({}, "2024-03-01").outcome == "landed"
        assert fetching.pull({}, "2024-03-02").outcome == "unchanged"
        service.records.append({"MaTTHC": "1.000002", "TenTTHC": "Thủ tục khác"})
        assert fetching.pull({}, "2024-03-03").outcome == "landed"
        assert fetching.pull({}, "2024-03-04").outcome == "unchanged"
    assert [file.parent.name for file in fetching.landed()] == ["2024-03-01", "2024-03-03"]
