"""One QTI 2.x or 3.0 item while it is written: declarations, body, rules and feedback, in the names of its version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grader.formats.foreign import to_html
from grader.formats.foreign.to_xml import HEAD, element, words
from grader.formats.qti2 import names
from grader.formats.question import Question
from grader.itemtypes.shared.neutral import plain


@dataclass(frozen=True, slots=True)
class Dialect:
    """What tells the versions apart: namespace, type of a resource, and how elements and attributes are named."""

    namespace: str
    resource: str
    element: Callable[[str], str]
    attribute: Callable[[str], str]


QTI21 = Dialect("http://www.imsglobal.org/xsd/imsqti_v2p1", "imsqti_item_xmlv2p1", str, str)
QTI30 = Dialect("http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "imsqti_item_xmlv3p0", names.as_3, names.dashed)


class ItemText:
    """One item while it is written: its declarations, interactions, branches and feedback."""

    def __init__(self, dialect: Dialect, question: Question) -> None:
        self.dialect = dialect
        self.points = question.points if question.points is not None else Decimal(1)
        self.declared: list[str] = []
        self.outcomes: list[str] = []
        self.body: list[str] = [to_html.block(question.stem)]
        self.rules: list[str] = []
        self.feedback: list[str] = []

    def tag(self, name: str, *inner: str, **attributes: str) -> str:
        """Return an element of QTI in the names of the dialect."""
        said = {self.dialect.attribute(k.rstrip("_")): v for k, v in attributes.items()}
        return element(self.dialect.element(name), *inner, **said)

    def value(self, kind: str, text: str) -> str:
        """Return a constant of a base type."""
        return self.tag("baseValue", words(text), baseType=kind)

    def variable(self, name: str) -> str:
        """Return what a response or outcome holds."""
        return self.tag("variable", identifier=name)

    def response(
        self, name: str, kind: str, cardinality: str, right: Sequence[str], *mapped: tuple[str, Decimal]
    ) -> None:
        """Declare a response with its key; ``mapped``: value and points."""
        correct = self.tag("correctResponse", *(self.tag("value", words(v)) for v in right))
        entries = [self._entry(kind, value, points) for value, points in mapped]
        mapping = [self.tag("mapping", *entries, lowerBound="0", defaultValue="0")] if mapped else []
        inner = [*([correct] if right else []), *mapping]
        self.declared.append(
            self.tag("responseDeclaration", *inner, identifier=name, cardinality=cardinality, baseType=kind)
        )

    def _entry(self, kind: str, value: str, points: Decimal) -> str:
        case = {"caseSensitive": "false"} if kind == "string" else {}
        return self.tag("mapEntry", mapKey=value, mappedValue=plain(points), **case)

    def outcome(self, name: str, kind: str, cardinality: str = "single", default: str = "", most: str = "") -> None:
        """Declare an outcome, with what it is before any rule and the most that it can be."""
        value = [self.tag("defaultValue", self.tag("value", default))] if default else []
        limit = {"normalMaximum": most} if most else {}
        self.outcomes.append(
            self.tag("outcomeDeclaration", *value, identifier=name, cardinality=cardinality, baseType=kind, **limit)
        )

    def says(self, outcome: str, name: str, html: str) -> None:
        """Add feedback that is shown when ``outcome`` has the value ``name``."""
        inner = html if self.dialect is QTI21 else self.tag("contentBody", html)
        self.feedback.append(
            self.tag("modalFeedback", inner, outcomeIdentifier=outcome, identifier=name, showHide="show")
        )

    def when(self, test: str, *sets: str) -> None:
        """Add the rule that outcomes are set where the test holds."""
        self.rules.append(self.tag("responseCondition", self.tag("responseIf", test, *sets)))

    def sets(self, outcome: str, value: str) -> str:
        """Return the rule that sets an outcome."""
        return self.tag("setOutcomeValue", value, identifier=outcome)

    def right(self, name: str) -> str:
        """Return the test that a response is its key."""
        return self.tag("match", self.variable(name), self.tag("correct", identifier=name))

    def adds(self, points: Decimal) -> str:
        """Return the rule that adds points to the score."""
        return self.sets("SCORE", self.tag("sum", self.variable("SCORE"), self.value("float", plain(points))))

    def by_choice(self, cardinality: str, options: Sequence[tuple[str, str]], response: str = "RESPONSE") -> None:
        """Show the feedback of what was chosen: identifier and text of each option."""
        outcome = response.replace("RESPONSE", "FEEDBACK")
        if any(text for _, text in options):
            self.outcome(outcome, "identifier", cardinality)
            self.rules.append(self.sets(outcome, self.variable(response)))
        for name, text in options:
            if text:
                self.says(outcome, name, to_html.line(text))

    def whole(self, question: Question) -> str:
        """Return the file: declarations, body, rules and feedback in the order that the schema asks for."""
        if question.explanation:
            self.outcome("SOLUTION", "identifier", default="EXPLANATION")
            self.says("SOLUTION", "EXPLANATION", to_html.block(question.explanation))
        self.outcome("SCORE", "float", default="0", most=plain(self.points))
        return HEAD + self.tag(
            "assessmentItem",
            *self.declared,
            *self.outcomes,
            self.tag("itemBody", *self.body),
            *([self.tag("responseProcessing", *self.rules)] if self.rules else []),
            *self.feedback,
            xmlns=self.dialect.namespace,
            identifier=question.place.name,
            title=question.place.name,
            adaptive="false",
            timeDependent="false",
        )
