"""`warehouse report`: where the printable report is written and what is said of it; `reports.monthly` makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.console import NOTHING_PUBLISHED, complain, say
from reports import monthly
from reports.published import NothingPublishedError, RestrictedError
from warehouse.storage import PRIVATE, open_home

_KINDS: Final = ("pdf", "html")


def report_command(path: str | None, period: str | None, out: Path | None, language: str, *, has_causes: bool) -> int:
    """Write a period's report to `out` (by its suffix a PDF or a page), or all of it to the site: 0, else 2.

    Causes and remedies as units wrote them go to `out` only: the site is for everybody.
    """
    home = open_home(path)
    kind = out.suffix.removeprefix(".").lower() if out else ""
    if out and kind not in _KINDS:
        complain(f"Tên tệp phải có đuôi .pdf hoặc .html / The file name must end in .pdf or .html: {out.name}")
        return 2
    if has_causes and out is None:
        complain(
            "Nguyên nhân và giải pháp chỉ ghi vào tệp nêu ở --out / Causes and remedies go to a file named by --out"
        )
        return 2
    try:
        if out is None:
            for file in monthly.write_period(home, period):
                say(str(file))
        else:
            made = monthly.content(home, period, kind, language, has_causes=has_causes)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.touch()
            if has_causes:
                out.chmod(PRIVATE)
            out.write_bytes(made)
            say(str(out))
    except NothingPublishedError:
        complain(NOTHING_PUBLISHED)
        return 2
    except RestrictedError as error:
        complain(f"Không có quyền đọc bản hạn chế / The restricted edition may not be read: {error}")
        return 2
    except monthly.NoSuchPeriodError as error:
        complain(f"Không có số liệu của kỳ {period} / No figures of this period; có / there are: {error}")
        return 2
    return 0
