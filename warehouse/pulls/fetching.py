"""What every kind of source is asked and gives back: a window of days, a file of records, or the reason why there is none.

How a kind is asked belongs to its own module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from schemas.periods import span


class PullFailed(Exception):
    """Nothing was fetched, and nothing half. What it says is safe to show: never a secret and never a value of a row."""

    def __init__(self, code: str, reason_vi: str, reason_en: str) -> None:
        super().__init__(f"{code}: {reason_vi} / {reason_en}")
        self.code = code
        self.reason_vi = reason_vi
        self.reason_en = reason_en


@dataclass(frozen=True)
class Window:
    """The period that is asked for, in the words a query may use."""

    period: str
    first_on: date
    last_on: date

    @classmethod
    def of(cls, period: str) -> Window:
        """The window of a period such as `2023-05`."""
        days = span(period)
        return cls(period, days.first_on, days.last_on)

    @property
    def words(self) -> Mapping[str, str]:
        """`period`, `first_on` and `last_on` (both included), `next_on` (the day after), as ISO texts."""
        return {
            "period": self.period,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "next_on": (self.last_on + timedelta(days=1)).isoformat(),
        }


@dataclass(frozen=True)
class Answer:
    """A source's whole answer as JSON Lines: one record a line, every number and date as the text it had."""

    file: Path
    rows: int
    etag: str | None = None
    """Given only where it speaks for the whole answer."""
    pages: int = 1


@dataclass(frozen=True)
class NotModified:
    """The source says that nothing has changed since the answer with the tag it was shown."""


@dataclass(frozen=True)
class Secrets:
    """What the environment knows; a value is read only when it is used and is never part of a text."""

    environment: Mapping[str, str] = field(repr=False)

    def value(self, variable: str) -> str:
        """The secret in a variable. Raises PullFailed when it is not set."""
        try:
            return self.environment[variable]
        except KeyError:
            raise PullFailed(
                "pull.secret_missing",
                f"biến môi trường {variable} chưa được đặt",
                f"the environment variable {variable} is not set",
            ) from None
