"""Takes one hand-in without trusting it: what arrived, and the answers in it with what they claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from course import answers as answer_files
from course.answers import LARGEST_FILE, MOST_VALUES, AnswersError, AnswerSet
from course.words import _
from grader.intake import names
from grader.intake.names import refuse

_OURS = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True, slots=True)
class HandIn:
    """One hand-in as it arrived.

    Attributes:
        source: where from; the same source is collected once.
        person: who the exchange's folder name says it is; empty for a folder or ZIP.
        module: what the exchange's folder name says; empty for a folder or ZIP.
        owner: the UNIX owner's name, where there is one.
        claimed_at: the time that the sender gives; never used as the time of submission.
        received_at: when the server got it (an aware instant).
        files: relative name → content.
        refusal: why the files could not be taken, else ``None``.
    """

    source: str
    received_at: datetime
    person: str = ""
    module: str = ""
    owner: str = ""
    claimed_at: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    refusal: AnswersError | None = None


def find_answers(files: dict[str, bytes], module: str = "") -> AnswerSet:
    """Return the answer set of a hand-in: ``answers.json`` and the notebook's own copy, merged item by item by ``seq``.

    ``module`` is the one that the exchange names: answers to others are then left out, with a warning. A file that
    cannot be read
    beside one that can is a warning too.

    Raises:
        AnswersError: the first reason why no answer set could be read; ``E-SUB-12`` when the files are of two
            people or modules.
    """
    found: list[AnswerSet] = []
    failures: list[AnswersError] = []
    left = MOST_VALUES
    for name in sorted(filter(names.kind, files), key=names.preference):
        try:
            left -= answer_files.weight(files[name])
            if left < 0:
                raise refuse("E-SUB-04", _("bài nộp có quá nhiều dữ liệu."))
            answers = answers_of(name, files[name])
        except AnswersError as error:
            failures.append(refuse(error.code, _("«{name}»: {said}", name=names.printable(name, 60), said=error.said)))
            continue
        if answers is not None:
            found.append(answers)
    if not found:
        raise failures[0] if failures else names.nothing_found((n for n in files if n not in _OURS), module)
    return _merged(found, [f.said for f in failures], module)


def answers_of(name: str, content: bytes) -> AnswerSet | None:
    """Return the answer set in one file, or ``None`` when it holds none and is not named as if it did.

    Raises:
        AnswersError: why it cannot be read.
    """
    named = names.means_answers(name)
    if names.kind(name) == "ipynb":
        return answer_files.extract(answer_files.load_json(content))
    if named:
        return answer_files.parse(content)
    if len(content) > LARGEST_FILE:
        return None
    try:
        data = answer_files.load_json(content)
    except AnswersError:
        return None
    return answer_files.from_json(data) if isinstance(data, dict) and {"answers", "module"} <= data.keys() else None


def _merged(found: list[AnswerSet], warnings: list[str], module: str) -> AnswerSet:
    mine = [s for s in found if s.module == module] or found
    others = _different(s.module for s in found if s not in mine)
    if others:
        warnings = [*warnings, _("Bỏ qua bài của học phần khác: {others}.", others=", ".join(others))]
    if len(modules := _different(s.module for s in mine)) > 1:
        listed = ", ".join(modules)
        said = _("Bài nộp có tệp của nhiều học phần: {listed}. Hãy nộp riêng từng bài.", listed=listed)
        raise refuse("E-SUB-12", said)
    if len(people := _different(s.person for s in mine if s.person)) > 1:
        listed = ", ".join(people)
        raise refuse("E-SUB-12", _("Bài nộp có tệp của nhiều người: {listed}. Hãy nộp riêng từng bài.", listed=listed))
    merged = mine[0]
    for other in mine[1:]:
        merged = answer_files.merge(merged, other)
    person = next((s.person for s in mine if s.person), "")
    return replace(merged, person=person, warnings=(*merged.warnings, *warnings))


def _different(said: Iterable[str]) -> list[str]:
    """Return the different names of ``said`` without regard to case, fit for a sentence."""
    return [names.printable(text) for text in sorted({text.casefold(): text for text in said}.values())][:5]
