"""Which letter groups can be a written Vietnamese syllable: initial, rhyme and tone, in both ways of placing the tone.

Only spelling is decided here, from the closed lists of initials and rhymes of the orthography taught in schools; whether
a syllable means anything is nobody's business.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_BACK_INITIALS = ("c", "g", "ng")
_FRONT_INITIALS = ("k", "gh", "ngh")
_OTHER_INITIALS = "b ch d đ gi h kh l m n nh p ph qu r s t th tr v x"
_RHYMES = """
a ac ach ai ak am an ang anh ao ap at au ay
ă ăc ăk ăm ăn ăng ăp ăt
â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oe oen oeo oet oăc oăm oăn oăng oăt ooc oong
ô ôc ôi ôk ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uêt uôc uôi uôm uôn uông uôt uơ uy uya uych uyn uynh uyt uyu
uyên uyêt
ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu ych yn ynh yt
"""
_LEVEL_AND_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_STOPPED_TONES = ("\u0301", "\u0323")
_MARKED_VOWELS = "ăâêôơư"
_EITHER_PLACE = ("oa", "oe", "uy")


def is_syllable(word: str) -> bool:
    """True for a word that is spelled like one Vietnamese syllable; composed Unicode, any case."""
    return word.lower() in _syllables()


@cache
def _syllables() -> frozenset[str]:
    return frozenset(
        initial + toned for rhyme in _RHYMES.split() for toned in _toned(rhyme) for initial in _initials_before(rhyme)
    )


def _initials_before(rhyme: str) -> tuple[str, ...]:
    if rhyme[0] in "eêi":
        # "gì", "gìn", "giêng": g before i stands for the sound written gi elsewhere.
        return ("", *_FRONT_INITIALS, *_OTHER_INITIALS.split(), *(("g",) if rhyme[0] == "i" else ()))
    if rhyme[0] == "y":
        return ("", "k", *_OTHER_INITIALS.split())
    return ("", *_BACK_INITIALS, *_OTHER_INITIALS.split())


def _toned(rhyme: str) -> list[str]:
    is_stopped = rhyme.endswith(("c", "ch", "k", "p", "t"))
    tones = _STOPPED_TONES if is_stopped else _LEVEL_AND_TONES
    return [
        unicodedata.normalize("NFC", rhyme[: at + 1] + tone + rhyme[at + 1 :])
        for at in _places(rhyme)
        for tone in tones
    ]


def _places(rhyme: str) -> tuple[int, ...]:
    """Where the tone may stand: one place, or two in "oa", "oe" and "uy", which old and new style treat differently."""
    marked = [at for at, letter in enumerate(rhyme) if letter in _MARKED_VOWELS]
    if marked:
        return (marked[-1],)
    vowels = len(rhyme.rstrip("bcdghklmnpt"))
    has_end = vowels < len(rhyme)
    if rhyme in _EITHER_PLACE:
        return 0, 1
    if vowels == 1:
        return (0,)
    if vowels == 2:
        return (1,) if has_end else (0,)
    return (1,)
