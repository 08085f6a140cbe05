"""Pulling: a source is asked for a period, and what it answers is put into landing, with a manifest, like any other file.

The same content again makes no file and so no sending. A note of every answer is kept by source and period; it is what
doctors and pages look at, and losing it costs no more than a file that the ledger then knows for a duplicate.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
from upath import UPath

from schemas.extracts import all_extracts
from schemas.periods import Cadence, is_period_of, of_day, span
from warehouse import archive, landing
from warehouse.ledger import LOCAL_TIME
from warehouse.pulls import database, http_api
from warehouse.pulls.fetching import Answer, NotModified, PullFailed, Secrets, Window
from warehouse.pulls.sources import (
    HttpSource,
    Source,
    SourcesInvalid,
    definition_of,
    query_text,
    read_sources,
)
from warehouse.storage import Home, put_bytes, put_file

LANDED, UNCHANGED, EMPTY, FAILED = "landed", "unchanged", "empty", "failed"
ORIGIN = "pulled"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Note:
    """What came of asking a source for a period: `landed`, `unchanged`, `empty` (no rows yet) or `failed` with the reason.

    What is said of `landed_*` and `etag` is about the last answer that became a file, whatever came afterwards.
    """

    source: str
    extract: str
    supplier: str
    period: str
    pulled_at: datetime
    outcome: str
    code: str | None = None
    reason_vi: str | None = None
    reason_en: str | None = None
    rows: int | None = None
    pages: int | None = None
    landed_as: str | None = None
    landed_sha256: str | None = None
    landed_at: datetime | None = None
    etag: str | None = None
    definition: str | None = None
    """Digest of the source's declaration and query as they were for `etag`."""

    @property
    def is_well(self) -> bool:
        """Whether the source answered."""
        return self.outcome != FAILED


def pull_all(
    home: Home,
    *,
    name: str | None = None,
    extract: str | None = None,
    period: str | None = None,
    on_note: Callable[[Note], None] = lambda _: None,
    environment: Mapping[str, str] = os.environ,
) -> list[Note]:
    """Ask every source, or the one named, or those of an extract, for the periods it is due to be asked for.

    With `period`, all that have such periods are asked for that one. A source that fails says so in its note and keeps no
    other from being asked. Raises SourcesInvalid when the declarations cannot be read.
    """
    notes = []
    for each, source in read_sources(home).items():
        if name not in (None, each) or extract not in (None, source.extract):
            continue
        for asked in periods_due(source, datetime.now(LOCAL_TIME).date()) if period is None else [period]:
            if not is_period_of(asked, all_extracts()[source.extract].cadence):
                continue
            note = pull(home, each, source, asked, Secrets(environment))
            on_note(note)
            notes.append(note)
    return notes


def periods_due(source: Source, today: date) -> list[str]:
    """The last periods that have ended before `today`, the oldest first; for a list sent on change, today."""
    cadence = all_extracts()[source.extract].cadence
    if cadence is Cadence.ON_CHANGE:
        return [of_day(today, cadence)]
    due: list[str] = []
    last_on = span(of_day(today, cadence)).first_on - timedelta(days=1)
    while len(due) < source.lookback:
        due.append(of_day(last_on, cadence))
        last_on = span(due[-1]).first_on - timedelta(days=1)
    return due[::-1]


def pull(home: Home, name: str, source: Source, period: str, secrets: Secrets) -> Note:
    """Ask one source for one period. Whatever goes wrong is told by the note, which is kept."""
    last = _last_landed(home, name, source, period)
    asked = Note(name, source.extract, source.supplier, period, datetime.now(LOCAL_TIME), FAILED)
    if last:
        asked = replace(
            asked,
            landed_as=last.landed_as,
            landed_sha256=last.landed_sha256,
            landed_at=last.landed_at,
            etag=last.etag,
            definition=last.definition,
        )
    try:
        note = _pulled(home, asked, source, secrets)
    except PullFailed as failure:
        note = replace(asked, code=failure.code, reason_vi=failure.reason_vi, reason_en=failure.reason_en)
    except SourcesInvalid as invalid:
        note = replace(asked, code="pull.bad_query", reason_vi=str(invalid), reason_en="pulls.toml")
    except Exception as error:  # noqa: BLE001  # a source that fails in a way nobody thought of must not stop the others
        kind = type(error).__name__
        note = replace(asked, code="pull.error", reason_vi=f"lỗi: {kind}", reason_en=f"error: {kind}")
    put_bytes(_note_file(home, name, period), orjson.dumps(asdict(note), option=orjson.OPT_INDENT_2))
    return note


