"""Which of the pretend people stand in registers that are checked against each other.

What belongs here: the choice of people where one register says something about another, such as who has died. What does
not: what the registers say of them.
"""

from __future__ import annotations

from typing import Final

_KNOWN_DEAD: Final = 6


def others(people: int) -> range:
    """People who receive no social assistance: births, deaths, marriages and population checks are about them."""
    return range(people * 2 // 3)


def beneficiaries(people: int) -> range:
    """People who receive social assistance, all of them alive."""
    return range(people * 2 // 3, people - _KNOWN_DEAD)


def dead_beneficiaries(people: int) -> range:
    """A few who still receive it although they died in December; their deaths are registered in January."""
    return range(people - _KNOWN_DEAD, people)
