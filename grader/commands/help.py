"""Help in the reader's language, the framework's own words included; loaded only when help is asked for.

What the commands say is Vietnamese in the code and found in the catalogue otherwise; what Typer's click says is
English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from course.words import SOURCE, catalogue

_OF_CLICK = {
    "Usage: ": "Cách dùng: ",
    "Options": "Tùy chọn",
    "Arguments": "Tham số",
    "Commands": "Các lệnh",
    "Show this message and exit.": "Hiện lời này rồi thôi.",
    "default: ": "mặc định: ",
    "env var: ": "biến môi trường: ",
    "[required]": "[bắt buộc]",
}
_MISTAKES = {
    "No such option: ": "không có tùy chọn ",
    "Possible options: ": "có phải: ",
    "No such command ": "không có lệnh ",
    " Did you mean ": " Có phải ",
    "Missing argument ": "thiếu tham số ",
    "Missing option ": "thiếu tùy chọn ",
    "Invalid value for ": "giá trị không dùng được ở ",
    "Input should be a valid integer, unable to parse string as an integer": "phải là số nguyên",
    "Got unexpected extra argument(s) ": "thừa ",
    "Option '": "tùy chọn '",
    "requires an argument": "cần một giá trị",
}


def mistake(said: str, lang: str) -> str:
    """Return what the framework says of a mistyped command, in Vietnamese as far as it is foreseen."""
    return _replaced(said, _MISTAKES) if lang == SOURCE else said


def speak(command: Any, lang: str) -> None:
    """Put the help of a command and of all below it into ``lang``."""
    if lang == SOURCE:
        command.context_class.formatter_class = _formatter(command.context_class.formatter_class)
        return
    words = catalogue(lang)
    for one in every(command):
        one.help = words.get(one.help or "", one.help)
        for parameter in one.params:
            if getattr(parameter, "help", None):
                parameter.help = words.get(parameter.help, parameter.help)


def _formatter(base: Any) -> Any:
    # Typer carries a private copy of click: its class cannot be named here
    class Formatter(base):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or _OF_CLICK["Usage: "])

        def write_heading(self, heading: str) -> None:
            super().write_heading(_replaced(heading, _OF_CLICK))

        def write_dl(self, rows: Sequence[tuple[str, str]], *places: int, **more: int) -> None:
            super().write_dl([(term, _replaced(text, _OF_CLICK)) for term, text in rows], *places, **more)

    return Formatter


def every(command: Any) -> Iterator[Any]:
    """Yield a command and all commands below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from every(below)


def _replaced(text: str, words: dict[str, str]) -> str:
    for english, vietnamese in words.items():
        text = text.replace(english, vietnamese)
    return text
