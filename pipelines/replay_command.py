"""`warehouse replay`: what is said while old deliveries are judged by the rules of today, tried first or for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipelines.console import Counted, complain, say, show_rows
from warehouse.locking import writing
from warehouse.replaying import Rejudged, outdated, replay
from warehouse.storage import open_home


def replay_command(
    path: str | None, *, extract: str | None, since: str | None, rule: str | None, is_trial: bool
) -> int:
    """Replay what the options select, print what changed by extract and rule, return 0."""
    home = open_home(path)
    sendings = outdated(home, extract=extract, since=since, rule=rule)
    if not sendings:
        say("Không có tệp nào còn theo bộ luật cũ / Nothing is left that was judged by earlier rules")
        return 0
    title = "Thử kiểm tra lại / Trying anew" if is_trial else "Kiểm tra lại / Judging anew"
    with writing(home), Counted(title) as counted:
        rejudged = replay(
            home, sendings, is_trial=is_trial, on_receipt=lambda receipt, _: counted.made(receipt.extract, 1)
        )
    _say_what_changed(rejudged)
    if is_trial:
        complain("Chỉ là thử, chưa có gì thay đổi / A trial, nothing was changed. Làm thật / for good: no --dry-run")
    else:
        say("Có hiệu lực từ bản phát hành sau / They count from the next release on: warehouse run")
    return 0


def _say_what_changed(rejudged: Iterable[Rejudged]) -> None:
    deliveries, released, caught = Counter[str](), Counter[str](), Counter[str]()
    before, after = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in rejudged:
        name = each.after.extract
        deliveries[name] += 1
        released[name] += each.released
        caught[name] += each.caught
        for code, (was, now) in each.findings.items():
            before[name, code] += was
            after[name, code] += now
        if each.before.status != each.after.status:
            say(f"{name} {each.after.period} {each.after.supplier_code}: {each.before.status} → {each.after.status}")
    columns = [
        "Biểu / extract",
        "Tệp / deliveries",
        "Dòng được nhận lại / rows released",
        "Dòng bị giữ thêm / rows caught",
    ]
    show_rows(columns, [(name, deliveries[name], released[name], caught[name]) for name in sorted(deliveries)], "table")
    if before or after:
        columns = ["Biểu / extract", "Luật / rule", "Lỗi trước / findings before", "Lỗi sau / findings after"]
        codes = sorted(before.keys() | after.keys())
        show_rows(columns, [(*each, before[each], after[each]) for each in codes], "table")
