"""Days as people type them, as moments in Thái Bình."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from warehouse.ledger import LOCAL_TIME


def end_of_day(day: str) -> datetime:
    """The last moment of an ISO date in Thái Bình; a full ISO moment is taken as it is."""
    moment = datetime.fromisoformat(day)
    if len(day) > len("2023-12-31"):
        return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_TIME)
    return datetime.combine(moment.date() + timedelta(days=1), time.min, LOCAL_TIME) - timedelta(microseconds=1)
