"""New rules reach old deliveries by a replay and by nothing else; what was published stays what it was."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import polars as pl
import pytest

from schemas.contract import Extract, RowRule
from schemas.extracts import all_extracts
from schemas.rule_set import rule_set_of
from schemas.rules import Severity, Wording
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import read_receipts
from warehouse.release import build_release, verify
from warehouse.replaying import outdated, replay
from warehouse.storage import Home, open_home

NAME, PERIOD, RULE = "dossier_step", "2023-05-17", "row.step_too_low"
DELIVERY = Path(__file__).parents[1] / "golden" / NAME / PERIOD / "buoc_20230517.json"
_BEFORE = RowRule(
    RULE,
    "step_no",
    Severity.QUARANTINE,
    pl.col("dossier_code").str.ends_with("-0001") & (pl.col("step_no") == 1),
    Wording("Không nhận bước này.", "This step is not taken."),
    Wording("bước khác", "another step"),
)


def _in_force(contract: Extract, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code have this contract and no other."""
    monkeypatch.setitem(cast("dict[str, Extract]", all_extracts()), NAME, contract)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that has taken in one delivery under an earlier contract, with a rule that was too strict by one row."""
    contract = all_extracts()[NAME]
    _in_force(replace(contract, version=0, row_rules=(*contract.row_rules, _BEFORE)), monkeypatch)
    home = open_home(tmp_path / "home")
    landing = Path(str(home.landing)) / NAME / "VPUB" / PERIOD
    landing.mkdir(parents=True)
    shutil.copy(DELIVERY, landing)
    record_sendings(home)
    judge_pending(home)
    return home


@pytest.fixture
def _upgraded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the code has another version of the contract: that rule is gone."""
    assert read_receipts(home), "judged before the upgrade"
    older = all_extracts()[NAME]
    kept = tuple(rule for rule in older.row_rules if rule.code != RULE)
    _in_force(replace(older, version=older.version + 1, row_rules=kept), monkeypatch)


def _only(home: Home) -> tuple[str, int, int]:
    (receipt,) = read_receipts(home).values()
    return receipt.rule_set_id, receipt.rows_accepted, receipt.rows_quarantined


def test_an_upgrade_alone_changes_nothing(home: Home, request: pytest.FixtureRequest) -> None:
    published, judged = build_release(home), _only(home)
    request.getfixturevalue("_upgraded")
    assert judged[0] != rule_set_of(all_extracts()[NAME]).id
    assert judge_pending(home) == []
    assert _only(home) == judged
    again = build_release(home)
    assert (again.release_id, again.is_new) == (published.release_id, False)


@pytest.mark.usefixtures("_upgraded")
def test_a_trial_tells_what_would_be_released_and_writes_nothing(home: Home) -> None:
    before = _only(home)
    files = sorted(Path(str(home.ledger)).rglob("*"))
    (tried,) = replay(home, outdated(home), is_trial=True)
    assert (tried.released, tried.caught) == (1, 0)
    assert tried.findings == {RULE: (1, 0)}
    assert _only(home) == before
    assert sorted(Path(str(home.ledger)).rglob("*")) == files


@pytest.mark.slow
@pytest.mark.usefixtures("_upgraded")
def test_a_replay_makes_new_receipts_which_count(home: Home) -> None:
    old_id, accepted, quarantined = _only(home)
    published = build_release(home)
    replay(home, outdated(home), is_trial=False)
    new_id, accepted_now, quarantined_now = _only(home)
    assert new_id != old_id
    assert (accepted_now, quarantined_now) == (accepted + 1, quarantined - 1)
    assert outdated(home) == []
    again = build_release(home)
    assert again.is_new
    assert again.is_published, again.failed_audits
    assert again.tables["core.fact_dossier_step"] != published.tables["core.fact_dossier_step"]
    assert verify(home, published.release_id).is_same


@pytest.mark.usefixtures("_upgraded")
def test_what_is_to_be_replayed_can_be_narrowed(home: Home) -> None:
    assert len(outdated(home, rule=RULE)) == 1
    assert outdated(home, rule="row.no_such_rule") == []
    assert len(outdated(home, extract=NAME, since="2023-05")) == 1
    assert outdated(home, since="2023-06") == []
    assert outdated(home, extract="one_stop_dossier") == []


def test_a_column_that_is_new_is_empty_in_what_earlier_rules_judged(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = all_extracts()[NAME]
    (added,) = [column for column in contract.columns if column.name == "step_name"]
    older = replace(contract, columns=tuple(column for column in contract.columns if column is not added))
    _in_force(older, monkeypatch)
    replay(home, outdated(home), is_trial=False)
    shutil.rmtree(str(home.ledger / "judgements" / rule_set_of(contract).id))
    _in_force(contract, monkeypatch)
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    assert outcome.tables["core.fact_dossier_step"][0] > 0
