"""The command line: one command per stage; with the drivers the only place that puts stages in order."""

from __future__ import annotations

import copy
import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from course.words import _
from grader.commands import completion as commands_completion
from grader.commands import course as commands_course
from grader.commands import formats as commands_formats
from grader.commands import grading as commands_grading
from grader.commands import keys as commands_keys
from grader.commands import run as commands_run
from grader.commands.decided import intake as commands_intake
from grader.commands.decided import ledger as commands_ledger
from grader.commands.doctor import group as commands_doctor
from grader.commands.host import desk as commands_desk
from grader.commands.host import group as commands_host
from grader.commands.keep import backup as commands_backup
from grader.commands.keep import database as commands_database
from grader.commands.keep import person as commands_person
from grader.commands.roster import keep as commands_roster_keep
from grader.commands.roster import posts as commands_roster_posts
from grader.commands.roster import take as commands_roster_take
from grader.ground.errors import ModuongError
from grader.ground.journal import log

if TYPE_CHECKING:
    from typer.models import CommandInfo

app = typer.Typer(
    name="moduong",
    help=_("Mở Đường: lời văn khóa học → sổ bài → bài nộp → điểm → tổng công ty nào còn dưới chỉ tiêu."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_PARTS = (
    commands_course,
    commands_formats,
    commands_grading,
    commands_intake,
    commands_keys,
    commands_ledger,
    commands_roster_take,
    commands_roster_keep,
    commands_roster_posts,
    commands_completion,
    commands_backup,
    commands_database,
    commands_person,
    commands_run,
    commands_doctor,
    commands_host,
    commands_desk,
)
for part in dict.fromkeys(module.app for module in _PARTS):
    app.add_typer(part)


_COLLECT_EVERY = 50_000
"""New objects between two garbage collections.

What a command makes it mostly keeps, so that looking often is lost time (8 % of grading).
"""
_WITH_A_GROUP = 3
"""Words of a command line from which on something is done: ``moduong`` and ``moduong roster`` only show help."""


def _tell_version(asked: bool) -> None:  # the framework's signature
    if asked:
        from importlib import metadata  # seldom needed

        typer.echo(f"moduong {metadata.version('moduong')}")
        raise typer.Exit


@app.callback()
def moduong(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  # told by its callback
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help=_("Nói phiên bản rồi dừng."))
    ] = False,
    logged: Annotated[
        str,
        typer.Option(
            "--log", envvar=log.VARIABLE, help=_("Ghi nhật ký ra luồng lỗi: text hoặc json; bỏ trống là không.")
        ),
    ] = "",
) -> None:
    """Say which version this is, when asked; begin the log."""
    if logged and logged not in log.STYLES:
        raise ModuongError("E-OPT-3", _("Không có kiểu nhật ký «{logged}»; có: text, json.", logged=logged))
    log.listen(logged)
    log.event("begin", command=context.invoked_subcommand or "")


def called(whole: typer.Typer, words: frozenset[str]) -> typer.Typer:
    """Return the commands of ``whole``, of which only those named in ``words`` know their parameters.

    The others have name and help, which is what lists and suggestions show: working out the parameters of every
    command took longer than all else at start-up, and grew with each command.
    """
    light = copy.copy(whole)
    light.registered_commands = [_listed(one, words) for one in whole.registered_commands]
    light.registered_groups = [copy.copy(group) for group in whole.registered_groups]
    for group in light.registered_groups:
        if group.typer_instance:
            group.typer_instance = called(group.typer_instance, words)
    return light


def _listed(command: CommandInfo, words: frozenset[str]) -> CommandInfo:
    function = command.callback
    name = command.name or typer.main.get_command_name(getattr(function, "__name__", ""))
    if name in words:
        return command
    listed = copy.copy(command)
    listed.name, listed.help, listed.callback = name, command.help or getattr(function, "__doc__", ""), _unused
    return listed


def _unused() -> None:
    """Stand in for a command that was not called."""


def _unraised(_what: object) -> None:
    """Say nothing of what a half-written file cannot flush any more: the sentence is said."""


def main() -> None:
    """Run the command line; a ``ModuongError`` becomes one sentence on standard error and exit code 2.

    So does whatever the disk refuses, wherever it happens.
    """
    gc.set_threshold(_COLLECT_EVERY)
    command = typer.main.get_command(called(app, frozenset(sys.argv[1:])))
    if "--help" in sys.argv or len(sys.argv) < _WITH_A_GROUP:
        from grader.commands import help as helping  # seldom needed

        helping.speak(command, _lang_of(sys.argv))
    _UsageError.show = _say_usage
    try:
        try:
            command(standalone_mode=True)
        except ModuongError:
            raise
        except Exception as error:
            from grader.commands import refused  # seldom needed

            said = refused.told(error, sys.argv)
            if said is None:
                raise
            sys.unraisablehook = _unraised
            raise said from None
    except ModuongError as error:
        lang = _lang_of(sys.argv)
        log.event("stopped", level=logging.ERROR, code=error.code)
        typer.echo(f"{error.code}: {error.text(lang)}", err=True)
        raise SystemExit(2) from None


_UsageError: Any = typer.BadParameter.__base__  # Typer does not name it


def _say_usage(error: Any, file: object = None) -> None:  # noqa: ARG001  # the framework's signature
    """Say what is wrong with a command as it was typed, as every other error is said."""
    from grader.commands import help as helping  # seldom needed

    said, of = error.format_message().rstrip(".?"), error.ctx.command_path if error.ctx else "moduong"
    wrong = ModuongError(
        "E-CLI-1",
        _(
            "Lệnh viết chưa đúng: {said}. Xem cách viết: «{of} --help».",
            said=helping.mistake(said, _lang_of(sys.argv)),
            of=of,
        ),
    )
    typer.echo(f"{wrong.code}: {wrong.text(_lang_of(sys.argv))}", err=True)


def _lang_of(arguments: list[str]) -> str:
    for before, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--lang":
            return after
        if before.startswith("--lang="):
            return before.removeprefix("--lang=")
    return os.environ.get("MODUONG_LANG", "vi")
