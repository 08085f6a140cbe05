"""A night takes over from the release in place what has the same inputs, and the contents are as if it had not."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse import slices
from warehouse.hashing import table_hash
from warehouse.publishing import current_id, find_release, rollback
from warehouse.release import build_release, verify
from warehouse.sql_models import Clearance, Model, load_models
from warehouse.storage import Home, open_home

MONTHS = ("01", "02", "03", "04")


def dossier(month: str, number: int, **fields: Any) -> dict[str, Any]:
    day = datetime.fromisoformat(f"2023-{month}-05T09:00:00")
    return {
        "dossier_code": f"000.00.53.H54-23{month}05-{number:04d}",
        "received_on": day.date(),
        "submitted_at": day,
        "updated_at": day,
        **fields,
    }


def fill(ledger: LedgerKit) -> None:
    """Four months of three dossiers each; one of January has an unknown procedure, two lines of it are unreadable."""
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    for month in MONTHS:
        rows = [dossier(month, number) for number in (1, 2, 3)]
        if month == "01":
            rows[2]["procedure_code"] = "9.999999"
        ledger.send("one_stop_dossier", f"2023-{month}-05", rows, rejected=[{"dossier_code": None}, {}])
    ledger.send("identity_issuance", "2023-W16", [{}])


def night(home: Home) -> dict[str, int]:
    """Build and publish what is new; rows made by each step."""
    steps: dict[str, int] = {}
    outcome = build_release(home, on_step=lambda name, rows, _: steps.update({name: rows}))
    assert outcome.is_published, (outcome.failed_audits, outcome.overruns)
    assert outcome.is_new
    return steps


def check_as_if_built_whole(home: Home) -> None:
    """The release is what the ledger alone gives, in both editions."""
    assert verify(home).differences == {}
    release = find_release(home)
    assert release is not None
    with duckdb.connect(config={"threads": 1}) as con:
        for edition in ("restricted", "analyst"):
            con.execute(f"ATTACH '{release.folder}/{edition}.duckdb' AS {edition} (READ_ONLY)")
        for model in load_models():
            if model.is_published and (columns := model.visible_columns(Clearance.ANALYST)):
                one, other = (
                    table_hash(con, f"{edition}.{model.name}", columns) for edition in ("restricted", "analyst")
                )
                assert one == other, model.name


@pytest.mark.slow
def test_a_night_builds_only_the_months_that_changed(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    assert night(home)["stage.dossier_record"] == 12
    ledger.send("one_stop_dossier", "2023-04-06", [dossier("04", 4), dossier("04", 1, status_code=9)], rejected=[{}])
    steps = night(home)
    assert steps["stage.dossier_record"] == 5, "three of April and the two that came"
    assert steps["core.fact_dossier"] == 12, "the table is whole all the same"
    check_as_if_built_whole(home)


def keys_of_figures(home: Home) -> dict[str, str]:
    base = slices.find_base(home)
    assert base is not None
    return {period: each.key for period, each in base.groups["period"].items()}


@pytest.mark.slow
def test_a_night_makes_only_the_figures_of_periods_that_changed(
    home: Home, ledger: LedgerKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, set[str]] = {}
    replace = slices.SlicedBuild.replace

    def recorded(build: slices.SlicedBuild, model: Model, group: slices.Group, *rest: Any) -> None:
        made[model.name] = set(group.replaced)
        replace(build, model, group, *rest)

    monkeypatch.setattr(slices.SlicedBuild, "replace", recorded)
    ledger.send("one_stop_dossier", "2023-02-07", [dossier("02", 7, status_code=4)])
    fill(ledger)
    night(home)
    assert "mart.kpi_figure" not in made, "the first build is whole"
    ledger.send("one_stop_dossier", "2023-04-06", [dossier("04", 4), dossier("04", 1, status_code=9)])
    night(home)
    assert made["mart.kpi_figure"] == made["mart.kpi_scorecard"] == {"2023", "2023-04", "2023-Q2"}
    check_as_if_built_whole(home)
    before = keys_of_figures(home)
    updated_at = datetime.fromisoformat("2023-03-20T09:00:00")
    closed = dossier("02", 7, status_code=9, updated_at=updated_at, finished_on=updated_at.date())
    ledger.send("one_stop_dossier", "2023-03-20", [closed])
    night(home)
    same = {period for period, key in keys_of_figures(home).items() if before[period] == key}
    assert same == {"2023-01", "2023-02", "2023-Q2"}, "it was open at the end of February, as it was before"
    check_as_if_built_whole(home)


@pytest.mark.slow
def test_a_late_correction_of_an_old_month_changes_that_month(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    night(home)
    later = datetime(2023, 6, 1, tzinfo=HANOI)
    ledger.send("one_stop_dossier", "2023-02-05", [dossier("02", 1, status_code=5)], received_at=later)
    steps = night(home)
    assert steps["stage.dossier_record"] == 4, "one that counts and the three it supersedes"
    assert steps["core.fact_dossier"] == 9
    check_as_if_built_whole(home)


@pytest.mark.slow
def test_a_dossier_deleted_later_and_a_withdrawn_delivery_change_the_months_they_speak_of(
    home: Home, ledger: LedgerKit
) -> None:
    fill(ledger)
    assert night(home)["core.fact_dossier"] == 11
    deleted = dossier("02", 1, updated_at=datetime.fromisoformat("2023-04-06T09:00:00"), is_deleted=True)
    deleting = ledger.send("one_stop_dossier", "2023-04-06", [deleted], profile={"is_deleted": {"filled": 1}})
    steps = night(home)
    assert (steps["stage.dossier_record"], steps["core.fact_dossier"]) == (2, 10), "the two of February that are left"
    check_as_if_built_whole(home)
    taken_back = [{"withdrawn_delivery_id": deleting.delivery_id}]
    ledger.send("delivery_withdrawal", "2023-04-07", taken_back, supplier="VPUB")
    steps = night(home)
    assert (steps["stage.dossier_record"], steps["core.fact_dossier"]) == (3, 11)
    check_as_if_built_whole(home)


@pytest.mark.slow
def test_a_changed_list_changes_every_month(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    night(home)
    ledger.send("procedure_catalogue", "2023-03-01", [{}, {"procedure_code": "9.999999"}])
    assert night(home)["stage.dossier_record"] == 12


def spoil(file: Path) -> None:
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def kept_files(home: Home) -> list[Path]:
    return sorted(file for file in (home.local_cache / "slices").rglob("*") if file.is_file())


def drop_all(home: Home) -> None:
    shutil.rmtree(home.local_cache / "slices")


def spoil_stages(home: Home) -> None:
    for file in kept_files(home):
        if file.suffix == ".parquet":
            spoil(file)


def cut_short(home: Home) -> None:
    for file in kept_files(home):
        file.write_bytes(file.read_bytes()[:-20])


def be_of_other_code(home: Home) -> None:
    for file in kept_files(home):
        if file.suffix == ".json":
            file.write_text(json.dumps(json.loads(file.read_text()) | {"code": "another"}))


def spoil_release(home: Home) -> None:
    release = find_release(home)
    assert release is not None
    spoil(release.folder / "restricted.duckdb")


@pytest.mark.slow
@pytest.mark.parametrize("harm", [drop_all, spoil_stages, cut_short, be_of_other_code, spoil_release])
def test_what_cannot_be_taken_over_is_built_anew(home: Home, ledger: LedgerKit, harm: Callable[[Home], None]) -> None:
    fill(ledger)
    night(home)
    harm(home)
    ledger.send("one_stop_dossier", "2023-04-06", [dossier("04", 4)])
    assert night(home)["stage.dossier_record"] == 13
    check_as_if_built_whole(home)


@pytest.mark.slow
def test_after_a_week_everything_is_written_anew(
    home: Home, ledger: LedgerKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "BUILDS_UNTIL_WHOLE", 2)
    fill(ledger)
    made = []
    for day in range(4):
        ledger.send("one_stop_dossier", f"2023-04-{day + 6:02d}", [dossier("04", day + 4)])
        made.append(night(home)["stage.dossier_record"])
    assert made == [13, 5, 6, 16]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_any_nights_give_what_the_ledger_alone_gives(tmp_path: Path, seed: int) -> None:
    """New days, late states, corrections, unknown procedures, lists, steps, releases of before and rollbacks, at random."""
    chance = random.Random(seed)
    home = open_home(tmp_path / "home")
    ledger = LedgerKit(home)
    fill(ledger)
    night(home)
    released = [current_id(home)]
    at = datetime(2023, 5, 1, tzinfo=HANOI)
    for number in range(5):
        for _ in range(chance.randint(1, 3)):
            at += timedelta(hours=1)
            send_something(ledger, chance, at)
        night(home)
        check_as_if_built_whole(home)
        released.append(current_id(home))
        if number == 2:
            rollback(home, str(chance.choice(released)))


def send_something(ledger: LedgerKit, chance: random.Random, at: datetime) -> None:
    month, day = chance.choice(MONTHS), f"2023-04-{chance.randint(6, 28):02d}"
    states: Sequence[Mapping[str, Any]] = [
        dossier(
            month,
            chance.randint(1, 5),
            status_code=chance.choice([4, 5, 9]),
            updated_at=at.replace(tzinfo=None),
            procedure_code=chance.choice(["1.000001", "1.000001", "9.999999"]),
        )
        for _ in range(chance.randint(1, 3))
    ]
    kind = chance.randrange(5)
    if kind == 0:
        ledger.send("procedure_catalogue", "2023-03-01", [{}, {"procedure_code": "9.999999"}], received_at=at)
    elif kind == 1:
        ledger.send("one_stop_dossier", f"2023-{month}-05", states, received_at=at, content=str(at))
    elif kind == 2:
        ledger.send("dossier_step", "2023-04", [{"dossier_code": states[0]["dossier_code"]}], received_at=at)
    else:
        ledger.send("one_stop_dossier", day, states, rejected=[dossier(month, 1)], received_at=at, content=str(at))
