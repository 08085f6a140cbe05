"""Judging: which recorded deliveries have no receipt yet, and having deliveries judged, several at once.

How a delivery is judged belongs to `judgement`, which sending counts to the ledger.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl
from upath import UPath

from schemas.extracts import all_extracts
from schemas.parsing import POSITION
from schemas.rule_set import rule_set_of
from warehouse import archive, machine
from warehouse.attempts import Unjudged, begun, forget_marks, left_behind, record_death, unjudged
from warehouse.judgement import FINDING, judge_together
from warehouse.judging_alone import Died, follow_parent, judge_alone
from warehouse.keys import TokenKey, token_key
from warehouse.ledger import (
    LOCAL_TIME,
    Receipt,
    Sending,
    judgement_folder,
    read_receipts,
    read_sendings,
    record_rule_set,
)
from warehouse.storage import Home, open_home

_FEW = 4
_TOGETHER_FILES = 12
_TOGETHER_BYTES = 48 << 20


@dataclass(frozen=True)
class CheckResult:
    """The outcome of trying a file: `exit_code` 0 clean, 1 rows rejected, 2 file refused; findings as shown to people."""

    exit_code: int
    receipt: Receipt
    findings: pl.DataFrame


def judge_pending(
    home: Home,
    *,
    until: datetime | None = None,
    extract: str | None = None,
    periods: Collection[str] | None = None,
    workers: int | None = None,
    on_receipt: Callable[[Receipt, float], None] | None = None,
    on_death: Callable[[Unjudged], None] | None = None,
    on_total: Callable[[int], None] | None = None,
) -> list[Receipt]:
    """Judge every recorded delivery that has no receipt yet and is not parked; returns the new receipts.

    One that was judged by earlier rules keeps that judgement; `replaying` has it judged anew.
    `on_total` hears how many there are, `on_receipt` each receipt with the seconds it took, in the order of completion.
    """
    judged = read_receipts(home)
    parked = {each.delivery_id for each in unjudged(home).values() if each.is_parked}
    pending = {
        sending.delivery_id: sending
        for sending in read_sendings(home, until)
        if sending.delivery_id not in judged
        and sending.delivery_id not in parked
        and (extract is None or sending.extract == extract)
        and (periods is None or sending.period in periods)
    }
    if on_total:
        on_total(len(pending))
    return judge_all(home, list(pending.values()), workers=workers, on_receipt=on_receipt, on_death=on_death)


def judge_all(
    home: Home,
    sendings: Sequence[Sending],
    *,
    workers: int | None = None,
    on_receipt: Callable[[Receipt, float], None] | None = None,
    on_death: Callable[[Unjudged], None] | None = None,
) -> list[Receipt]:
    """Judge deliveries by the rules of this code, one sending for each; returns their receipts as they are completed.

    A file that kills the process that judges it, or makes it fail, costs no other file its judgement: it is tried once more
    by itself, and if that fails too there is no receipt, the attempt is written down and `on_death` hears of it. Raises
    OSError when it was the machine.
    """
    for name in sorted({sending.extract for sending in sendings}):
        record_rule_set(home, rule_set_of(all_extracts()[name]))
    receipts = []
    key = token_key()
    suspected = left_behind(home) | unjudged(home).keys()
    apart = [sending for sending in sendings if sending.delivery_id in suspected]
    others = [sending for sending in sendings if sending.delivery_id not in suspected]
    judged = _judged(home, others, key, workers or os.cpu_count() or 1, apart)
    # `apart` grows while the others are judged.
    for receipt, seconds in chain(judged, _judged_apart(home, apart, key, on_death)):
        receipts.append(receipt)
        if on_receipt:
            on_receipt(receipt, seconds)
    forget_marks(home)
    return receipts


def judge(home: Home, sending: Sending, key: TokenKey) -> Receipt:
    """Judge one delivery by itself."""
    (receipt,) = judge_together(home, [sending], key)
    return receipt


def check_file(path: Path, extract: str, period: str, supplier: str | None = None) -> CheckResult:
    """Try a file against a contract without taking it in: nothing of it stays behind."""
    contract = all_extracts()[extract]
    with TemporaryDirectory(prefix="warehouse-check-") as scratch:
        home = open_home(scratch)
        sha256, size_bytes = archive.take_in(home, UPath(path))
        now = datetime.now(LOCAL_TIME)
        sending = Sending(
            sending_id="check",
            delivery_id="check",
            extract=extract,
            supplier_code=supplier or contract.suppliers[0],
            period=period,
            part=None,
            file_name=path.name,
            sha256=sha256,
            size_bytes=size_bytes,
            received_at=now,
            recorded_at=now,
            origin="delivered",
        )
        record_rule_set(home, rule_set_of(contract))
        receipt = judge(home, sending, token_key())
        findings = _shown_findings(home, receipt)
    if not receipt.is_accepted:
        return CheckResult(2, receipt, findings)
    return CheckResult(1 if receipt.rows_quarantined or receipt.rows_structural else 0, receipt, findings)


def _judged(
    home: Home, pending: Sequence[Sending], key: TokenKey, workers: int, died: list[Sending]
) -> Iterator[tuple[Receipt, float]]:
    """Judge deliveries, several at once; those that were under way when judging died are added to `died`."""
    groups = _grouped(pending)
    if len(pending) <= _FEW or workers == 1:
        for group in groups:
            with _noting(group, died):
                yield from _timed(str(home.root), group, key)
        return
    # The largest first, so that none is left alone at the end.
    left = sorted(groups, key=lambda group: -sum(sending.size_bytes for sending in group))
    while left:
        left = yield from _judged_at_once(home, left, key, workers, died)


def _judged_at_once(
    home: Home, groups: Sequence[list[Sending]], key: TokenKey, workers: int, died: list[Sending]
) -> Generator[tuple[Receipt, float], None, list[list[Sending]]]:
    """Judge groups in processes; returns those that had not been begun when one of the processes was killed."""
    untouched: list[list[Sending]] = []
    with (
        _one_thread_each(),
        ProcessPoolExecutor(
            min(workers, len(groups)), mp_context=get_context("spawn"), initializer=follow_parent
        ) as pool,
    ):
        submitted = {pool.submit(_timed, str(home.root), group, key, 1): group for group in groups}
        for done in as_completed(submitted):
            group = submitted[done]
            if isinstance(done.exception(), BrokenProcessPool) and not _is_begun(home, group):
                untouched.append(group)
                continue
            with _noting(group, died):
                yield from done.result()
    if len(untouched) == len(groups):
        raise BrokenProcessPool("no process of the pool came to begin its work")
    return untouched


@contextmanager
def _noting(group: Sequence[Sending], died: list[Sending]) -> Iterator[None]:
    """Take what goes wrong with a group as the fault of one of its files, unless it is the machine's."""
    try:
        yield
    except GeneratorExit:
        raise
    except Exception as error:
        if (number := machine.number_of(error)) is not None:
            raise OSError(number, os.strerror(number)) from error
        died.extend(group)


