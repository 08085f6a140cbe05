"""The old Vietnamese code pages and font encodings: which byte or pair of bytes was which letter.

Texts in them reach us in two ways: as bytes, or inside Unicode as the western letters (Latin-1 or windows-1252) that have
the same bytes, as in every workbook of the time. Both are decoded here; which encoding a text is in is told by
`schemas.legacy_text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial

# 128 letters each, for bytes 0x80 to 0xFF; a point where the code page has no letter.
_TCVN3 = (  # TCVN 5712:1993, the third set (TCVN3), as drawn by the .Vn fonts
    "................................"
    ".ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ......."
    "ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
)
_VISCII = (  # RFC 1456
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VPS = (  # Vietnamese Professionals Society, as in the x-viet-vps mapping of ICU
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ..ỀỂỄỐỒỔỖýỷỵỚỜỞ"
    ".ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ."
    "àáâãảạă.èéêẽìí.ĩẴĐòóôõ.Ơụùúủ.ỶẼỳ"
)
_VPS_CONTROLS = {
    0x02: "Ạ", 0x03: "Ậ", 0x04: "Ặ", 0x05: "Ẹ", 0x06: "Ệ", 0x10: "Ị", 0x11: "Ọ", 0x12: "Ộ", 0x13: "Ợ", 0x14: "Ụ",
    0x15: "Ự", 0x19: "Ỵ", 0x1C: "Ẫ", 0x1D: "Ữ",
}  # fmt: skip

# VNI for Windows puts the mark in a letter after the vowel; ơ and ư have letters of their own, so have đ, ỉ, ĩ, ị and ỵ.
_VNI_VOWELS = {
    "a": {"ø": "à", "ù": "á", "û": "ả", "õ": "ã", "ï": "ạ", "ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ",
          "â": "â", "á": "ấ", "à": "ầ", "å": "ẩ", "ã": "ẫ", "ä": "ậ"},
    "e": {"ø": "è", "ù": "é", "û": "ẻ", "õ": "ẽ", "ï": "ẹ", "â": "ê", "á": "ế", "à": "ề", "å": "ể", "ã": "ễ", "ä": "ệ"},
    "i": {"ø": "ì", "ù": "í"},
    "o": {"ø": "ò", "ù": "ó", "û": "ỏ", "õ": "õ", "ï": "ọ", "â": "ô", "á": "ố", "à": "ồ", "å": "ổ", "ã": "ỗ", "ä": "ộ"},
    "ô": {"": "ơ", "ø": "ờ", "ù": "ớ", "û": "ở", "õ": "ỡ", "ï": "ợ"},
    "u": {"ø": "ù", "ù": "ú", "û": "ủ", "õ": "ũ", "ï": "ụ"},
    "ö": {"": "ư", "ø": "ừ", "ù": "ứ", "û": "ử", "õ": "ữ", "ï": "ự"},
    "y": {"ø": "ỳ", "ù": "ý", "û": "ỷ", "õ": "ỹ", "ï": "ỵ"},
    "": {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"},
}  # fmt: skip


def _western(byte: int) -> set[str]:
    """The characters as which a byte above ASCII shows in western text: of Latin-1 and of windows-1252."""
    return {chr(byte), bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)}


def _letter_by_letter(upper_half: str, controls: Mapping[int, str] | None = None) -> dict[int, str]:
    table = {
        ord(shown): letter for byte, letter in enumerate(upper_half, 0x80) if letter != "." for shown in _western(byte)
    }
    return table | dict(controls or {})


def _by_vni() -> dict[str, str]:
    """Every VNI sequence with its letter; the case of the vowel decides, for the mark was often typed in the other one."""
    pairs: dict[str, str] = {}
    for vowel, marks in _VNI_VOWELS.items():
        for mark, letter in marks.items():
            for shape in {mark, mark.upper()}:
                if vowel:
                    pairs[vowel + shape] = letter
                    pairs[vowel.upper() + shape] = letter.upper()
                else:
                    pairs[shape] = letter.upper() if shape != mark else letter
    return pairs


_VNI_PAIRS = _by_vni()
_VNI_SEQUENCE = re.compile("|".join(sorted(map(re.escape, _VNI_PAIRS), key=len, reverse=True)))
_CP1258 = {
    ord(shown): vietnamese
    for byte in range(0x80, 0x100)
    if (vietnamese := bytes([byte]).decode("cp1258", errors="ignore"))
    for shown in _western(byte) - {vietnamese}
}


def _translated(table: Mapping[int, str], text: str) -> str:
    return text.translate(table)


def _of_vni(text: str) -> str:
    return _VNI_SEQUENCE.sub(lambda found: _VNI_PAIRS[found[0]], text)


def _of_cp1258(text: str) -> str:
    # The tones of windows-1258 are characters of their own, which belong to the letter before them.
    return unicodedata.normalize("NFC", text.translate(_CP1258))


DECODERS: Mapping[str, Callable[[str], str]] = {
    "tcvn3": partial(_translated, _letter_by_letter(_TCVN3)),
    "vni": _of_vni,
    "cp1258": _of_cp1258,
    "viscii": partial(_translated, _letter_by_letter(_VISCII, _VISCII_CONTROLS)),
    "vps": partial(_translated, _letter_by_letter(_VPS, _VPS_CONTROLS)),
}
"""From western letters to Vietnamese ones, by encoding; the commonest in old files first."""
