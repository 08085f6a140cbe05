"""Titles: a synonym counts once it is confirmed, a likeness never; what stands for all titles changes when they do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from schemas import rule_set, synonyms
from schemas.extracts import all_extracts
from warehouse import headers

FORM = all_extracts()["work_file_processing"]
TITLES = [column.headers[0] for column in FORM.columns]
RENAMED = ["Tổng hồ sơ công việc" if title == "Tổng số hồ sơ công việc" else title for title in TITLES]


@pytest.fixture
def remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of synonyms of our own; what a process has read once is forgotten before and after."""
    file = tmp_path / "synonyms.csv"
    file.write_text(synonyms.FILE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(synonyms, "FILE", file)
    _forget()
    yield file
    _forget()


def _forget() -> None:
    for read_once in (synonyms.confirmed, headers._known, rule_set.rule_set_of):
        read_once.cache_clear()


def confirm(title: str, column: str) -> str:
    result = CliRunner().invoke(app, ["synonym", "confirm", FORM.name, title, column])
    return f"{result.exit_code} {result.output}"


def test_a_likeness_is_suggested_and_never_applied() -> None:
    matched = headers.match(RENAMED, FORM)
    assert "files_total" in matched.missing
    refusal = headers.incomplete(matched, FORM)
    assert refusal is not None
    assert refusal.found == "Tổng số hồ sơ công việc (≈ Aaaa aa aa aaaa aaaa?)"


@pytest.mark.parametrize("title", ["Nguyễn Văn An", "034190000123", "Số hồ sơ", "x" * 1_000_000])
def test_what_looks_like_nothing_is_left_alone_and_not_shown(title: str) -> None:
    said = headers.with_likely([title], ["files_total", "files_online"], FORM)
    assert "≈" not in said
    assert said == headers.shown([title])


def test_a_column_that_is_there_is_not_suggested() -> None:
    assert "≈" in headers.with_likely(["Tên đơn vi"], ["agency_name"], FORM)
    assert "≈" not in headers.with_likely(["Tên đơn vi"], ["files_total"], FORM)


def test_a_confirmed_title_is_read_from_then_on(remembered: Path) -> None:
    other = all_extracts()["taxpayer"]
    before, of_other = rule_set.rule_set_of(FORM).id, rule_set.rule_set_of(other).id
    said = confirm("Tổng  hồ sơ công việc", "files_total")
    assert said.startswith("0"), said
    _forget()
    assert headers.match(RENAMED, FORM).missing == ()
    assert rule_set.rule_set_of(FORM).id != before
    assert rule_set.rule_set_of(other).id == of_other
    assert remembered.read_text(encoding="utf-8").count("work_file_processing") == 1


@pytest.mark.parametrize(
    ("title", "column", "why"),
    [
        ("Tỷ lệ", "no_such_column", "no such column"),
        ("Tổng số hồ sơ công việc", "files_online", "stands for a column already: files_total"),
        ("  ", "files_online", "empty"),
    ],
)
def test_what_cannot_be_confirmed_is_said(remembered: Path, title: str, column: str, why: str) -> None:
    before = remembered.read_text(encoding="utf-8")
    said = confirm(title, column)
    assert said.startswith("2")
    assert why in said
    assert remembered.read_text(encoding="utf-8") == before


def test_every_confirmed_title_means_a_column_there_is_and_nothing_else() -> None:
    for extract in all_extracts().values():
        declared = {key: column.name for column in extract.columns for key in headers.keys_of(column.headers)}
        for title, column in synonyms.confirmed(extract.name).items():
            assert column in {known.name for known in extract.columns}
            assert headers.keys_of([title])[0] not in declared


def test_what_stands_for_titles_changes_with_them_and_not_with_their_spelling() -> None:
    usual = headers.match(TITLES, FORM).fingerprint
    spelled = [f" {title.upper()} " for title in TITLES]
    assert headers.match(spelled, FORM).fingerprint == usual
    others = [TITLES[::-1], TITLES[:-1], [*TITLES, "Ghi chú"], RENAMED]
    fingerprints = {headers.match(titles, FORM).fingerprint for titles in others}
    assert len(fingerprints | {usual}) == 1 + len(others)
