"""Backups: only what is new is copied, what is damaged is named, and nothing is written over."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from upath import UPath

from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse import archive, backup, keys, publishing, storage
from warehouse.archive import open_bytes
from warehouse.backup import RestoreRefused, back_up, drill_queries, restore
from warehouse.drill import drill
from warehouse.ledger import read_receipts, read_sendings
from warehouse.publishing import current_id
from warehouse.release import build_release
from warehouse.sql_models import Clearance, load_models, tables_read
from warehouse.storage import Home, open_home


@pytest.fixture
def ledger(tmp_path: Path) -> LedgerKit:
    """A ledger of two sendings with their bytes; nothing is published."""
    kit = LedgerKit(open_home(tmp_path / "home"))
    for day in ("2023-05-17", "2023-05-18"):
        send(kit, day)
    return kit


def send(kit: LedgerKit, day: str) -> None:
    file = Path(str(kit.home.root)).parent / f"{day}.json"
    file.write_text(f"[{day}]")
    kit.send("one_stop_dossier", day, [{}], archived=file)


@pytest.fixture
def target(tmp_path: Path) -> UPath:
    return UPath(tmp_path / "backup")


def test_a_restored_home_has_the_sendings_the_receipts_and_the_bytes(
    ledger: LedgerKit, target: UPath, tmp_path: Path
) -> None:
    back_up(ledger.home, target)
    restored = restore(target, tmp_path / "new")
    assert restored.problems == ()
    assert read_sendings(restored.home) == read_sendings(ledger.home)
    assert read_receipts(restored.home) == read_receipts(ledger.home)
    for sending in ledger.sent:
        with open_bytes(restored.home, sending.sha256) as stream:
            assert stream.read() == f"[{sending.period}]".encode()


def test_only_new_files_are_copied(ledger: LedgerKit, target: UPath) -> None:
    first = back_up(ledger.home, target)
    assert (first.files, first.files == first.all_files) == (first.all_files, True)
    assert back_up(ledger.home, target).files == 0
    send(ledger, "2023-05-19")
    again = back_up(ledger.home, target)
    assert 0 < again.files < first.files
    assert again.all_files == first.all_files + again.files


def test_a_backup_goes_to_any_file_system(ledger: LedgerKit, tmp_path: Path) -> None:
    target = UPath(f"memory://backups/{tmp_path.name}")
    back_up(ledger.home, target)
    assert back_up(ledger.home, target).files == 0
    restored = restore(target, tmp_path / "new")
    assert restored.problems == ()
    assert read_sendings(restored.home) == read_sendings(ledger.home)


@pytest.mark.slow
@pytest.mark.usefixtures("bucket")
def test_a_backup_on_s3_is_restored_and_passes_the_drill(ledger: LedgerKit, tmp_path: Path) -> None:
    """Also after more has come, and not when an object of it is lost."""
    target = UPath(f"s3://gui-tep/{tmp_path.name}-backup")
    assert build_release(ledger.home).is_published
    back_up(ledger.home, target)
    send(ledger, "2023-05-19")
    assert build_release(ledger.home).is_published
    again = back_up(ledger.home, target)
    assert 0 < again.files < again.all_files

    restored = restore(target, tmp_path / "new")
    assert restored.problems == ()
    assert read_sendings(restored.home) == read_sendings(ledger.home)
    tried = drill(target, scratch=tmp_path)
    assert tried.has_passed
    assert (tried.release_id, tried.queries) == (current_id(ledger.home), 10)

    archive.path_of(Home(target), ledger.sent[0].sha256).unlink()
    (problem,) = drill(target, scratch=tmp_path).restored.problems
    assert ledger.sent[0].sha256 in problem


def test_receipts_are_copied_after_everything_they_speak_of(
    ledger: LedgerKit, target: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    copy = storage.copy_file

    def watched(source: UPath, to: UPath) -> None:
        order.append(str(source))
        copy(source, to)

    monkeypatch.setattr(backup, "_AT_ONCE", 1)
    monkeypatch.setattr(backup, "copy_file", watched)
    back_up(ledger.home, target)
    is_receipt = ["/sendings/" in path or path.endswith(("receipt.json", "rule_set.json")) for path in order]
    assert is_receipt == sorted(is_receipt)
    assert set(is_receipt) == {False, True}


def test_a_publication_is_copied_after_the_figures_that_it_changed(
    ledger: LedgerKit, target: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that dies in between leaves figures of no publication, never a publication that cannot be read."""
    assert build_release(ledger.home).is_published
    order: list[str] = []
    copy = storage.copy_file

    def watched(source: UPath, to: UPath) -> None:
        order.append(f"{source.parent.name}/{source.name}")
        copy(source, to)

    monkeypatch.setattr(backup, "_AT_ONCE", 1)
    monkeypatch.setattr(backup, "copy_file", watched)
    back_up(ledger.home, target)
    last_rows = max(at for at, path in enumerate(order) if path.endswith(".parquet"))
    assert order.index("publications/000001.json") > last_rows


