"""`warehouse unpark`: what is said while files that judging died of are let go, to be tried again."""

from __future__ import annotations

from pipelines.console import complain, say
from warehouse.attempts import unpark
from warehouse.locking import writing
from warehouse.storage import open_home


def unpark_command(path: str | None, extract: str, supplier: str | None, period: str | None) -> int:
    """Let go what fits: 0, or 1 when nothing does."""
    home = open_home(path)
    with writing(home):
        let_go = unpark(home, extract, supplier, period)
    for each in let_go:
        say(f"  {each.extract} {each.supplier_code} {each.period}: {each.how}, {each.attempts}")
    if not let_go:
        complain("Không có tệp nào bị dừng kiểm tra / There is no such file that judging died of")
        return 1
    say("Lần chạy tới thử lại / The next run tries again: warehouse run")
    return 0
