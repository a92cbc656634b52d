"""JupyterQuiz JSON as its page describes it, and as it is found: 60 small files, and what should come out."""

from __future__ import annotations

import json
from typing import Any

from tests.formats.brief import Case
from tests.formats.gift_cases import PNG
from tests.formats.moodle_cases import drawing
from tests.formats.qti12_cases import archive


def answer(text: str, correct: bool = False, feedback: str = "", **more: Any) -> dict[str, Any]:
    return {"answer": text, "correct": correct, **({"feedback": feedback} if feedback else {}), **more}


def value(number: float, correct: bool = True, feedback: str = "") -> dict[str, Any]:
    return {"type": "value", "value": number, "correct": correct, **({"feedback": feedback} if feedback else {})}


def between(low: float, high: float, correct: bool = True, feedback: str = "") -> dict[str, Any]:
    return {"type": "range", "range": [low, high], "correct": correct, "feedback": feedback}


def one(kind: str, question: str, *answers: Any, **more: Any) -> str:
    return json.dumps([{"question": question, "type": kind, "answers": list(answers), **more}], ensure_ascii=False)


AN, BINH = answer("An", True), answer("Bình")
AI = {"question": "Ai?", "type": "multiple_choice", "answers": [AN, BINH]}
READ = "single: Ai? | +An | -Bình"


def ai(question: str = "Ai?", *, more: dict[str, Any] | None = None) -> str:
    return json.dumps([{**AI, "question": question, **(more or {})}], ensure_ascii=False)


DEFAULT = {"type": "default", "feedback": "Xem lại."}
PAIRS = [{"label": "mèo", "answer": "cá"}, {"label": "chó", "answer": "xương"}]

