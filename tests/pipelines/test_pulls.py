"""Fetching before the nightly takes in: shown in Dagster, told to people when a source fails, never in the run's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from pipelines import alerts, cli
from pipelines.nightly import nightly, pull_sources, take_in_and_publish
from pipelines.watcher import Watcher
from tests.pipelines.conftest import materialised, record, run
from tests.warehouse.pulls.service import Service, serving
from warehouse.asking import ask
from warehouse.publishing import find_release
from warehouse.storage import Home

DAY = "2023-05-17"
SOURCE = """
[sources.{name}]
extract = "one_stop_dossier"
supplier = "VPUB"
kind = "http"
url = "{address}"
records = "data.items"
attempts = 1
"""


@pytest.fixture
def service() -> Iterator[Service]:
    with serving([record(number, DAY) for number in range(1, 6)]) as listening:
        yield listening


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[alerts.Alert]:
    """The alerts that people would get."""
    sent: list[alerts.Alert] = []

    def keep(alert: alerts.Alert, _: object) -> list[str]:
        sent.append(alert)
        return []

    monkeypatch.setattr(alerts, "send", keep)
    return sent


def declare(home: Home, service: Service, *, broken: bool) -> None:
    text = SOURCE.format(name="hong", address="http://127.0.0.1:1/") if broken else ""
    text += SOURCE.format(name="portal", address=service.address)
    Path(str(home.root), "pulls.toml").write_text(text, encoding="utf-8")


@dg.job(executor_def=dg.in_process_executor)
def only_fetching() -> None:
    pull_sources()


def fetch(home: Home, instance: dg.DagsterInstance, **selection: str) -> None:
    config = {
        "ops": {pull_sources.name: {"config": selection}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    resources = {"home": home, "watcher": Watcher()}
    assert only_fetching.execute_in_process(run_config=config, instance=instance, resources=resources).success


def warehouse(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, list(words))
    return done.exit_code, done.output


def test_a_source_that_fails_is_told_and_the_others_are_shown(
    home: Home, instance: dg.DagsterInstance, service: Service, told: list[alerts.Alert]
) -> None:
    declare(home, service, broken=True)
    fetch(home, instance, period=DAY)
    shown = materialised(instance, dg.AssetKey(["pulls", "portal"]))
    assert (shown["outcome"], shown["period"], shown["rows"]) == ("landed", DAY, 5)
    (alert,) = told
    assert (alert.job, alert.steps, alert.errors) == ("pull", ("hong",), ("pull.unreachable",))
    fetch(home, instance, period=DAY)
    assert materialised(instance, dg.AssetKey(["pulls", "portal"]))["outcome"] == "unchanged"


def test_a_run_over_other_files_fetches_nothing(
    home: Home, instance: dg.DagsterInstance, service: Service, told: list[alerts.Alert]
) -> None:
    declare(home, service, broken=True)
    fetch(home, instance, until=DAY)
    fetch(home, instance, extract="taxpayer")
    fetch(home, instance, period="2023-05")
    assert (service.requests, told) == ([], [])


def test_declarations_that_cannot_be_read_are_told_and_stop_nothing(
    home: Home, instance: dg.DagsterInstance, told: list[alerts.Alert]
) -> None:
    Path(str(home.root), "pulls.toml").write_text("[sources", encoding="utf-8")
    fetch(home, instance)
    assert [alert.errors for alert in told] == [("SourcesInvalid",)]


def test_fetching_comes_before_taking_in() -> None:
    needed = {
        node.name: {each.node for each in inputs.values() if isinstance(each, dg.DependencyDefinition)}
        for node, inputs in nightly.graph.dependencies.items()
    }
    assert needed[take_in_and_publish.name] == {pull_sources.name}


def test_the_command_says_what_came_of_each_source(home: Home, service: Service) -> None:
    at = ("--home", str(home.root), "--period", DAY)
    assert warehouse("pull", *at) == (2, warehouse("pull", *at)[1])
    declare(home, service, broken=True)
    code, said = warehouse("pull", *at)
    assert code == 1
    assert f"portal {DAY}: có tệp mới / a new file, 5 dòng / rows" in said
    assert f"hong {DAY}: LỖI / FAILED" in said
    assert warehouse("pull", "portal", *at)[0] == 0
    assert warehouse("pull", "khac", *at)[0] == 2
    assert "a daily period is needed" in warehouse("pull", "portal", *at[:2], "--period", "2023-05")[1]
    code, said = warehouse("doctor", *at[:2])
    assert code == 1
    assert "source hong" in said
    assert "the service did not answer" in said
    Path(str(home.root), "pulls.toml").write_text("[sources.a]\nkind = 1", encoding="utf-8")
    assert warehouse("pull", *at)[0] == 2
    assert "sources.a" in warehouse("doctor", *at[:2])[1]


@pytest.mark.slow
def test_what_is_fetched_at_night_is_published_the_same_night(home: Home, service: Service) -> None:
    declare(home, service, broken=True)
    result, heard = run(home, period=DAY)
    assert result.success
    assert (heard.stages[0], heard.sendings) == ("pulls", 1)
    release = find_release(home)
    assert release is not None
    asked = ask(release.folder / "analyst.duckdb", "SELECT origin, status, rows_accepted FROM quality.delivery")
    assert [tuple(row) for row in asked.rows] == [("pulled", "accepted", 5)]