def _is_begun(home: Home, group: Sequence[Sending]) -> bool:
    return not left_behind(home).isdisjoint(sending.delivery_id for sending in group)


def _judged_apart(
    home: Home, sendings: Sequence[Sending], key: TokenKey, on_death: Callable[[Unjudged], None] | None
) -> Iterator[tuple[Receipt, float]]:
    """Judge one after the other what judging may have died of, each in a process of its own; deaths are written down."""
    for sending in sendings:
        outcome = judge_alone(str(home.root), sending, key)
        if not isinstance(outcome, Died):
            yield outcome
            continue
        standing = record_death(home, sending, outcome.how)
        if on_death:
            on_death(standing)


def _grouped(pending: Sequence[Sending]) -> list[list[Sending]]:
    """Deliveries to be judged together: of one extract, and of one period where units are written by name."""
    groups: list[list[Sending]] = []
    together: tuple[str, str] | None = None
    room_bytes = 0
    for sending in sorted(pending, key=lambda sending: (sending.extract, sending.period, sending.delivery_id)):
        by_name = all_extracts()[sending.extract].unit_by_name is not None
        kind = (sending.extract, sending.period if by_name else "")
        room_bytes -= sending.size_bytes
        if kind != together or room_bytes < 0 or len(groups[-1]) == _TOGETHER_FILES:
            groups.append([])
            together, room_bytes = kind, _TOGETHER_BYTES - sending.size_bytes
        groups[-1].append(sending)
    return groups


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes started within have one Polars thread: one process per core, and no fighting over them."""
    inherited = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        yield
    finally:
        if inherited is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = inherited


def _timed(
    root: str, group: Sequence[Sending], key: TokenKey, threads: int | None = None
) -> list[tuple[Receipt, float]]:
    began = perf_counter()
    home = open_home(root)
    with begun(home, group):
        receipts = judge_together(home, group, key, threads=threads)
    share_s = (perf_counter() - began) / len(group)
    return [(receipt, share_s) for receipt in receipts]


def _shown_findings(home: Home, receipt: Receipt) -> pl.DataFrame:
    """A delivery's findings with their messages filled in."""
    rules = pl.read_parquet(str(home.ledger / "rule_sets" / receipt.rule_set_id / "rules.parquet"))
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "findings.parquet"
    findings = pl.read_parquet(str(file)) if file.exists() else pl.DataFrame(schema=FINDING)
    joined = findings.join(rules, on="rule_code", how="left", suffix="_of_rule")
    found = pl.col("found").fill_null("")
    return joined.with_columns(
        pl.col(f"message_{language}")
        .str.replace_all("{found}", found, literal=True)
        .str.replace_all("{expected}", pl.col(f"expected_{language}"), literal=True)
        for language in ("vi", "en")
    ).select(
        *POSITION,
        "column_name",
        "rule_code",
        "severity",
        "found",
        "expected_vi",
        "expected_en",
        "message_vi",
        "message_en",
    )
