"""Alerts: who is told, and of what, when a run fails.

An alert names the run, the job and the steps and says nothing else: messages of errors may hold values of citizens, so they
stay in the run's own log.

Environment: WAREHOUSE_ALERT_WEBHOOK (URL that takes a JSON POST), WAREHOUSE_ALERT_EMAIL (addresses, comma-separated),
WAREHOUSE_SMTP_HOST, and if needed WAREHOUSE_SMTP_PORT (25), WAREHOUSE_SMTP_FROM, WAREHOUSE_SMTP_USER,
WAREHOUSE_SMTP_PASSWORD (both switch on STARTTLS).
"""

from __future__ import annotations

import json
import smtplib
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage

TIMEOUT_S = 20.0
RELEASE_HELD = "ReleaseHeld"
"""The error of a run whose release waits for a person."""
_TO_DECIDE = (
    "Bản mới thay đổi nhiều hơn mức thường và chờ người duyệt — the new release changes more than usual and waits for a"
    " person: warehouse release diff; warehouse release approve | reject ID --by NAME --reason TEXT\n"
)
_DEFAULT_SMTP_PORT = "25"


@dataclass(frozen=True)
class Alert:
    """A run that failed: ids and names only."""

    run_id: str
    job: str
    steps: tuple[str, ...]
    errors: tuple[str, ...]
    """Class names of the errors, each with what fails of the machine where that is it."""

    @property
    def subject(self) -> str:
        """One line in both languages."""
        return f"Kho dữ liệu: tiến trình {self.job} bị lỗi — data warehouse: run of {self.job} failed"

    @property
    def text(self) -> str:
        """What a person needs in order to look it up."""
        return (
            f"{self.subject}\n\nrun: {self.run_id}\nsteps: {', '.join(self.steps) or '-'}\n"
            f"errors: {', '.join(self.errors) or '-'}\n\n"
            f"{_TO_DECIDE if RELEASE_HELD in self.errors else ''}"
            "Bản phát hành hôm trước vẫn được dùng — the last good release stays in use.\n"
            "Xem chi tiết: warehouse doctor, hoặc trang Runs của Dagster — details: warehouse doctor, or Dagster's runs page.\n"
        )


def send(alert: Alert, environment: Mapping[str, str]) -> list[str]:
    """Tell everybody whom the environment names; which channels were used. OSError when one cannot be reached."""
    used: list[str] = []
    if url := environment.get("WAREHOUSE_ALERT_WEBHOOK"):
        _post(alert, url)
        used.append("webhook")
    if environment.get("WAREHOUSE_ALERT_EMAIL") and environment.get("WAREHOUSE_SMTP_HOST"):
        _mail(alert, environment)
        used.append("e-mail")
    return used


def _post(alert: Alert, url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise ValueError("WAREHOUSE_ALERT_WEBHOOK must begin with http:// or https://")
    body = json.dumps({"text": alert.text, **asdict(alert)}, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310  # checked
    with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310  # checked
        pass


def _mail(alert: Alert, environment: Mapping[str, str]) -> None:
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = environment.get("WAREHOUSE_SMTP_FROM", "warehouse@localhost")
    message["To"] = environment["WAREHOUSE_ALERT_EMAIL"]
    message.set_content(alert.text)
    port = int(environment.get("WAREHOUSE_SMTP_PORT", _DEFAULT_SMTP_PORT))
    with smtplib.SMTP(environment["WAREHOUSE_SMTP_HOST"], port, timeout=TIMEOUT_S) as server:
        if user := environment.get("WAREHOUSE_SMTP_USER"):
            server.starttls()
            server.login(user, environment.get("WAREHOUSE_SMTP_PASSWORD", ""))
        server.send_message(message)
