"""Somebody who uses a lab: by its pure functions, as both its views do, without any drawing."""

from __future__ import annotations

import re
from typing import Any

from course.labs.shared import play


class Hands:
    """Uses the controls of one lab; every state goes through JSON's form, as between a browser and the server."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.now = play.begin(name)

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """Parts by id, in order."""
        return {part["id"]: part for part in self.now["parts"]}

    def buttons(self) -> dict[str, dict[str, Any]]:
        """Buttons by what is written on them."""
        return {b["label"]: b for part in self.now["parts"] for b in part.get("buttons", ())}

    def use(self, control: str, value: object = None) -> Hands:
        """Use a control by its id."""
        self.now = play.step(self.name, self.now["state"], control, value)
        return self

    def sets(self, **values: object) -> Hands:
        """Set several controls; ``plan__3`` is ``plan.3``."""
        for control, value in values.items():
            self.use(control.replace("__", "."), value)
        return self

    def press(self, label: str) -> Hands:
        """Press a button by what is written on it."""
        return self.use(self.buttons()[label]["id"])

    def value(self, control: str) -> Any:
        return self.parts[control]["value"]

    def values(self) -> dict[str, Any]:
        return {name: part["value"] for name, part in self.parts.items() if "value" in part}

    def html(self, part: str) -> str:
        return str(self.parts[part]["html"])

    @property
    def shown(self) -> str:
        """Everything that can be read: texts, labels, what is written on buttons."""
        read = [part.get("html", "") + part.get("label", "") for part in self.now["parts"]]
        return " ".join([*read, *self.buttons()])

    @property
    def words(self) -> str:
        """``shown`` without markup."""
        return re.sub(r"<[^>]+>", "", self.shown)
