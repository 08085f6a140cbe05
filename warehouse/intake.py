"""Taking in: every file in the landing folder becomes archived bytes and a recorded sending, once.

Files stay where departments put them. What a file says is the business of judging.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

import orjson

from schemas.extracts import all_extracts
from schemas.periods import is_period_of, like
from warehouse import archive, file_names, landing, standing
from warehouse.landing import Found
from warehouse.ledger import LOCAL_TIME, Sending, delivery_id_of, read_sendings, sending_id_of, write_sending
from warehouse.storage import Home, put_bytes


@dataclass(frozen=True)
class Landed:
    """A file in the landing folder and what its place or manifest says about it."""

    found: Found
    extract: str
    supplier_code: str
    period: str
    part: str | None
    received_at: datetime
    origin: str
    declared_sha256: str | None

    @property
    def relative(self) -> str:
        """Its path below landing."""
        return self.found.relative

    @property
    def stamp(self) -> str:
        """Size and times of file and manifest: while they stay the same, the file was seen before."""
        return self.found.stamp

    @property
    def place_id(self) -> str:
        """What the place is remembered by: people name files after people, and the memory is nobody's secret."""
        return hashlib.sha256(self.relative.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Stray:
    """A file that cannot be taken in where it lies, and why."""

    relative: str
    reason_vi: str
    reason_en: str


def record_sendings(
    home: Home,
    *,
    until: datetime | None = None,
    extract: str | None = None,
    periods: Collection[str] | None = None,
    on_file: Callable[[int, int], None] | None = None,
) -> list[Sending]:
    """Archive and record what has landed and is not recorded yet; returns the new sendings.

    Only files received by `until`, of `extract`, of `periods`, where given. `on_file` hears (done, all) after each file.
    """
    known = {sending.sending_id for sending in read_sendings(home)}
    seen = _read_seen(home)
    new_files = [
        landed
        for landed in landed_files(home)[0]
        if seen.get(landed.place_id) != landed.stamp
        and (until is None or landed.received_at <= until)
        and (extract is None or landed.extract == extract)
        and (periods is None or landed.period in periods)
    ]
    recorded = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # Hashing and compressing let go of the interpreter, so threads are enough.
        archived = pool.map(lambda landed: _archived(home, landed), new_files)
        for done, (landed, sending) in enumerate(zip(new_files, archived, strict=True), 1):
            if sending is not None:
                if sending.sending_id not in known:
                    write_sending(home, sending)
                    known.add(sending.sending_id)
                    recorded.append(sending)
                seen[landed.place_id] = landed.stamp
            if on_file:
                on_file(done, len(new_files))
    if new_files:
        put_bytes(home.cache / "landed.json", orjson.dumps(seen))
    return recorded


def _archived(home: Home, landed: Landed) -> Sending | None:
    """Archive a file; None while its bytes are not those its manifest announces, or when it can no longer be opened."""
    if not landed.found.is_whole and landed.declared_sha256 is None:
        return None
    try:
        with landing.fetched(home, landed.found) as file:
            sha256, size_bytes = archive.take_in(home, file)
    except archive.SourceUnreadable:
        return None
    return _sending(landed, sha256, size_bytes) if landed.declared_sha256 in (None, sha256) else None


def landed_files(home: Home) -> tuple[list[Landed], list[Stray]]:
    """What lies in the landing folder: files that can be taken in, and strays with the reason why not."""
    landed: list[Landed] = []
    strays: list[Stray] = []
    for found in landing.files(home.landing):
        outcome = _placed(found)
        if isinstance(outcome, Landed):
            landed.append(outcome)
        else:
            strays.append(outcome)
    return sorted(landed, key=lambda file: (file.received_at, file.relative)), strays


def awaited_files(home: Home) -> list[Stray]:
    """Files not taken in: new since the last run, or of bytes that are not (yet) those their manifest announces."""
    seen = _read_seen(home)
    return [
        Stray(
            landed.relative,
            "tệp mới, đang truyền, không mở được hoặc chưa khớp mã băm trong bản kê",
            "new, still arriving, not to be opened, or not the bytes its manifest announces",
        )
        for landed in landed_files(home)[0]
        if seen.get(landed.place_id) != landed.stamp
    ]


def _placed(found: Found) -> Landed | Stray:
    relative = found.relative
    if not _is_unicode(relative):
        shown = relative.encode("utf-8", "replace").decode()
        return Stray(shown, "tên tệp không phải UTF-8", "the name of the file is not UTF-8")
    if not found.stamp:
        return Stray(relative, "tệp không mở được", "the file cannot be opened")
    if not found.is_file:
        return Stray(relative, "không phải là tệp", "not a file")
    manifest = _read_manifest(found.manifest)
    if manifest is None:
        return Stray(relative, "bản kê không đọc được", "the manifest cannot be read")
    places = relative.split("/")
    extract, supplier_code, period = (
        str(manifest.get(name) or place)
        for name, place in zip(("extract", "supplier", "period"), [*places[:-1], "", "", ""], strict=False)
    )
    is_corrections = bool(manifest.get("corrections")) or any(place in _CORRECTIONS for place in places[3:-1])
    if problem := _problem(extract, supplier_code, period, is_corrections=is_corrections):
        return Stray(relative, *problem)
    part = str(manifest["part"]) if manifest.get("part") else None
    given = manifest.get("received_at")
    received_at = (
        datetime.fromisoformat(str(given)) if given else datetime.fromtimestamp(found.modified_at_s, LOCAL_TIME)
    )
    return Landed(
        found,
        extract,
        supplier_code,
        period,
        standing.corrections_of(part) if is_corrections else part,
        received_at if received_at.tzinfo else received_at.replace(tzinfo=LOCAL_TIME),
        str(manifest.get("origin") or "delivered"),
        str(manifest["sha256"]).lower() if manifest.get("sha256") else None,
    )


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


_CORRECTIONS = ("dinh-chinh", "dinh_chinh", standing.CORRECTIONS)
"""Folders below the period's in which a file holds only corrected rows."""


def _problem(extract: str, supplier_code: str, period: str, *, is_corrections: bool) -> tuple[str, str] | None:
    if not (extract and supplier_code and period):
        return "cần nằm trong <biểu>/<đơn vị>/<kỳ>/", "it must lie in <extract>/<supplier>/<period>/"
    contract = all_extracts().get(extract)
    if contract is None:
        return _unknown_extract(extract)
    if supplier_code not in contract.suppliers:
        owed = ", ".join(contract.suppliers)
        return (
            f"đơn vị “{supplier_code}” không gửi loại này; cần {owed}",
            f"“{supplier_code}” does not owe it; {owed} does",
        )
    if not is_period_of(period, contract.cadence):
        needed = like(contract.cadence)
        return (
            f"kỳ “{period}” không đúng dạng; cần dạng {needed}",
            f"“{period}” is no {contract.cadence} period; one like {needed} is needed",
        )
    if is_corrections and not contract.takes_corrections:
        return (
            "loại này không nhận riêng các dòng đính chính; gửi như tệp thường",
            "this extract takes no corrections of their own; send them as any other file",
        )
    return None


def _unknown_extract(name: str) -> tuple[str, str]:
    near = get_close_matches(name, all_extracts(), n=1)
    likely_vi, likely_en = (f"; có phải “{near[0]}”?", f"; “{near[0]}”?") if near else ("", "")
    return f"không có loại số liệu “{name}”{likely_vi}", f"there is no extract “{name}”{likely_en}"


def _read_manifest(text: bytes | None) -> dict[str, object] | None:
    """The manifest's fields; none when there is no manifest; None when it is damaged."""
    if text is None:
        return {}
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(content, dict):
        return None
    try:
        datetime.fromisoformat(str(content.get("received_at", "2023-01-01")))
    except ValueError:
        return None
    return content


def _sending(landed: Landed, sha256: str, size_bytes: int) -> Sending:
    delivery_id = delivery_id_of(sha256, landed.extract, landed.supplier_code, landed.period, landed.part)
    return Sending(
        sending_id=sending_id_of(delivery_id, landed.received_at),
        delivery_id=delivery_id,
        extract=landed.extract,
        supplier_code=landed.supplier_code,
        period=landed.period,
        part=landed.part,
        file_name=file_names.shown(landed.found.path.name),
        sha256=sha256,
        size_bytes=size_bytes,
        received_at=landed.received_at.astimezone(LOCAL_TIME),
        recorded_at=datetime.now(LOCAL_TIME),
        origin=landed.origin,
    )


def _read_seen(home: Home) -> dict[str, str]:
    """What was seen in the landing folder; forgotten when unreadable, for it only saves hashing again."""
    try:
        return dict(orjson.loads((home.cache / "landed.json").read_bytes()))
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
