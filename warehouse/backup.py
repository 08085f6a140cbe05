"""Backups: a copy of what cannot be made again, and bringing it back whole.

In it are the archive, the ledger, the records of releases, the moves of the pointer and people's decisions; releases, pages
and returns are made again from these. The keys are not in it: copies of both together would undo what the tokens protect.
Trying a backup out belongs in `drill`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from upath import UPath

from warehouse import archive, keys, publishing
from warehouse.asking import ask
from warehouse.ledger import (
    LOCAL_TIME,
    Receipt,
    Sending,
    judgement_folder,
    read_receipts,
    read_sendings,
    receipts_under,
)
from warehouse.parquet import SEALED
from warehouse.sql_models import SQL_ROOT
from warehouse.storage import PART, Home, copy_file, open_home, put_bytes

FORMAT = 1
MANIFEST = "backup.json"
_ROOMS = ("archive", "ledger", "records")
_MOVES = f"releases/{publishing.MOVES_FILE}"
_PUBLICATIONS = "records/publications"
_RECEIPTS = frozenset({"receipt.json", "rule_set.json", publishing.RECORD_FILE})
_AT_ONCE = 8

OnFile = Callable[[str, int], None]
"""Called after each file with its room and 1."""
Answers = Mapping[str, list[list[str]]]
"""Rows of the answers to the drill's queries, by query, as text."""


