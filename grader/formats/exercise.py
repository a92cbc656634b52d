"""Items of an exercise as questions for a writer, and what of them no other system has a place for."""

from __future__ import annotations

from collections.abc import Iterator

from grader.formats.foreign.gaps import grid_tag
from grader.formats.losses import Loss
from grader.formats.question import Picture, Place, Question, Reading
from grader.itemtypes.shared.base import Body, Head
from grader.itemtypes.shared.neutral import Grid, Neutral, Spots
from grader.text import roles
from grader.text.authoring import AuthoredItem
from grader.text.module_text import ModuleText


def questions(text: ModuleText) -> Reading:
    """Return the graded items of a module as questions, variants as questions of their own, in order."""
    found: list[Question] = []
    losses: list[Loss] = []
    for item in text.exercise.items if text.exercise else ():
        place = Place(str(text.exercise.document.path) if text.exercise else "", item.line, item.id)
        if item.head.withdrawn:
            losses.append(place.loss("withdrawn"))
            continue
        for number, body in enumerate(item.bodies):
            here = Place(place.file, place.line, f"{item.id}-{number}" if number else item.id)
            losses += [place.loss("variant", str(number))] if number else []
            shape, unsaid = body.carried()
            if shape is None:
                losses.append(here.loss("kind", item.head.type))
                continue
            losses += [here.loss("field", name) for name in unsaid]
            found.append(_question(item, body, shape, here, text))
    return Reading(tuple(found), tuple(losses))


def _question(item: AuthoredItem, body: Body, shape: Neutral, place: Place, text: ModuleText) -> Question:
    return Question(
        place,
        roles.prose(body.stem, text.facts).strip(),
        shape,
        item.head.points,
        roles.prose(body.explanation, text.facts).strip(),
        (
            *(f"{name}:{value}" for name, value in _head(item.head)),
            *([grid_tag(shape)] if isinstance(shape, Grid) else []),
        ),
        _pictures(shape, text),
    )


def _pictures(shape: Neutral, text: ModuleText) -> tuple[Picture, ...]:
    """Return the picture that places are on, from the ``data`` folder beside the text; none where it is not there."""
    if not isinstance(shape, Spots) or text.exercise is None:
        return ()
    path = text.exercise.document.path.parent / "data" / shape.picture
    return (Picture(shape.picture, path.read_bytes(), shape.alt),) if path.is_file() else ()


def _head(head: Head) -> Iterator[tuple[str, str]]:
    """Yield what an item says beside its question; as tags it comes back (``settle.HEAD``)."""
    yield "outcome", str(head.outcome)
    for name in ("level", "scenario", "critical", "component_min"):
        if getattr(head, name):
            yield name, str(getattr(head, name))
    if head.simulated:
        yield "simulated", "true"
    if head.src:
        yield "src", " ".join(head.src)
