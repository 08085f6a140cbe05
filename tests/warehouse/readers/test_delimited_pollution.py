"""Whatever happens to a delimited file: every row arrives unchanged or is told with its line, and none arrives wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from schemas.dialect import Dialect
from warehouse.readers.delimited import survey

TITLES = ["Ngay", "MaHoSo", "SoTien", "NoiDung", "DiaChi", "KetQua"]
SEEDS = range(25)
DECLARED = Dialect(delimiter=",", quote='"', escape='"', header_rows=1)


class Polluted:
    """A table written by the book, and what was done to it: `spoilt` are the rows (from 1; 0 the titles) that may be told."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        words = ["cấp giấy", "thuê đất", "học phí, sách", 'bản "chính"', "nhà ở", "it's"]
        self.rows = [
            [
                f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2023",
                f"H54-{at:04d}",
                str(chance.randint(1, 10**7)),
                " ".join(chance.choices(words, k=3)),
                f"số {at}, phố {chance.choice(words)}",
                chance.choice(["đạt", "không", ""]),
            ]
            for at in range(1, 31)
        ]
        self.lines = [[_cell(text) for text in row] for row in [TITLES, *self.rows]]
        self.texts: dict[int, bytes] = {}
        self.ending = b"\r\n"
        self.above = b""
        self.below = b""
        self.spoilt: set[int] = set()

    def line(self, row: int) -> bytes:
        return self.texts.get(row, ",".join(self.lines[row]).encode())

    def spoil(self, row: int, text: bytes) -> None:
        self.texts[row] = text
        self.spoilt.add(row)

    def content(self) -> bytes:
        return self.above + b"".join(self.line(row) + self.ending for row in range(len(self.lines))) + self.below


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text


def one_delimiter_more(file: Polluted) -> None:
    row, place = file.chance.randint(1, 30), file.chance.randint(0, 6)
    cells = file.lines[row]
    file.spoil(row, ",".join([*cells[:place], "", *cells[place:]]).encode())


def one_delimiter_less(file: Polluted) -> None:
    row, place = file.chance.randint(1, 30), file.chance.randint(0, 4)
    cells = file.lines[row]
    file.spoil(row, ",".join([*cells[:place], cells[place] + cells[place + 1], *cells[place + 2 :]]).encode())


def a_quote_at_the_beginning_of_a_field(file: Polluted) -> None:
    row, place = file.chance.randint(1, 30), file.chance.randint(0, 5)
    cells = list(file.lines[row])
    cells[place] = '"' + cells[place]
    file.spoil(row, ",".join(cells).encode())


def another_delimiter_in_a_line(file: Polluted) -> None:
    row = file.chance.randint(1, 30)
    file.spoil(row, file.chance.choice([" ", ";", "\t"]).join(file.lines[row]).encode())


def bad_bytes_in_a_line(file: Polluted) -> None:
    row = file.chance.randint(1, 30)
    text = file.line(row)
    at = file.chance.randrange(len(text))
    file.spoil(row, text[:at] + file.chance.choice([b"\x00", b"\xff", b"\xc3"]) + text[at:])


def a_line_cut_short(file: Polluted) -> None:
    row = file.chance.randint(1, 30)
    text = file.line(row)
    file.spoil(row, text[: file.chance.randrange(1, text.rindex(b","))])


def other_line_ends(file: Polluted) -> None:
    file.ending = file.chance.choice([b"\n", b"\r"])


def lines_above(file: Polluted) -> None:
    file.above = "Sở Tư pháp,,,,,\r\nBáo cáo tháng 5\r\n,,,,,\r\n".encode()


def notes_below(file: Polluted) -> None:
    file.below = "\r\nGhi chú: đến 31/12\r\n-- hết --\r\n".encode()


def blank_lines_among_rows(file: Polluted) -> None:
    row = file.chance.randint(1, 30)
    file.texts[row] = b"\r\n,,,,,\r\n" + file.line(row)


def titles_again(file: Polluted) -> None:
    row = file.chance.randint(2, 30)
    file.texts[row] = file.line(0) + b"\r\n" + file.line(row)


def a_narrower_table_below(file: Polluted) -> None:
    file.below = b"Phong,SoCanBo\r\n" + b"".join(b"P%d,%d\r\n" % (at, at) for at in range(9))


POLLUTIONS: list[Callable[[Polluted], None]] = [
    one_delimiter_more,
    one_delimiter_less,
    a_quote_at_the_beginning_of_a_field,
    another_delimiter_in_a_line,
    bad_bytes_in_a_line,
    a_line_cut_short,
    other_line_ends,
    lines_above,
    notes_below,
    blank_lines_among_rows,
    titles_again,
    a_narrower_table_below,
]


@pytest.mark.parametrize("pollute", POLLUTIONS, ids=lambda pollute: pollute.__name__)
@pytest.mark.parametrize("dialect", [DECLARED, None], ids=["declared", "found"])
def test_no_row_is_lost_or_arrives_wrong(pollute: Callable[[Polluted], None], dialect: Dialect | None) -> None:
    for seed in SEEDS:
        file = Polluted(random.Random(seed))
        pollute(file)
        content = file.content()
        found = survey(content, dialect)
        arrived = list(found.rows())
        told = {broken.row for broken in found.reading.broken}
        assert found.titles == tuple(TITLES), seed
        lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        by_code = {row[1]: tuple(row) for row in file.rows}
        for line, texts in arrived:
            assert by_code.pop(texts[1], None) == texts, (seed, line)
            assert texts[1].encode() in lines[line - 1], (seed, line)
        for code in by_code:
            row = next(row for row, texts in enumerate(file.rows, 1) if texts[1] == code)
            assert row in file.spoilt, (seed, code)
        spoilt_lines = {
            at for at, text in enumerate(lines, 1) if any(text == file.texts.get(row) for row in file.spoilt)
        }
        missing = {at for at in spoilt_lines if at not in {line for line, _ in arrived}}
        assert missing <= told, seed
        positions = found.reading.set_aside.total() + len(arrived) + len(found.reading.broken)
        assert positions == len(lines) - 1, "nothing here holds a line end, so every line is a position"