class RestoreRefused(Exception):
    """The backup cannot be restored there; the message says why in both languages."""


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself. Its sendings and judgements may be more than it counts, never fewer.

    `answers` are those of the current release to the drill's queries: sums and codes, nobody's data.
    """

    format: int
    made_at: datetime
    current_release: str | None
    token_key_ids: tuple[str, ...]
    is_sealed: bool
    sendings: int
    judgements: int
    answers: Answers


@dataclass(frozen=True)
class Copied:
    """What one run of a backup came to: files and bytes it had to copy, and all that the backup holds now."""

    backup: Backup
    files: int
    size_bytes: int
    all_files: int


@dataclass(frozen=True)
class Restored:
    """A restored home, and what is wrong with it, each in both languages; nothing when it is whole."""

    home: Home
    backup: Backup
    files_checked: int
    problems: tuple[str, ...]


def back_up(home: Home, target: UPath, *, on_file: OnFile | None = None) -> Copied:
    """Copy what `target` does not have yet. Sound while a run is on: receipts are looked up first and copied last.

    Nothing in a home is ever overwritten, and the moves of the pointer only grow: a file that is there with the same size is
    the same file.
    """
    release = publishing.find_release(home)
    if release is not None:
        publishing.keep_record(home, release.folder, release.release_id)
    receipts = {path: size for path, size in _listed(home.root) if _is_receipt(path)}
    judged = {path.rpartition("/")[0] for path in receipts}
    data = {path: size for path, size in _listed(home.root) if _is_data_of(path, judged)}
    there = dict(_listed(target))
    copied_files, copied_bytes = 0, 0
    for stage in (data, receipts):
        new = {path: size for path, size in stage.items() if there.get(path) != size}
        _copy_all(home.root, target, new, on_file)
        copied_files, copied_bytes = copied_files + len(new), copied_bytes + sum(new.values())
    backup = _described(home, receipts, release)
    put_bytes(target / MANIFEST, orjson.dumps(asdict(backup), option=orjson.OPT_INDENT_2))
    return Copied(backup, copied_files, copied_bytes, len(data) + len(receipts))


def read_backup(source: UPath) -> Backup:
    """What a backup says of itself; RestoreRefused when there is none, or one of a newer version."""
    file = source / MANIFEST
    if not file.exists():
        raise RestoreRefused(f"Không có bản sao lưu ở đây / There is no whole backup here: {source}")
    said = orjson.loads(file.read_bytes())
    if said["format"] > FORMAT:
        raise RestoreRefused(
            f"Bản sao lưu thuộc phiên bản mới hơn ({said['format']} > {FORMAT}), hãy nâng cấp phần mềm."
            f" / The backup was made by a newer version ({said['format']} > {FORMAT}); upgrade first."
        )
    return Backup(
        **{**said, "made_at": datetime.fromisoformat(said["made_at"]), "token_key_ids": tuple(said["token_key_ids"])}
    )


def restore(source: UPath, path: str | Path, *, on_file: OnFile | None = None) -> Restored:
    """Bring a backup back as the home at `path`, which must be empty, and check every file of it.

    Raises RestoreRefused when it is not, or when the source is no backup that this version can read.
    """
    backup = read_backup(source)
    home = open_home(path)
    if next(home.root.iterdir(), None) is not None:
        raise RestoreRefused(f"Thư mục không trống / The folder is not empty: {home.root}")
    files = dict(_listed(source))
    for wanted in (False, True):
        _copy_all(source, home.root, {path: n for path, n in files.items() if _is_receipt(path) is wanted}, on_file)
    problems = tuple(_problems(home, backup, on_file))
    return Restored(home, backup, len(files), problems)


@cache
def drill_queries() -> Mapping[str, str]:
    """The queries that a restored warehouse must answer as the original did, by name."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(SQL_ROOT.glob("drill/*.sql"))}


def as_texts(rows: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    """Rows of an answer as they are kept and compared."""
    return [[str(value) for value in row] for row in rows]


def _described(home: Home, receipts: Mapping[str, int], release: publishing.PublishedRelease | None) -> Backup:
    return Backup(
        format=FORMAT,
        made_at=datetime.now(LOCAL_TIME),
        current_release=release.release_id if release else None,
        token_key_ids=tuple(sorted({receipt.key_id for receipt in read_receipts(home).values()})),
        is_sealed=keys.encryption_key() is not None,
        sendings=sum(path.startswith("ledger/sendings/") for path in receipts),
        judgements=sum(path.endswith("/receipt.json") for path in receipts),
        answers={
            name: as_texts(ask(release.folder / publishing.ANALYST_FILE, query).rows)
            for name, query in drill_queries().items()
        }
        if release
        else {},
    )


def _listed(root: UPath) -> Iterator[tuple[str, int]]:
    """The files of a home or a backup by their path below it, with their sizes; what is half-written is left out."""
    for room in _ROOMS:
        folder = root / room
        if not folder.exists():
            continue
        base = len(str(root.path).rstrip("/")) + 1
        for name, entry in folder.fs.find(folder.path, detail=True).items():
            if not name.rpartition("/")[2].startswith(PART):
                yield name[base:], int(entry["size"])
    if (moves := root / _MOVES).exists():
        yield _MOVES, moves.stat().st_size


def _is_receipt(path: str) -> bool:
    """Whether a file says that others are there: it is copied after them."""
    folder, _, name = path.rpartition("/")
    return name in _RECEIPTS or folder == "ledger/sendings" or (folder == _PUBLICATIONS and name.endswith(".json"))


def _is_data_of(path: str, judged: set[str]) -> bool:
    """Whether a file is data; rows of a judgement that has no receipt yet are not."""
    if _is_receipt(path):
        return False
    return not path.startswith("ledger/judgements/") or path.rpartition("/")[0] in judged


def _copy_all(source: UPath, target: UPath, files: Mapping[str, int], on_file: OnFile | None) -> None:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for path, _ in zip(files, pool.map(partial(_copy_one, source, target), files), strict=True):
            if on_file:
                on_file(path.partition("/")[0], 1)


def _copy_one(source: UPath, target: UPath, path: str) -> None:
    copy_file(source / path, target / path)


def _problems(home: Home, backup: Backup, on_file: OnFile | None) -> Iterator[str]:
    if backup.is_sealed and keys.encryption_key() is None:
        yield (
            f"Bản sao lưu được mã hoá, cần ${keys.ENCRYPTION_VARIABLE} để kiểm tra."
            f" / The backup is sealed; ${keys.ENCRYPTION_VARIABLE} is needed to check it."
        )
        return
    sendings = {sending.sha256: sending for sending in read_sendings(home)}
    receipts = _all_receipts(home)
    recorded = sum(1 for _ in (home.ledger / "sendings").iterdir()) if (home.ledger / "sendings").exists() else 0
    for vi, en, said, found in (
        ("lần gửi", "sendings", backup.sendings, recorded),
        ("biên nhận", "receipts", backup.judgements, len(receipts)),
    ):
        if found < said:
            yield f"Thiếu {vi}: có {found}, cần {said}. / {en} are missing: {found} found, {said} expected."
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for problem in (
            *pool.map(partial(_problem_of_bytes, home), sendings.values()),
            *pool.map(partial(_problem_of_rows, home), receipts),
        ):
            if on_file:
                on_file("checked", 1)
            if problem:
                yield problem


def _all_receipts(home: Home) -> list[Receipt]:
    """The receipts of every rule-set that was ever judged under."""
    judgements = home.ledger / "judgements"
    rule_sets = sorted(folder.name for folder in judgements.iterdir()) if judgements.exists() else []
    return [receipt for rule_set in rule_sets for receipt in receipts_under(home, rule_set).values()]


def _problem_of_bytes(home: Home, sending: Sending) -> str | None:
    digest = hashlib.sha256()
    try:
        with archive.open_bytes(home, sending.sha256) as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except FileNotFoundError:
        return f"archive: {sending.sha256}: thiếu tệp / the file is missing"
    except (zstandard.ZstdError, ValueError, OSError) as error:
        return f"archive: {sending.sha256}: không đọc được / cannot be read ({type(error).__name__})"
    if digest.hexdigest() != sending.sha256:
        return f"archive: {sending.sha256}: nội dung đã đổi / the content is another ({digest.hexdigest()})"
    return None


def _problem_of_rows(home: Home, receipt: Receipt) -> str | None:
    folder = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id)
    for name, rows in receipt.files.items():
        file = folder / f"{name}.parquet"
        where = f"ledger: {receipt.delivery_id}: {file.name}"
        if file.with_name(file.name + SEALED).exists():
            continue
        if not file.exists():
            return f"{where}: thiếu tệp / the file is missing"
        try:
            with file.open("rb") as stream:
                found = pq.read_metadata(stream).num_rows
        except (pa.ArrowException, OSError) as error:
            return f"{where}: không đọc được / cannot be read ({type(error).__name__})"
        if found != rows:
            return f"{where}: {found} dòng, cần {rows} / {found} rows, {rows} expected"
    return None
