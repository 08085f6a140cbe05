"""`warehouse backup`, `restore` and `drill`: what is said of them; the work is done by `warehouse`."""

from __future__ import annotations

from pathlib import Path

from upath import UPath

from pipelines.console import Counted, complain, say, size_text
from warehouse import keys, machine
from warehouse.backup import Backup, Restored, RestoreRefused, back_up, restore
from warehouse.drill import drill
from warehouse.storage import open_home


def back_up_to(path: str | None, target: str) -> int:
    """Copy to `target` what is not there yet; says what is not in the copy. 0, or 1 when the target cannot be written."""
    home = open_home(path)
    try:
        with Counted("Sao lưu / Backing up") as files:
            copied = back_up(home, _place(target), on_file=files.made)
    except OSError as error:
        complain(f"Không ghi được / Cannot be written: {target} ({machine.words_of(error) or error.strerror})")
        return 1
    say(
        f"Đã chép / copied: {copied.files} tệp / files, {size_text(copied.size_bytes)}"
        f" · bản sao có / the backup holds: {copied.all_files} tệp / files,"
        f" {copied.backup.sendings} lần gửi / sendings, {copied.backup.judgements} biên nhận / receipts"
        f" · bản hiện hành / current release: {copied.backup.current_release or '—'}"
    )
    complain(
        f"KHOÁ KHÔNG nằm trong bản sao lưu / THE KEY IS NOT in the backup: {keys.key_file()}"
        f" (mã khoá / key id: {_ids(copied.backup)}).\n"
        "Giữ một bản khoá ở nơi khác; để chung với bản sao lưu là mất tác dụng che danh tính."
        " / Keep a copy of it elsewhere; kept together with the backup it undoes what the tokens protect."
    )
    if copied.backup.is_sealed:
        complain(
            f"Tệp đã mã hoá: cần cả ${keys.ENCRYPTION_VARIABLE} / The files are sealed:"
            f" ${keys.ENCRYPTION_VARIABLE} is needed too."
        )
    say(
        "Tệp chưa nhận trong landing/, releases/, / Files not yet taken in, releases/, site/, returns/, pulls/, Dagster:"
        " không có trong bản sao / not in the backup."
    )
    return 0


def restore_into(source: str, path: Path) -> int:
    """Bring a backup back into an empty home: 0, 1 when something of it is damaged, 2 when it cannot be done there."""
    try:
        with Counted("Phục hồi / Restoring") as files:
            restored = restore(_place(source), path, on_file=files.made)
    except RestoreRefused as refused:
        complain(str(refused))
        return 2
    damaged = _say_problems(restored)
    say(
        f"Đã phục hồi / restored: {restored.home.root} ({restored.files_checked} tệp / files,"
        f" sao lưu lúc / made at {restored.backup.made_at:%d/%m/%Y %H:%M})"
    )
    _say_key(restored.backup)
    say(f"Tiếp theo / next: warehouse run --home {restored.home.root}; warehouse release verify")
    return 1 if damaged else 0


def drill_from(source: str, scratch: Path | None) -> int:
    """Try a backup out: 0 when the warehouse would come back as it was, 1 when not, 2 when there is no backup."""
    try:
        with Counted("Diễn tập / Drill") as files:
            drilled = drill(_place(source), scratch=scratch, on_file=files.made)
    except RestoreRefused as refused:
        complain(str(refused))
        return 2
    _say_problems(drilled.restored)
    for table, (said, found) in drilled.differences.items():
        complain(f"  {table}: {said} ≠ {found}")
    for name in drilled.other_answers:
        complain(f"  {name}.sql: câu trả lời khác / another answer")
    outcome = "Đạt / Passed" if drilled.has_passed else "KHÔNG ĐẠT / FAILED"
    told = say if drilled.has_passed else complain
    told(
        f"{outcome}: {drilled.release_id or 'chưa có bản phát hành / no release'}"
        f" · tệp / files {drilled.restored.files_checked}"
        f" · bảng giống / tables the same {drilled.tables - len(drilled.differences)}/{drilled.tables}"
        f" · câu hỏi giống / answers the same {drilled.queries - len(drilled.other_answers)}/{drilled.queries}"
    )
    return 0 if drilled.has_passed else 1


def _place(text: str) -> UPath:
    place = UPath(text)
    return UPath(Path(text).expanduser().absolute()) if place.protocol in ("", "file", "local") else place


def _ids(backup: Backup) -> str:
    return ", ".join(backup.token_key_ids) or "—"


def _say_problems(restored: Restored) -> bool:
    for problem in restored.problems:
        complain(f"  {problem}")
    return bool(restored.problems)


def _say_key(backup: Backup) -> None:
    """Whether the key that this machine would use is the one that the restored tokens were made with."""
    file = keys.key_file()
    if file.exists() and keys.token_key().id in backup.token_key_ids:
        say(f"Khoá đúng / the key is the right one: {file}")
        return
    complain(
        f"CHƯA có khoá {_ids(backup)} / The key {_ids(backup)} is NOT in place: {file}.\n"
        "Đặt khoá cũ vào đó trước lần chạy đầu, nếu không mã thay thế của tệp mới sẽ khác."
        " / Put the old key there before the first run, or tokens of new files will be others."
    )