def _pulled(home: Home, asked: Note, source: Source, secrets: Secrets) -> Note:
    definition = definition_of(home, source)
    is_known = asked.landed_sha256 is not None and _is_kept(home, asked)
    with tempfile.TemporaryDirectory(dir=home.scratch, prefix="pull-") as folder:
        into = Path(folder) / "answer.jsonl"
        etag = asked.etag if is_known and asked.definition == definition else None
        answer = _answer(home, source, Window.of(asked.period), secrets, into, etag)
        if isinstance(answer, NotModified):
            return replace(asked, outcome=UNCHANGED)
        found = replace(asked, rows=answer.rows, pages=answer.pages, etag=answer.etag, definition=definition)
        if not answer.rows:
            return replace(found, outcome=EMPTY, etag=asked.etag, definition=asked.definition)
        sha256 = _sha256(into)
        if is_known and sha256 == asked.landed_sha256:
            return replace(found, outcome=UNCHANGED)
        return _landed(home, found, into, sha256)


def _answer(
    home: Home, source: Source, window: Window, secrets: Secrets, into: Path, etag: str | None
) -> Answer | NotModified:
    if isinstance(source, HttpSource):
        return http_api.fetch(source, window, secrets, into, into.parent, etag)
    return database.fetch(source, query_text(home, source), window, secrets, into, into.parent)


def _landed(home: Home, found: Note, into: Path, sha256: str) -> Note:
    """The manifest comes first: without it the file would be taken for one that a department sent.

    The name has the microseconds, so that content that comes back within a second is a file of its own; apart from the
    seconds, as twelve digits together are shown nowhere.
    """
    name = f"{found.source}_{found.pulled_at:%Y%m%dT%H%M%S-%f}_{sha256[:8]}.jsonl"
    place = f"{found.extract}/{found.supplier}/{found.period}/{name}"
    target = home.landing.joinpath(*place.split("/"))
    manifest = {
        "received_at": found.pulled_at.isoformat(),
        "origin": ORIGIN,
        "sha256": sha256,
        "source": found.source,
        "definition": found.definition,
        "etag": found.etag,
        "rows": found.rows,
        "pages": found.pages,
    }
    put_bytes(target.with_name(target.name + landing.MANIFEST), orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    put_file(target, into, private=True)
    return replace(found, outcome=LANDED, landed_as=place, landed_sha256=sha256, landed_at=found.pulled_at)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_kept(home: Home, last: Note) -> bool:
    """Whether what landed last is still there: someone may have removed the file before it was taken in."""
    assert last.landed_sha256 is not None
    assert last.landed_as is not None
    if archive.path_of(home, last.landed_sha256).exists():
        return True
    return home.landing.joinpath(*last.landed_as.split("/")).exists()


def _last_landed(home: Home, name: str, source: Source, period: str) -> Note | None:
    """What landed last for the period; of a list sent on change, what landed last at all."""
    is_a_list = all_extracts()[source.extract].cadence is Cadence.ON_CHANGE
    about = notes(home, name) if is_a_list else _kept_notes([_note_file(home, name, period)])
    landed = [(note.landed_at, note.pulled_at, note) for note in about if note.landed_at]
    return max(landed, key=lambda each: each[:2])[2] if landed else None


def notes(home: Home, name: str) -> Iterator[Note]:
    """The notes of a source, one for each period that it was asked for; damaged ones are passed over."""
    folder = home.pulls / name
    return _kept_notes(file for file in (folder.iterdir() if folder.exists() else ()) if file.suffix == ".json")


def _note_file(home: Home, name: str, period: str) -> UPath:
    return home.pulls / name / f"{period}.json"


def _kept_notes(files: Iterable[UPath]) -> Iterator[Note]:
    for file in files:
        try:
            fields = orjson.loads(file.read_bytes())
            moments = {
                each: datetime.fromisoformat(fields[each]) for each in ("pulled_at", "landed_at") if fields[each]
            }
            yield Note(**fields | moments)
        except (FileNotFoundError, KeyError, TypeError, ValueError):
            continue


def last_note(home: Home, name: str) -> Note | None:
    """The note of the last time a source was asked."""
    return max(notes(home, name), key=lambda note: note.pulled_at, default=None)


def failed(noted: Iterable[Note]) -> list[Note]:
    """Those that say that a source did not answer."""
    return [note for note in noted if not note.is_well]