CASES = [
    # choices
    Case("one of several", ai(), [READ]),
    Case(
        "one of several, with feedback",
        one("multiple_choice", "Ai?", answer("An", True, "An trực."), answer("Bình", False, "Bình nghỉ.")),
        ["single: Ai? | +An #An trực. | -Bình #Bình nghỉ."],
    ),
    Case(
        "many",
        one("many_choice", "Ai?", AN, answer("Bình", True), answer("Chi")),
        ["multiple: Ai? | +An | +Bình | -Chi"],
    ),
    Case("many, one right", one("many_choice", "Ai?", AN, BINH), ["multiple: Ai? | +An | -Bình"]),
    Case(
        "many, none right", one("many_choice", "Ai?", BINH, answer("Chi")), ["multiple: Ai? | -Bình | -Chi"], ["no-key"]
    ),
    Case(
        "one of several, none right",
        one("multiple_choice", "Ai?", BINH, answer("Chi")),
        ["single: Ai? | -Bình | -Chi"],
        ["no-key"],
    ),
    Case(
        "one of several, two right",
        one("multiple_choice", "Ai?", AN, answer("Bình", True), answer("Chi")),
        ["single: Ai? | -An | -Bình | -Chi"],
        ["several-full: An; Bình"],
    ),
    Case(
        "right as a text is not right",
        one("multiple_choice", "Ai?", {"answer": "An", "correct": "true"}, BINH),
        ["single: Ai? | -An | -Bình"],
        ["no-key"],
    ),
    Case("without saying that it is wrong", one("multiple_choice", "Ai?", AN, {"answer": "Bình"}), [READ]),
    Case(
        "code in the question",
        one("multiple_choice", "Ra gì?", answer("3", True), answer("12"), code="a = 1\nprint(a + 2)"),
        ["single: Ra gì?⏎⏎```⏎a = 1⏎print(a + 2)⏎``` | +3 | -12"],
    ),
    Case(
        "code in the answers",
        one("multiple_choice", "Chọn.", {"code": "x += [3]", "correct": True}, {"code": "x += 3\ny", "correct": False}),
        ["single: Chọn. | +`x += [3]` | -`x += 3`⏎`y`"],
    ),
    Case(
        "text and code in an answer",
        one("multiple_choice", "Chọn.", {"answer": "Là ", "code": "x", "correct": True}, BINH),
        ["single: Chọn. | +Là `x` | -Bình"],
    ),
    Case("columns are only a look", ai(more={"answer_cols": 2}), [READ]),
    Case("twins", one("multiple_choice", "Ai?", AN, BINH, answer("Bình")), [READ], ["same-option"]),
    Case(
        "twins, one right",
        one("multiple_choice", "Ai?", AN, answer("An"), BINH),
        ["single: Ai? | -An | -Bình"],
        ["key-contradicts"],
    ),
    Case("typed letters", one("multiple_choice", "Ai?", answer("a) An", True), answer("b) Bình")), [READ], ["letters"]),
    Case("an empty answer", one("multiple_choice", "Ai?", AN, BINH, answer("")), [READ], ["empty-option"]),
    # numbers
    Case("number", one("numeric", "Năm?", value(1930)), ["number: Năm? | Đáp số = 1930"]),
    Case("number with a fraction", one("numeric", "Tỉ lệ?", value(91.25)), ["number: Tỉ lệ? | Đáp số = 91.25"]),
    Case(
        "number in exponents",
        '[{"question": "x?", "type": "numeric", "answers": [{"value": 1.5e3, "correct": true}]}]',
        ["number: x? | Đáp số = 1500"],
    ),
    Case(
        "number as a text",
        '[{"question": "x?", "type": "numeric", "answers": [{"value": "7", "correct": true}]}]',
        ["number: x? | Đáp số = 7"],
    ),
    Case(
        "number without its type",
        '[{"question": "x?", "type": "numeric", "answers": [{"value": 7, "correct": true}]}]',
        ["number: x? | Đáp số = 7"],
    ),
    Case(
        "range",
        one("numeric", "Khoảng?", between(9.5, 10.5)),
        ["number: Khoảng? | Đáp số = 10 ± 0.5"],
        ["edge: [9.5, 10.5)"],
    ),
    Case(
        "significant digits",
        one("numeric", "Pi?", value(3.14), precision=3),
        ["number: Pi? | Đáp số = 3.14 ± 0.005"],
        ["tolerance: precision 3: ± 0.005"],
    ),
    Case(
        "significant digits of a large number",
        one("numeric", "Dân số?", value(1250), precision=2),
        ["number: Dân số? | Đáp số = 1250 ± 50"],
        ["tolerance: precision 2: ± 50"],
    ),
    Case(
        "significant digits of nothing",
        one("numeric", "Không?", value(0), precision=2),
        ["number: Không? | Đáp số = 0"],
    ),
    Case(
        "a mistake that is answered",
        one("numeric", "Tỉ lệ?", value(91), value(0.91, False, "Nhân với 100.")),
        ["number: Tỉ lệ? | Đáp số = 91 | ✗ 0.91 #Nhân với 100."],
    ),
    Case(
        "a range of mistakes",
        one("numeric", "Tỉ lệ?", value(91), between(-100, 0, False, "Không âm.")),
        ["number: Tỉ lệ? | Đáp số = 91"],
        ["other-answer: [-100, 0): Không âm."],
    ),
    Case(
        "feedback for the right value and for all others",
        one("numeric", "Năm?", value(1930, True, "Phải."), DEFAULT),
        ["number: Năm? | Đáp số = 1930"],
        ["right-feedback: Phải.", "catch-all: Xem lại."],
    ),
    Case(
        "two right values",
        one("numeric", "Năm?", value(1930), value(1931)),
        ["number: Năm? | Đáp số = 1930"],
        ["other-value: 1931"],
    ),
    Case("a number that is none", one("numeric", "Năm?", {"value": "mười", "correct": True}), [], ["broken: mười"]),
    Case(
        "a number that is infinite",
        '[{"question": "x?", "type": "numeric", "answers": [{"value": Infinity, "correct": true}]}]',
        [],
        ["broken"],
    ),
    Case("half a range", one("numeric", "x?", {"type": "range", "range": [1], "correct": True}), [], ["broken: range"]),
    Case("neither value nor range", one("numeric", "x?", {"correct": True}), [], ["broken"]),
    Case("no value", one("numeric", "x?"), [], ["broken"]),
    Case(
        "a number without a right value",
        one("numeric", "x?", value(3, False, "Không phải.")),
        ["number: x? | Đáp số = ?"],
        ["no-key"],
    ),
    # texts and pairs
    Case(
        "text",
        one("string", "Thủ đô?", answer("Hà Nội", True), answer("Hanoi", True)),
        ["text: Thủ đô? | Hà Nội | Hanoi"],
    ),
    Case(
        "text, a mistake that is answered, and all others",
        one("string", "Thủ đô?", answer("Hà Nội", True), answer("Huế", False, "Cố đô."), DEFAULT),
        ["text: Thủ đô? | Hà Nội | ✗ Huế #Cố đô."],
        ["catch-all: Xem lại."],
    ),
    Case(
        "text, capitals matter", one("string", "Ai?", answer("An", True, match_case=True)), ["text: Ai? | An"], ["case"]
    ),
    Case(
        "text, nearly right is right",
        one("string", "Ai?", answer("An", True, fuzzy_threshold=0.8)),
        ["text: Ai? | An"],
        ["setting: fuzzy_threshold = 0.8"],
    ),
    Case("text, how wide its box is", one("string", "Ai?", answer("An", True), input_width=20), ["text: Ai? | An"]),
    Case(
        "pairs",
        json.dumps(
            [{"question": "Ghép.", "type": "match", "pairs": PAIRS, "options": ["cá", "xương", "cỏ"]}],
            ensure_ascii=False,
        ),
        ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
    ),
    Case(
        "pairs, unshuffled",
        json.dumps(
            [{"question": "Ghép.", "type": "match", "pairs": PAIRS, "options": ["cỏ"], "shuffle_pairs": False}],
            ensure_ascii=False,
        ),
        ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
    ),
    Case(
        "pairs that are none",
        json.dumps([{"question": "Ghép.", "type": "match", "pairs": "mèo"}]),
        [],
        ["broken: pairs"],
    ),
    # texts
    Case("HTML", ai("<p>Ai <b>trực</b>?</p>"), ["single: Ai **trực**? | +An | -Bình"]),
    Case(
        "formula between dollars",
        ai(r"Tính $\frac{1}{2}$ của 4"),
        [r"single: Tính `\frac{1}{2}` của 4 | +An | -Bình"],
        [r"formula: \frac{1}{2}"],
    ),
    Case("money is no formula", ai("Từ 5$ đến 6$ là mấy?"), ["single: Từ 5\\$ đến 6\\$ là mấy? | +An | -Bình"]),
    Case(
        "table and style",
        ai("<style>p{}</style><table><tr><td>1</td><td>2</td></tr></table>Ai?"),
        ["single: | 1 | 2 |⏎| --- | --- |⏎⏎Ai? | +An | -Bình"],
        ["look"],
    ),
    Case(
        "pictures",
        ai(
            f'<img src="http://vidu.example/a.png">{drawing("<script/>")}<img src="b.png"><img src="data:image/png;base64,{PNG}">Ai?'  # noqa: E501
        ),
        [READ],
        ["remote", "picture-refused", "picture-missing"],
    ),
    Case(
        "script and link", ai('<script>x()</script><a href="https://vidu.example">Ai</a>?'), [READ], ["script", "link"]
    ),
    Case("letters lost", ai("C?ng ?o?n tr?c?"), [], ["letters-lost"]),
    Case("nothing asked", ai(""), ["single: 1 | +An | -Bình"], ["name-as-stem"]),
    # whole files
    Case("a question without a list around it", json.dumps(AI, ensure_ascii=False), [READ]),
    Case("a list under a name", json.dumps({"questions": [AI]}, ensure_ascii=False), [READ]),
    Case(
        "a kind that is new",
        json.dumps([{"question": "?", "type": "drag"}, AI], ensure_ascii=False),
        [READ],
        ["kind: drag"],
    ),
    Case("no kind", json.dumps([{"question": "Ai?", "answers": []}, AI], ensure_ascii=False), [READ], ["kind: ?"]),
    Case("an entry that is no question", json.dumps([3, AI], ensure_ascii=False), [READ], ["broken: 3"]),
    Case(
        "answers that are none",
        json.dumps([{**AI, "answers": "An"}, AI], ensure_ascii=False),
        [READ],
        ["broken: answers"],
    ),
    Case("a field that is not known", ai(more={"difficulty": 3}), [READ], ["setting: difficulty = 3"]),
    Case("data behind the end", ai() + "\n]}", [READ], ["repaired"]),
    Case("cut off", ai()[:-5], [], ["file"]),
    Case("a mark, and UTF-16", ("\ufeff" + ai()).encode("utf-16-le"), [READ]),
    Case("nothing", "[]", [], ["empty"]),
    Case("deeper than any question", "[" * 100_000, [], ["file"]),
    Case(
        "in an archive, with its picture",
        archive(**{"a.json": ai('<img src="anh/a.png">Ai?'), "anh/a.png": bytes.fromhex("89504e470d0a1a0a")}),
        [READ],
    ),
]
