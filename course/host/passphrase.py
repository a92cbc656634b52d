"""Passphrases: argon2id, at most two at once, never in the event loop."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST, MOST = 8, 200
_AT_ONCE = ThreadPoolExecutor(2, thread_name_prefix="argon2")
"""One hash takes 64 MB and a processor: what comes at the same time waits its turn."""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("không ai dùng cụm từ này")


def _plain(text: str) -> str:
    """Return a passphrase as every keyboard types it: Vietnamese letters composed, no spaces around."""
    return unicodedata.normalize("NFC", text).strip()


def doubts(text: str, person: str) -> str:
    """Return why a new passphrase is not taken (``short``, ``long``, ``easy``), or nothing."""
    plain = _plain(text)
    if len(plain) < LEAST:
        return "short"
    if len(plain) > MOST:
        return "long"
    easy = len(set(plain.casefold())) < 4 or person.casefold() in plain.casefold()  # noqa: PLR2004  # aaaa, 1212
    return "easy" if easy or plain.casefold() in {"12345678", "123456789", "1234567890", "matkhau1"} else ""


def _hash(text: str) -> str:
    return _hasher().hash(_plain(text))


def _right(kept: str, text: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        _hasher().verify(kept or _nobody(), _plain(text)[:MOST])
    except (Argon2Error, InvalidHashError):
        return False
    return bool(kept)


async def hash_of(text: str) -> str:
    """Return the hash to keep of a passphrase."""
    return await asyncio.get_running_loop().run_in_executor(_AT_ONCE, _hash, text)


async def right(kept: str, text: str) -> bool:
    """Say whether ``text`` is the passphrase of the hash ``kept``; nobody's (empty) takes as long as a wrong one."""
    return await asyncio.get_running_loop().run_in_executor(_AT_ONCE, _right, kept, text)
