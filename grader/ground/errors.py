"""The small closed family of errors: each has a stable code and one sentence saying where, what, and what to do."""

from __future__ import annotations

from course.words import into


class ModuongError(Exception):
    """Something that stops a command. Never raised for one bad submission or one bad row: those are values.

    Attributes:
        code: stable code such as ``E-ASOF-1``; documented in ``docs/errors.md``.
        said: the sentence, made with ``course.words``.
    """

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code}: {into(said, 'en')}")
        self.code = code
        self.said = said

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole: a worker's error is the command's."""
        return ModuongError, (self.code, self.said)

    def text(self, lang: str) -> str:
        """Return the sentence in ``lang`` (``"vi"`` or ``"en"``)."""
        return into(self.said, lang)
