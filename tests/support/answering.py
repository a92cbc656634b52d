"""A cadre who answers any question in a browser by what is drawn: nothing here knows a type.

Every drawing keeps to this: what is chosen has its id as ``value``, a part has ``data-part``, a step has ``data-id``
and arrows, and a program has the cell below the question.
"""

from __future__ import annotations

from typing import Any

from tests.support.cadre_browser import FOCUS_SHOWN, Tab

_AHEAD = """e => { const here = document.activeElement;
  return !here || here === document.body
      || Boolean(here.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING); }"""
_CELL = ".md-code .cm-content"


def by_mouse(tab: Tab, question: Any, value: Any) -> None:
    """Give the answer ``value`` with the mouse, and type only what must be typed."""
    if isinstance(value, dict):
        for part, said in value.items():
            _part(question, f'[data-part="{part}"]', said)
    elif isinstance(value, list) and question.locator("input[type=checkbox]").count():
        for name in value:
            place = question.locator(f'.md-region[data-part="{name}"]')
            place.click() if place.count() else _tick(question, f'input[value="{name}"]')
    elif isinstance(value, list):
        _in_order(question, value)
    elif question.locator("input[type=radio]").count():
        _tick(question, f'input[value="{value}"]')
    elif question.locator("textarea, input").count():
        question.locator("textarea, input").fill(value)
    else:
        tab.page.locator(_CELL).click()
        _instead(tab, value)


def _part(question: Any, part: str, said: str) -> None:
    field = question.locator(part)
    if field.first.get_attribute("type") == "radio":
        _tick(question, f'{part}[value="{said}"]')
    elif field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(said)
    else:
        field.fill(said)


def _tick(question: Any, css: str) -> None:
    question.locator("label", has=question.page.locator(css)).click()


def _in_order(question: Any, wanted: list[str]) -> None:
    for place, name in enumerate(wanted):
        while _order(question).index(name) > place:
            question.locator(f'[data-id="{name}"] .md-up').click()
    keep = question.get_by_role("button", name="Giữ nguyên thứ tự này")
    if keep.is_visible():
        keep.click()


def _order(question: Any) -> list[str]:
    return [str(step.get_attribute("data-id")) for step in question.locator("[data-id]").all()]


def _instead(tab: Tab, text: str) -> None:
    tab.page.keyboard.press("Control+A")
    tab.page.keyboard.press("Delete")
    tab.page.keyboard.type(text)


def by_keyboard(tab: Tab, question: Any, value: Any) -> None:
    """Give the answer ``value`` with keys alone; every stop on the way shows that it has the focus."""
    keys = tab.page.keyboard
    if isinstance(value, dict):
        for part, said in value.items():
            _part_by_keys(tab, question.locator(f'[data-part="{part}"]'), said)
    elif isinstance(value, list) and question.locator("input[type=checkbox]").count():
        for name in value:
            go(tab, question.locator(f'input[value="{name}"]'))
            keys.press("Space")
    elif isinstance(value, list):
        for place in reversed(range(len(value))):  # from below: the others only go up by this
            for _ in range(place - _order(question).index(value[place])):
                go(tab, question.locator(f'[data-id="{value[place]}"] .md-down'))
                keys.press("Enter")
        keep = question.get_by_role("button", name="Giữ nguyên thứ tự này")
        if keep.is_visible():
            go(tab, keep)
            keys.press("Enter")
    elif question.locator("input[type=radio]").count():
        _turn(tab, question.locator("input[type=radio]"), value)
    elif question.locator("textarea, input").count():
        go(tab, question.locator("textarea, input"))
        keys.type(value)
    else:
        go(tab, tab.page.locator(_CELL))
        _instead(tab, value)


def _part_by_keys(tab: Tab, field: Any, said: str) -> None:
    if field.first.get_attribute("type") == "radio":
        _turn(tab, field, said)
        return
    go(tab, field)
    if field.evaluate("e => e.tagName") != "SELECT":
        tab.page.keyboard.type(said)
        return
    for _ in range(field.locator("option").count()):
        if field.input_value() == said:
            return
        tab.page.keyboard.press("ArrowDown")
    assert field.input_value() == said


def _turn(tab: Tab, radios: Any, wanted: str) -> None:
    go(tab, radios.first)
    tab.page.keyboard.press("Space")
    for _ in range(radios.count()):
        if tab.page.evaluate("document.activeElement.value") == wanted:
            return
        tab.page.keyboard.press("ArrowDown")
    assert tab.page.evaluate("document.activeElement.value") == wanted


def go(tab: Tab, target: Any, most: int = 200) -> None:
    """Go to an element with Tab or Shift+Tab, whichever way it lies."""
    wanted = target.first.element_handle()
    for _ in range(most):
        if tab.page.evaluate("e => document.activeElement === e", wanted):
            return
        tab.page.keyboard.press("Tab" if tab.page.evaluate(_AHEAD, wanted) else "Shift+Tab")
        assert tab.page.evaluate(FOCUS_SHOWN), tab.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    raise AssertionError(f"{target} cannot be reached by keyboard")
