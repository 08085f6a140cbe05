"""What earlier versions wrote is read, what a later one wrote is refused in both languages."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

import pytest

from pipelines import cli
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.formats import LEDGER_FORMAT, RELEASE_FORMAT, NewerFormatError
from warehouse.ledger import read_sendings
from warehouse.locking import writing
from warehouse.publishing import kept_record, list_releases, recorded_ids
from warehouse.release import rebuilt
from warehouse.storage import Home, open_home

OLD = Path(__file__).parent / "old_ledgers"
LARGEST_PACKED_BYTES = 200_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.mark.parametrize("packed", sorted(OLD.glob("*.tar.xz")), ids=lambda packed: packed.name)
def test_a_release_is_built_from_the_ledger_of_an_earlier_version(packed: Path, home: Home) -> None:
    """Facts come out as written beside the ledger. Where a fact was changed on purpose, REWRITE_GOLDEN=1 writes anew."""
    assert packed.stat().st_size < LARGEST_PACKED_BYTES
    with tarfile.open(packed) as tar:
        tar.extractall(str(home.root), filter="data")
    (release_id,) = recorded_ids(home)
    record = kept_record(home, release_id)
    assert record is not None
    with rebuilt(home, record) as (_, contents):
        found = {name: [*content] for name, content in contents.items() if name.startswith("core.fact_") and content[0]}
    beside = packed.with_name(packed.name.replace(".tar.xz", ".json"))
    if os.environ.get("REWRITE_GOLDEN"):
        beside.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    expected = json.loads(beside.read_text(encoding="utf-8"))
    assert found == expected
    assert len(expected) == 5


def test_there_is_a_ledger_of_an_earlier_version() -> None:
    assert list(OLD.glob("*.tar.xz"))


def test_a_ledger_of_a_newer_version_is_neither_read_nor_written(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    LedgerKit(home).send("one_stop_dossier", "2023-05-17", [{}])
    written = home.ledger / "format.json"
    assert json.loads(written.read_text()) == {"format": LEDGER_FORMAT}
    written.write_text(json.dumps({"format": LEDGER_FORMAT + 1}))
    with pytest.raises(NewerFormatError, match=r"hãy nâng cấp phần mềm\. / .*upgrade first"):
        read_sendings(home)
    with pytest.raises(NewerFormatError), writing(home):
        pass
    monkeypatch.setattr("sys.argv", ["warehouse", "run", "--home", str(home.root)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "phiên bản mới hơn" in said
    assert "Traceback" not in said


def test_a_release_of_a_newer_version_is_not_opened(home: Home) -> None:
    folder = Path(str(home.releases)) / ("a" * 16)
    folder.mkdir(parents=True)
    record = {"format": RELEASE_FORMAT + 1, "release_id": folder.name, "built_at": "2030-01-01T00:00:00+07:00"}
    (folder / "release.json").write_text(json.dumps(record))
    with pytest.raises(NewerFormatError, match=f"release {folder.name}"):
        list_releases(home)
