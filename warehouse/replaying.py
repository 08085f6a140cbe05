"""Replaying: judging again what was judged by earlier rules, from the archive and without a new delivery.

A home keeps its judgements when the rules change; only a replay lets new rules reach old deliveries. Tried first, it shows
what would be released and what newly caught. How a delivery is judged belongs to `judgement`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from schemas import periods
from schemas.extracts import all_extracts
from schemas.parsing import POSITION
from schemas.rule_set import rule_set_of, rules_table
from warehouse import archive
from warehouse.judging import judge_all
from warehouse.ledger import Receipt, Sending, judgement_folder, read_receipts, read_sendings, recorded_rules
from warehouse.storage import Home, open_home, put_bytes


@dataclass(frozen=True)
class Rejudged:
    """A delivery under the rules before and after. `released` and `caught` count the rows that changed sides; `findings`
    maps a rule's code to its findings before and after, where these differ."""

    before: Receipt
    after: Receipt
    released: int
    caught: int
    findings: dict[str, tuple[int, int]]

    @property
    def is_same(self) -> bool:
        """Whether every row stayed on its side for the same reasons."""
        return self.before.status == self.after.status and not (self.released or self.caught or self.findings)


def outdated(
    home: Home, *, extract: str | None = None, since: str | None = None, rule: str | None = None
) -> list[Sending]:
    """The deliveries whose judgement that counts was made by other rules than this code's, one sending for each.

    Only of `extract`; of periods that end no earlier than the first day of `since`; of extracts that have or had `rule`.
    """
    receipts = read_receipts(home)
    first_on = periods.span(since).first_on if since else None
    found: dict[str, Sending] = {}
    for sending in read_sendings(home):
        receipt = receipts.get(sending.delivery_id)
        if receipt is None or receipt.rule_set_id == rule_set_of(all_extracts()[sending.extract]).id:
            continue
        is_wanted = (extract in (None, sending.extract)) and (
            first_on is None or periods.span(sending.period).last_on >= first_on
        )
        if is_wanted and (rule is None or _has_rule(home, receipt, rule)):
            found[sending.delivery_id] = sending
    return list(found.values())


def replay(
    home: Home,
    sendings: Sequence[Sending],
    *,
    is_trial: bool,
    on_receipt: Callable[[Receipt, float], None] | None = None,
) -> list[Rejudged]:
    """Judge deliveries by the rules of this code and say, for each, what became of its rows.

    A trial leaves no trace; otherwise the new receipts are in the ledger and count from the next release on.
    """
    before = read_receipts(home)
    with _trial_of(home, sendings) if is_trial else nullcontext(home) as judged_in:
        after = judge_all(judged_in, sendings, on_receipt=on_receipt)
        return [_compared(home, before[receipt.delivery_id], judged_in, receipt) for receipt in after]


def _has_rule(home: Home, receipt: Receipt, code: str) -> bool:
    tables = (recorded_rules(home, receipt.rule_set_id), rules_table(all_extracts()[receipt.extract]))
    return any(code in table["rule_code"] for table in tables)


@contextmanager
def _trial_of(home: Home, sendings: Iterable[Sending]) -> Iterator[Home]:
    """A home that has the archived bytes and nothing else, and is gone afterwards."""
    with TemporaryDirectory(dir=home.scratch, prefix="replay-") as scratch:
        trial = open_home(scratch)
        if home.is_local:
            Path(str(trial.archive)).symlink_to(str(home.archive), target_is_directory=True)
        else:
            for sha256 in {sending.sha256 for sending in sendings}:
                put_bytes(archive.path_of(trial, sha256), archive.path_of(home, sha256).read_bytes(), private=True)
        yield trial


def _compared(home: Home, before: Receipt, judged_in: Home, after: Receipt) -> Rejudged:
    was, now = _held_back(home, before), _held_back(judged_in, after)
    if before.is_accepted and after.is_accepted:
        released = was.join(now, on=POSITION, how="anti", nulls_equal=True).height
        caught = now.join(was, on=POSITION, how="anti", nulls_equal=True).height
    else:
        released = 0 if before.is_accepted else after.rows_accepted
        caught = 0 if after.is_accepted else before.rows_accepted
    counts = Counter(before.rule_rows), Counter(after.rule_rows)
    differing = {
        code: (counts[0][code], counts[1][code])
        for code in sorted(counts[0] | counts[1])
        if counts[0][code] != counts[1][code]
    }
    return Rejudged(before, after, released, caught, differing)


def _held_back(home: Home, receipt: Receipt) -> pl.DataFrame:
    """Where the quarantined rows of a judgement stood."""
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "rejected.parquet"
    schema = {"source_sheet": pl.String(), "source_row": pl.Int64()}
    return pl.read_parquet(file.read_bytes(), columns=list(POSITION)) if file.exists() else pl.DataFrame(schema=schema)
