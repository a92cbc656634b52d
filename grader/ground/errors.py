"""The small closed family of errors: each has a stable code and one sentence saying where, what, and what to do."""

from __future__ import annotations


class ModuongError(Exception):
    """Something that stops a command. Never raised for one bad submission or one bad row: those are values.

    Attributes:
        code: stable code such as ``E-ASOF-1``; documented in ``docs/errors.md``.
        vi: the sentence in Vietnamese.
        en: the same in English.
    """

    def __init__(self, code: str, *, vi: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole: a worker's error is the command's."""
        return _again, (self.code, self.vi, self.en)

    def text(self, lang: str) -> str:
        """Return the sentence in ``lang`` (``"vi"`` or ``"en"``)."""
        return self.en if lang == "en" else self.vi


def _again(code: str, vi: str, en: str) -> ModuongError:
    return ModuongError(code, vi=vi, en=en)
