"""Names of units: one unit is written in many ways; what is proposed is confirmed by a person, once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from grader.roster.match.fields import bare

_LONG = (
    (r"cty", "cong ty"), (r"cty dl|ctdl|pc|dien luc tinh", "cong ty dien luc"), (r"tct", "tong cong ty"),
    (r"dl", "dien luc"), (r"tp", "thanh pho"), (r"vn", "viet nam"), (r"nm", "nha may"), (r"nmnd", "nha may nhiet dien"),
    (r"nmtd", "nha may thuy dien"), (r"px", "phan xuong"), (r"ttd", "truyen tai dien"), (r"xn", "xi nghiep"),
)  # fmt: skip
_EXPANSIONS = tuple((re.compile(rf"(?<![a-z0-9])(?:{short})(?![a-z0-9])"), long) for short, long in _LONG)
_PREFIX = re.compile(
    r"^(?:cong doan co so thanh vien|cong doan co so|cong doan bo phan|cong doan|cdcs thanh vien|cdcs tv|cdcs|"
    r"cdbp|cdtv|to cong doan|ban chap hanh|bch|cd)(?= )"
)
_FILLER = re.compile(r"(?<![a-z0-9])(?:tnhh|mtv|mot thanh vien|co phan|cp|truc thuoc|tap doan)(?![a-z0-9])")
_POSSIBLE = 62  # of 100, from which a unit is offered
_OFFERED = 5
_KINDS = (
    (re.compile(r"^(?:cdcs thanh vien|cdcs tv|cdtv|cong doan co so thanh vien)(?= |$)"), "member_grassroots_union"),
    (re.compile(r"^(?:cdcs|cong doan co so)(?= |$)"), "grassroots_union"),
    (re.compile(r"^(?:cdbp|cong doan bo phan)(?= |$)"), "section_union"),
    (re.compile(r"^to (?:cong doan|cd)(?= |$)"), "union_group"),
    (re.compile(r"^(?:cd |cong doan )?(?:tct|tong cong ty)(?= |$)"), "corporation"),
    (re.compile(r"^(?:cd|cong doan) (?:dien luc (?:viet nam|vn)|dlvn)$"), "union"),
)


@lru_cache(maxsize=65_536)
def core(name: str) -> str:
    """Return what is left of a unit's name without «CĐCS», «Công đoàn», and with short words written out."""
    text = bare(name)
    for pattern, long in _EXPANSIONS:
        text = pattern.sub(long, text)
    before = ""
    while before != text:
        before, text = text, _PREFIX.sub("", text).strip()
    return " ".join(_FILLER.sub(" ", text).replace("cong ty cong ty", "cong ty").split())


@lru_cache(maxsize=65_536)
def kind_of(name: str) -> str:
    """Return the kind of unit that a name begins with; empty where it says none."""
    text = bare(name)
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), "")


@dataclass(frozen=True)
class Proposal:
    """What a written name may be.

    Attributes:
        unit_id: the unit that it certainly is, but for the person's word; empty where that is not certain.
        plain: the name is written exactly so, or is the id itself: nobody needs to be asked.
        others: ids that may be meant, the likeliest first.
    """

    unit_id: str
    plain: bool
    others: tuple[str, ...]


class Known:
    """The units there are, made ready for looking up names."""

    def __init__(self, units: Iterable[tuple[str, str, str]]) -> None:
        """Take (id, name, kind) of each unit in force."""
        self._kinds: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._by_name: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_core: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for unit_id, name, kind in units:
            self._kinds[unit_id] = kind
            self._ids[unit_id.casefold()] = unit_id
            self._by_name[" ".join(name.split()).casefold()][unit_id] = None
            self._by_core[core(name)][unit_id] = None
        self._cores: Sequence[str] = list(self._by_core)

    def find(self, written: str) -> Proposal:
        """Return what a written id or name may be."""
        plain = self._ids.get(written.strip().casefold()) or _only(
            self._by_name.get(" ".join(written.split()).casefold())
        )
        if plain:
            return Proposal(plain, plain=True, others=(plain,))
        key, kind = core(written), kind_of(written)
        same = [one for one in self._by_core.get(key, ()) if not kind or self._kinds[one] == kind]
        if len(same) == 1:
            return Proposal(same[0], plain=False, others=tuple(same))
        if same:
            return Proposal("", plain=False, others=tuple(same[:_OFFERED]))
        return Proposal("", plain=False, others=self._like(key))

    def _like(self, key: str) -> tuple[str, ...]:
        found = process.extract(key, self._cores, scorer=fuzz.token_sort_ratio, limit=_OFFERED, score_cutoff=_POSSIBLE)
        return tuple(one for name, _, _ in found for one in self._by_core[name])[:_OFFERED]


def _only(ids: Mapping[str, None] | None) -> str:
    return next(iter(ids)) if ids and len(ids) == 1 else ""