def test_a_home_whose_disk_is_full_is_backed_up(
    ledger: LedgerKit, target: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is then that one is wanted."""
    assert build_release(ledger.home).is_published

    def no_room(place: UPath, content: bytes) -> None:
        if str(place).startswith(str(ledger.home.root)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        storage.put_bytes(place, content)

    for module in (backup, publishing):
        monkeypatch.setattr(module, "put_bytes", no_room)
    assert back_up(ledger.home, target).backup.current_release == current_id(ledger.home)


def test_rows_without_a_receipt_are_left_out(ledger: LedgerKit, target: UPath) -> None:
    receipt = next(Path(str(ledger.home.ledger)).glob("judgements/*/*/receipt.json"))
    receipt.unlink()
    back_up(ledger.home, target)
    assert not (target / "ledger" / "judgements" / receipt.parent.parent.name / receipt.parent.name).exists()


def archived(home: UPath, ledger: LedgerKit) -> Path:
    return Path(str(archive.path_of(Home(home), ledger.sent[0].sha256)))


def cut(file: Path) -> None:
    os.truncate(file, 7)


@pytest.mark.parametrize("harm", [Path.unlink, cut])
def test_damaged_bytes_of_a_backup_are_named(ledger: LedgerKit, target: UPath, tmp_path: Path, harm: object) -> None:
    back_up(ledger.home, target)
    assert callable(harm)
    harm(archived(target, ledger))
    (problem,) = restore(target, tmp_path / "new").problems
    assert ledger.sent[0].sha256 in problem


def test_bytes_that_are_another_files_are_named(ledger: LedgerKit, target: UPath, tmp_path: Path) -> None:
    back_up(ledger.home, target)
    shutil.copy(Path(str(archive.path_of(Home(target), ledger.sent[1].sha256))), archived(target, ledger))
    (problem,) = restore(target, tmp_path / "new").problems
    assert "the content is another" in problem


def test_a_lost_receipt_is_noticed(ledger: LedgerKit, target: UPath, tmp_path: Path) -> None:
    back_up(ledger.home, target)
    next(Path(str(target)).glob("ledger/judgements/*/*/receipt.json")).unlink()
    (problem,) = restore(target, tmp_path / "new").problems
    assert "receipts are missing: 1 found, 2 expected" in problem


def test_nothing_is_restored_over_something(ledger: LedgerKit, target: UPath, tmp_path: Path) -> None:
    back_up(ledger.home, target)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a file").touch()
    with pytest.raises(RestoreRefused, match="not empty"):
        restore(target, tmp_path / "full")
    with pytest.raises(RestoreRefused, match="no whole backup"):
        restore(UPath(tmp_path / "nothing"), tmp_path / "new")


def test_a_backup_of_a_newer_version_is_refused_in_both_languages(
    ledger: LedgerKit, target: UPath, tmp_path: Path
) -> None:
    back_up(ledger.home, target)
    manifest = target / backup.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": backup.FORMAT + 1}))
    with pytest.raises(RestoreRefused, match=r"nâng cấp phần mềm.*upgrade first"):
        restore(target, tmp_path / "new")


def test_the_key_is_named_and_not_copied(ledger: LedgerKit, target: UPath) -> None:
    secret = keys.token_key().secret.hex()
    said = back_up(ledger.home, target).backup
    assert said.token_key_ids == ("0" * 16,)
    for file in Path(str(target)).rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes()


def test_the_drill_asks_ten_questions_whose_answers_anybody_may_keep() -> None:
    cleared = {model.name: set(model.visible_columns(Clearance.ANALYST)) for model in load_models()}
    assert len(drill_queries()) == 10
    for name, query in drill_queries().items():
        for table in tables_read(Path(name), query):
            assert cleared[table], table
