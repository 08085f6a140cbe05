"""What a person is told when a command could not go on and it is nobody's file: the home is busy, or the machine fails."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse import machine
from warehouse.locking import HomeIsBusy
from warehouse.machine import Words


def said_of(error: BaseException) -> str | None:
    """What to say of an error, in both languages; None where it is a fault of ours."""
    for each in _with_causes(error):
        if isinstance(each, HomeIsBusy):
            return f"{each} Thử lại sau. / Try again later."
    if (words := words_of(error)) is None:
        return None
    named = [each.filename for each in _with_causes(error) if isinstance(each, OSError) and each.filename]
    return (
        f"Chưa làm xong / Not finished: {': '.join([str(words), *map(str, named[:1])])}\n"
        "Khắc phục rồi gõ lại lệnh; bản phát hành trước vẫn được dùng."
        " / Mend that and type the command again; the last release stays in use."
    )


def words_of(error: BaseException) -> Words | None:
    """What is wrong with the machine, where that is what an error, or one that it was raised from, is about."""
    said = (machine.words_of(each) for each in _with_causes(error))
    return next((words for words in said if words is not None), None)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from: libraries wrap what the system says."""
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__
