"""The sensor takes each state of the landing folder once; failures are told, and told without values."""

from __future__ import annotations

import json
import os
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from pipelines import alerts, history
from pipelines.schedules import alert_of, landing_sensor
from tests.pipelines.conftest import Landing, record, run
from warehouse.landing import STILL_ARRIVING_S
from warehouse.storage import Home

SECRET = "Nguyễn Văn Kín 034090123456"


def look(instance: dg.DagsterInstance, home: Home, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    """One evaluation of the landing sensor."""
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"home": home})
    outcome = landing_sensor(context)
    assert isinstance(outcome, dg.SensorResult | dg.SkipReason)
    return outcome


def settle(home: Home) -> None:
    """Let every landed file be old enough."""
    then = time.time() - STILL_ARRIVING_S - 1
    for file in Path(str(home.landing)).rglob("*"):
        if file.is_file():
            os.utime(file, (then, then))


def request(outcome: dg.SensorResult | dg.SkipReason) -> tuple[str, str]:
    """The run key and cursor of the one run asked for."""
    assert isinstance(outcome, dg.SensorResult)
    assert outcome.run_requests is not None
    (asked,) = outcome.run_requests
    assert asked.run_key is not None
    assert outcome.cursor is not None
    return asked.run_key, outcome.cursor


def test_a_landed_file_starts_one_run_and_never_another(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])
    settle(home)
    run_key, cursor = request(look(instance, home, None))
    for _ in range(3):
        assert isinstance(look(instance, home, cursor), dg.SkipReason)

    land("2023-01-03", [record(1, "2023-01-03")])
    settle(home)
    later_key, _ = request(look(instance, home, cursor))
    assert later_key != run_key


def test_a_file_that_is_still_being_copied_waits(home: Home, instance: dg.DagsterInstance, land: Landing) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])
    assert isinstance(look(instance, home, None), dg.SkipReason)
    settle(home)
    assert isinstance(look(instance, home, None), dg.SensorResult)


def test_a_file_that_nobody_can_take_in_is_tried_once(home: Home, instance: dg.DagsterInstance) -> None:
    stray = Path(str(home.landing)) / "nowhere" / "X" / "2023" / "file.bin"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"?")
    settle(home)
    _, cursor = request(look(instance, home, None))
    assert isinstance(look(instance, home, cursor), dg.SkipReason)


class Webhook(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    posted: list[str]

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[str]]]:
    """The address of a webhook and what was posted to it."""
    posted: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Handler", (Webhook,), {"posted": posted}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", posted
    server.shutdown()
    thread.join()
    server.server_close()


class Postman(socketserver.StreamRequestHandler):
    """The little of SMTP that a client without a password needs; keeps the letters."""

    letters: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                self.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self.wfile.write(b"221 bye\r\n" if word.startswith(b"QUIT") else b"250 ok\r\n")
            if word.startswith(b"QUIT"):
                return


@pytest.fixture
def post_office() -> Iterator[tuple[int, list[str]]]:
    """The port of a mail server and the letters it took."""
    letters: list[str] = []
    server = socketserver.TCPServer(("127.0.0.1", 0), type("Handler", (Postman,), {"letters": letters}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], letters
    server.shutdown()
    thread.join()
    server.server_close()


ALERT = alerts.Alert("run-1", "nightly", ("take_in",), ("OSError",))


def test_webhook_and_mail_are_both_told(webhook: tuple[str, list[str]], post_office: tuple[int, list[str]]) -> None:
    (address, posted), (port, letters) = webhook, post_office
    environment = {
        "WAREHOUSE_ALERT_WEBHOOK": address,
        "WAREHOUSE_ALERT_EMAIL": "a@example.vn, b@example.vn",
        "WAREHOUSE_SMTP_HOST": "127.0.0.1",
        "WAREHOUSE_SMTP_PORT": str(port),
    }
    assert alerts.send(ALERT, environment) == ["webhook", "e-mail"]
    (sent,) = posted
    assert json.loads(sent)["run_id"] == "run-1"
    assert json.loads(sent)["steps"] == ["take_in"]
    (letter,) = letters
    assert "a@example.vn, b@example.vn" in letter


def test_nobody_is_told_when_nobody_is_named() -> None:
    assert alerts.send(ALERT, {}) == []


def test_only_web_addresses_are_posted_to() -> None:
    with pytest.raises(ValueError, match="http"):
        alerts.send(ALERT, {"WAREHOUSE_ALERT_WEBHOOK": "file:///etc/passwd"})


def test_an_alert_names_step_and_error_and_never_the_message(
    home: Home, land: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])

    def broken(*_: object, **__: object) -> None:
        raise OSError(SECRET)

    monkeypatch.setattr("pipelines.nightly.judge_pending", broken)
    result, _ = run(home)
    alert = alert_of(result.dagster_run, [event for event in result.all_events if event.is_step_failure])
    assert (alert.job, alert.steps, alert.errors) == ("nightly", ("take_in_and_publish",), ("OSError",))
    assert not [word for word in SECRET.split() if word in alert.text + alert.subject]


def test_the_sensor_on_failures_tells_of_a_failed_run(
    home: Home, land: Landing, webhook: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.schedules import alert_on_failure

    address, posted = webhook
    land("2023-01-02", [record(1, "2023-01-02")])

    def broken(*_: object, **__: object) -> None:
        raise OSError(SECRET)

    monkeypatch.setattr("pipelines.nightly.judge_pending", broken)
    monkeypatch.setenv("WAREHOUSE_ALERT_WEBHOOK", address)
    result, _ = run(home)
    event = next(event for event in result.all_events if event.is_job_event and event.is_failure)
    with history.opened(home) as instance:
        context = dg.build_run_status_sensor_context(
            "alert_on_failure", event, instance, result.dagster_run
        ).for_run_failure()
        alert_on_failure(context)
    (sent,) = posted
    assert json.loads(sent)["job"] == "nightly"
    assert SECRET not in sent
