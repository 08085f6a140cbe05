"""Packs a ledger that this version writes, to be read by all later ones: `python -m tests.warehouse.old_ledgers.write 0.1`.

Once per version, never again for the same one: what is kept is what that version really wrote.
"""

from __future__ import annotations

import os
import sys
import tarfile
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.keys import KEY_FILE_VARIABLE
from warehouse.release import build_release
from warehouse.storage import open_home

HERE = Path(__file__).parent
_GOLDEN = HERE.parents[1] / "golden"
_EXTRACTS = {
    "digital_infrastructure": "STTTT",
    "dossier_payment": "VPUB",
    "identity_issuance": "CATB",
    "one_stop_dossier": "VPUB",
    "procedure_catalogue": "VPUB",
    "work_file_processing": "STTTT",
}
_RECEIVED_AT = 1_700_000_000


def write(version: str) -> Path:
    """Take in golden deliveries, publish, and pack ledger, archive and records."""
    with TemporaryDirectory() as folder:
        os.environ[KEY_FILE_VARIABLE] = str(Path(folder) / "token.key")
        home = open_home(Path(folder) / "home")
        for number, file in enumerate(_files()):
            extract, period = file.parts[-3:-1]
            target = Path(str(home.landing)) / extract / _EXTRACTS[extract] / period
            target.mkdir(parents=True)
            copy(file, target)
            os.utime(target / file.name, (_RECEIVED_AT + number, _RECEIVED_AT + number))
        record_sendings(home)
        judge_pending(home, workers=1)
        outcome = build_release(home)
        assert outcome.is_published, outcome.failed_audits
        packed = HERE / f"{version}.tar.xz"
        with tarfile.open(packed, "x:xz") as tar:
            for room in ("archive", "ledger", "records"):
                tar.add(str(home.root / room), room, filter=_nobodys)
        return packed


def _files() -> list[Path]:
    return sorted(
        file
        for extract in _EXTRACTS
        for file in (_GOLDEN / extract).glob("*/*")
        if not file.name.startswith("expected_")
    )


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    write(sys.argv[1])
