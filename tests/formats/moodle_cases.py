"""Moodle XML as Moodle writes it, and as it is found: 60 small files, the items and the lines that should come out."""

from __future__ import annotations

from html import escape

from tests.formats.brief import Case
from tests.formats.gift_cases import PNG

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def base64(text: str) -> str:
    import base64 as coding

    return coding.b64encode(text.encode()).decode()


def drawing(inner: str) -> str:
    return f'<img src="data:image/svg+xml;base64,{base64(SVG.format(inner))}">'


def text(name: str, said: str, form: str = "html", more: str = "") -> str:
    return f'<{name} format="{form}"><text><![CDATA[{said}]]></text>{more}</{name}>'


def answer(fraction: str, said: str, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" '
        f'format="html"><text>{escape(said)}</text>{more}{text("feedback", feedback)}</answer>'
    )


def question(
    kind: str, stem: str, inner: str = "", *, name: str = "Câu", grade: str = "1.0000000", form: str = "html"
) -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>{text("questiontext", stem, form)}'
        f'<generalfeedback format="html"><text></text></generalfeedback><defaultgrade>{grade}</defaultgrade>'
        f"<penalty>0.3333333</penalty><hidden>0</hidden>{inner}</question>"
    )


def quiz(*questions: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>\n"


AN = answer("100", "An")
BINH = answer("0", "Bình")
AI = question("multichoice", "<p>Ai?</p>", "<single>true</single>" + AN + BINH)
AI_READ = "single: Ai? | +An | -Bình"
TRUE = question("truefalse", "Đúng?", answer("100", "true") + answer("0", "false"))
TRUE_READ = "single: Đúng? | +Đúng | -Sai"


def choice(*answers: str, single: str = "true", stem: str = "Ai?", more: str = "") -> str:
    return quiz(question("multichoice", stem, f"<single>{single}</single>{more}{''.join(answers)}"))


CASES = [
    # the kinds
    Case("choice", quiz(AI), [AI_READ]),
    Case(
        "choice with feedback and points",
        quiz(
            question(
                "multichoice",
                "Ai?",
                answer("100", "An", "Vì An trực.") + answer("0", "Bình", "Bình nghỉ."),
                grade="2.5",
            )
        ),
        ["single (2.5): Ai? | +An #Vì An trực. | -Bình #Bình nghỉ."],
    ),
    Case(
        "several answers",
        choice(answer("50", "An"), answer("50", "Bình"), answer("-100", "Chi"), single="false"),
        ["multiple: Ai? | +An | +Bình | -Chi"],
    ),
    Case(
        "several answers, thirds that add up to 99.99997",
        choice(
            *(answer("33.33333", f"A{n}") for n in (1, 2)),
            answer("33.33331", "A3"),
            answer("-100", "B"),
            single="false",
        ),
        ["multiple: Ai? | +A1 | +A2 | +A3 | -B"],
    ),
    Case(
        "several answers, penalty of a kind of its own",
        choice(answer("100", "An"), answer("-50", "Bình"), answer("0", "Chi"), single="false"),
        ["multiple: Ai? | +An | -Bình | -Chi"],
        ["penalty: Bình -50 %"],
    ),
    Case(
        "several answers with one of full credit stays a question of several",
        choice(answer("100", "An"), answer("-100", "Bình"), single="0"),
        ["multiple: Ai? | +An | -Bình"],
    ),
    Case("true", quiz(TRUE), [TRUE_READ]),
    Case(
        "false with feedback",
        quiz(question("truefalse", "Sai?", answer("0", "true", "Không phải.") + answer("100", "false", "Phải."))),
        ["single: Sai? | -Đúng #Không phải. | +Sai #Phải."],
    ),
    Case(
        "true and false both right",
        quiz(question("truefalse", "?", answer("100", "true") + answer("100", "false"))),
        [],
        ["broken"],
    ),
    Case(
        "short answer",
        quiz(
            question(
                "shortanswer", "Thủ đô?", "<usecase>0</usecase>" + answer("100", "Hà Nội") + answer("100", "Hanoi")
            )
        ),
        ["text: Thủ đô? | Hà Nội | Hanoi"],
    ),
    Case(
        "short answer: case, wildcard, catch-all, partial credit, feedback",
        quiz(
            question(
                "shortanswer",
                "Màu?",
                "<usecase>1</usecase>"
                + answer("100", "lục", "Phải.")
                + answer("80", "xanh")
                + answer("0", "đỏ", "Xem lại.")
                + answer("100", "*lá*")
                + answer("0", "*", "Chưa."),
            )
        ),
        ["text: Màu? | lục | ✗ đỏ #Xem lại."],
        ["wildcard: *lá*", "partial: xanh 80 %", "case", "right-feedback: Phải.", "catch-all: Chưa."],
    ),
    Case(
        "short answer with a real asterisk",
        quiz(question("shortanswer", "Ký hiệu?", answer("100", r"2\*3"))),
        ["text: Ký hiệu? | 2*3"],
    ),
    Case(
        "short answer: a catch-all without a word is nothing",
        quiz(question("shortanswer", "?a", answer("100", "x") + answer("0", "*"))),
        ["text: ?a | x"],
    ),
    Case(
        "number with tolerance and unit",
        quiz(
            question(
                "numerical",
                "Dài?",
                answer("100", "2.5", "", "<tolerance>0.1</tolerance>")
                + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
                "<unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>",
            )
        ),
        ["number: Dài? | Đáp số [m] = 2.5 ± 0.1"],
        ["unit: cm"],
    ),
    Case(
        "number: two right values, a near one, a typical mistake, a catch-all",
        quiz(
            question(
                "numerical",
                "Năm?",
                answer("100", "1930", "", "<tolerance>0</tolerance>")
                + answer("100", "1931")
                + answer("50", "1929", "Gần.", "<tolerance>1</tolerance>")
                + answer("0", "1945", "Đó là năm khác.")
                + answer("0", "*", "Xem lại."),
            )
        ),
        ["number: Năm? | Đáp số = 1930 | ✗ 1945 #Đó là năm khác."],
        ["other-value: 1931", "partial: 1929: 50 %", "catch-all: Xem lại."],
    ),
    Case(
        "number in exponents", quiz(question("numerical", "?x", answer("100", "1e3"))), ["number: ?x | Đáp số = 1000"]
    ),
    Case(
        "number that is none", quiz(question("numerical", "?x", answer("100", "mười")), AI), [AI_READ], ["broken: mười"]
    ),
    Case("number that is infinite", quiz(question("numerical", "?x", answer("100", "inf"))), [], ["broken"]),
    Case("number without an answer", quiz(question("numerical", "?x")), [], ["broken"]),
    Case(
        "matching",
        quiz(
            question(
                "matching",
                "Ghép.",
                "".join(
                    f"{text('subquestion', left)[:-14]}<answer><text>{right}</text></answer></subquestion>"
                    for left, right in (("mèo", "cá"), ("chó", "xương"), ("", "cỏ"))
                ),
            )
        ),
        ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
    ),
    Case(
        "matching with half a pair",
        quiz(
            question(
                "matching",
                "Ghép.",
                '<subquestion format="html"><text>mèo</text><answer><text>cá</text></answer></subquestion>'
                '<subquestion format="html"><text>bò</text><answer><text></text></answer></subquestion>',
            )
        ),
        ["match: Ghép. | mèo → cá"],
        ["half-pair: bò"],
    ),
    Case(
        "ordering",
        quiz(question("ordering", "Xếp.", answer("1", "một") + answer("2", "hai") + answer("3", "ba"))),
        ["order: Xếp. | 1 một | 2 hai | 3 ba"],
    ),
    Case("essay", quiz(question("essay", "Viết.", "<responseformat>editor</responseformat>")), ["essay: Viết."]),
    Case(
        "essay with limits, a note to the marker, attachments",
        quiz(
            question(
                "essay",
                "Viết.",
                "<minwordlimit>50</minwordlimit><maxwordlimit>120</maxwordlimit><attachments>2</attachments>"
                + text("graderinfo", "Chấm ý trước.")
                + text("responsetemplate", "Kính gửi …"),
            )
        ),
        ["essay: Viết. | words 50 120"],
        ["grader", "grader", "setting: attachments = 2"],
    ),
    Case("description", quiz(question("description", "<p>Đọc kỹ.</p>")), ["prose: Đọc kỹ."]),
    Case(
        "embedded numbers, a line each",
        quiz(
            question(
                "cloze",
                "<p>Tính.</p><p>Tổng: {1:NUMERICAL:=91.25:0.05~%0%0.9125#Nhân với 100.} %</p><p>Hiệu: {1:NM:=9} "
                "người</p>",
            )
        ),
        ["number: Tính. | Tổng [%] = 91.25 ± 0.05 | ✗ 0.9125 #Nhân với 100. | Hiệu [người] = 9"],
    ),
    Case(
        "embedded numbers with shares of their own",
        quiz(question("cloze", "<p>Tính.</p><p>A: {3:NUMERICAL:=1}</p><p>B: {1:NUMERICAL:=2}</p>", grade="2")),
        ["number (2): Tính. | A = 1 (1.5) | B = 2 (0.5)"],
    ),
    Case("embedded answer that is not closed", quiz(question("cloze", "<p>x {1:SA:=a</p>")), [], ["broken"]),
    Case("embedded answers of a plug-in", quiz(question("cloze", "<p>x {1:REGEXP:=a.*} y</p>")), [], ["broken"]),
    # kinds without equivalent
    *(
        Case(f"kind {kind}", quiz(question(kind, "Kéo thả."), AI), [AI_READ], [f"kind: {kind}"])
        for kind in ("calculated", "ddmarker", "stack", "coderunner", "randomsamatch")
    ),
    # around the question
    Case(
        "category",
        quiz('<question type="category"><category><text>$course$/top/Tổ 1</text></category></question>', AI),
        [AI_READ],
        ["category: $course$/top/Tổ 1"],
    ),
    Case(
        "general feedback, tags, hints, overall feedback, settings",
        quiz(
            question(
                "multichoice",
                "Ai?",
                AN
                + BINH
                + "<shuffleanswers>false</shuffleanswers><idnumber>Q7</idnumber>"
                + text("correctfeedback", "Giỏi lắm!")
                + text("incorrectfeedback", "Your answer is incorrect.")
                + text("hint", "Nhìn lịch trực.")
                + (
                    "<tags><tag><text>level:apply</text></tag><tag><text>outcome:2</text></tag><tag><text>ca "
                    "đêm</text></tag></tags>"
                ),
            ).replace(
                '<generalfeedback format="html"><text></text>', '<generalfeedback format="html"><text>Xem bài 2.</text>'
            )
        ),
        ["single {outcome 2 level apply}: Ai? | +An | -Bình // Xem bài 2."],
        [
            "overall: correct: Giỏi lắm!",
            "hint: Nhìn lịch trực.",
            "setting: shuffleanswers = false",
            "setting: idnumber = Q7",
            "tag: ca đêm",
        ],
    ),
    Case(
        "plain text",
        quiz(question("multichoice", "1 * 2 < 3 & 4?", AN + BINH, form="plain_text")),
        ["single: 1 * 2 < 3 & 4? | +An | -Bình"],
    ),
    Case(
        "moodle's own form",
        quiz(question("multichoice", "Dòng một\nDòng <b>hai</b>", AN + BINH, form="moodle_auto_format")),
        ["single: Dòng một⏎Dòng **hai** | +An | -Bình"],
    ),
    Case(
        "markdown",
        quiz(question("multichoice", "**Ai**, _hôm nay_?", AN + BINH, form="markdown")),
        ["single: **Ai**, *hôm nay*? | +An | -Bình"],
    ),
    Case(
        "html that is not in CDATA",
        quiz(question("multichoice", "X", AN + BINH).replace("<![CDATA[X]]>", "<p>Ai <b>trực</b>?</p>")),
        ["single: Ai **trực**? | +An | -Bình"],
    ),
    Case(
        "escaped html",
        quiz(
            question("multichoice", "X", AN + BINH).replace(
                "<![CDATA[X]]>", "&lt;p&gt;Ai &lt;i&gt;trực&lt;/i&gt;?&lt;/p&gt;"
            )
        ),
        ["single: Ai *trực*? | +An | -Bình"],
    ),
    Case(
        "points of nothing", quiz(question("multichoice", "Ai?", AN + BINH, grade="0.0000000")), [AI_READ], ["points"]
    ),
    # foreign matter
    Case(
        "a stem with style, table, colour",
        choice(
            AN,
            BINH,
            stem="<style>p{color:red}</style><table><tr><th>Ca</th><th>Giờ</th></tr><tr><td>1</td><td>6:00</td></tr></table>"
            '<p><span style="color:#c00">Ai</span>?</p>',
        ),
        ["single: | Ca | Giờ |⏎| --- | --- |⏎| 1 | 6:00 |⏎⏎Ai? | +An | -Bình"],
        ["look: <style> p{color:red}", "look: color:#c00: Ai"],
    ),
    Case(
        "a joined table cell",
        choice(AN, BINH, stem='<table><tr><td colspan="2">Ca</td></tr><tr><td>1</td><td>2</td></tr></table>Ai?'),
        ["single: Ca⏎1 · 2⏎⏎Ai? | +An | -Bình"],
        ["table"],
    ),
    Case(
        "formula",
        choice(AN, BINH, stem=r"<p>Tính \(\frac{1}{2}\) và $$x^2$$</p>"),
        [r"single: Tính `\frac{1}{2}` và `x^2` | +An | -Bình"],
        [r"formula: \frac{1}{2}", "formula: x^2"],
    ),
    Case(
        "code in a preformatted block",
        choice(AN, BINH, stem="<p>Ra gì?</p><pre>for i in x:\n    print(i)</pre>"),
        ["single: Ra gì?⏎⏎```⏎for i in x:⏎    print(i)⏎``` | +An | -Bình"],
    ),
    Case(
        "gap codes of another format inside",
        choice(AN, BINH, stem="<p>Ai {=x ~y}?</p>"),
        ["single: Ai {=x ~y}? | +An | -Bình"],
    ),
    Case(
        "picture of the question",
        quiz(
            question("multichoice", '<p><img src="@@PLUGINFILE@@/so%20do.png" alt="Sơ đồ"/>Ai?</p>', AN + BINH)
            .replace("</text></questiontext>", "</text></questiontext>", 1)
            .replace(
                "]]></text></questiontext>",
                f']]></text><file name="so do.png" path="/" encoding="base64">{PNG}</file></questiontext>',
            )
        ),
        [AI_READ],
    ),
    Case(
        "picture whose file is not there",
        choice(AN, BINH, stem='<img src="@@PLUGINFILE@@/x.png">Ai?'),
        [AI_READ],
        ["picture-missing: @@PLUGINFILE@@/x.png"],
    ),
    Case("picture as a data link", choice(AN, BINH, stem=f'<img src="data:image/png;base64,{PNG}">Ai?'), [AI_READ]),
    Case(
        "picture of Moodle 1.9",
        quiz(
            question(
                "multichoice", "Ai?", AN + BINH + f"<image>media/so-do.png</image><image_base64>{PNG}</image_base64>"
            )
        ),
        [AI_READ],
    ),
    Case(
        "remote picture",
        choice(AN, BINH, stem='<img src="https://vidu.example/a.png">Ai?'),
        [AI_READ],
        ["remote: https://vidu.example/a.png"],
    ),
    Case(
        "drawing with a script is refused, one that only draws is kept",
        choice(
            AN,
            BINH,
            stem=drawing("<script>alert(1)</script>") + drawing("<rect onload='x()'/>") + drawing("<rect/>") + "Ai?",
        ),
        [AI_READ],
        ["picture-refused"],
    ),
    Case(
        "a link, a video, a script",
        choice(
            AN, BINH, stem='<a href="https://vidu.example/x">Đọc</a> <video src="v.mp4"></video><script>x()</script>Ai?'
        ),
        ["single: Đọc Ai? | +An | -Bình"],
        ["link: https://vidu.example/x", "embedded: <video> v.mp4", "script"],
    ),
    Case(
        "a literal line break",
        choice(AN, BINH, stem=r"Dòng một\nDòng hai"),
        ["single: Dòng một⏎Dòng hai | +An | -Bình"],
        ["newline-sign"],
    ),
    # keys
    Case("no right option", choice(answer("0", "An"), BINH), ["single: Ai? | -An | -Bình"], ["no-key"]),
    Case(
        "two full ones in a single choice",
        choice(AN, answer("100", "Bình"), answer("0", "Chi")),
        ["single: Ai? | -An | -Bình | -Chi"],
        ["several-full: An; Bình"],
    ),
    Case(
        "no full one in a single choice",
        choice(answer("50", "An"), BINH),
        ["single: Ai? | +An | -Bình"],
        ["weights: 50"],
    ),
    Case(
        "two partial ones in a single choice",
        choice(answer("50", "An"), answer("25", "Bình"), answer("0", "Chi")),
        ["single: Ai? | -An | -Bình | -Chi"],
        ["no-key", "partial"],
    ),
    Case(
        "identical options",
        choice(AN, BINH, answer("0", " Bình ", "Nghỉ rồi.")),
        ["single: Ai? | +An | -Bình #Nghỉ rồi."],
        ["same-option"],
    ),
    Case(
        "identical options, one right",
        choice(AN, answer("0", "An"), BINH),
        ["single: Ai? | -An | -Bình"],
        ["key-contradicts: An"],
    ),
    Case("an empty option", choice(AN, BINH, answer("0", "")), [AI_READ], ["empty-option"]),
    Case("typed letters", choice(answer("100", "A. An"), answer("0", "B. Bình")), [AI_READ], ["letters: A. B."]),
    Case(
        "the question in the name",
        quiz(question("multichoice", "", AN + BINH, name="Ai?")),
        [AI_READ],
        ["name-as-stem"],
    ),
    # nearly valid, hostile
    Case(
        "undeclared entity",
        quiz(question("multichoice", "X", AN + BINH).replace("<![CDATA[X]]>", "Ai&nbsp;trực&hellip;?")),
        ["single: Ai trực…? | +An | -Bình"],
        ["entity: &nbsp; &hellip;"],
    ),
    Case(
        "loose ampersand",
        quiz(question("multichoice", "X", AN + BINH).replace("<![CDATA[X]]>", "An & Bình?")),
        ["single: An & Bình? | +An | -Bình"],
        ["entity"],
    ),
    Case("broken first line", "Xuất ngày 1/3\n" + quiz(AI), [AI_READ], ["repaired"]),
    Case(
        "missing end tag of a question", quiz(AI.removesuffix("</question>"), TRUE), [AI_READ, TRUE_READ], ["repaired"]
    ),
    Case(
        "missing end tag inside one question",
        quiz(AI.replace("</name>", ""), TRUE),
        [TRUE_READ],
        ["repaired", "broken"],
    ),
    Case("cut off", quiz(TRUE, AI)[:-120], [TRUE_READ], ["repaired", "broken"]),
    Case("control characters", quiz(AI.replace("Ai?", "Ai\x0b?")), [AI_READ], ["control"]),
    Case("UTF-16", quiz(AI).replace("UTF-8", "UTF-16").encode("utf-16"), [AI_READ]),
    Case("letters lost", choice(AN, BINH, stem="C?ng ?o?n tr?c?"), [], ["letters-lost"]),
    Case(
        "entities that grow",
        '<!DOCTYPE quiz [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><quiz><question '
        'type="x"><name>&b;</name></question></quiz>',
        [],
        ["file"],
    ),
    Case(
        "external entity",
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question '
        'type="essay"><name>&x;</name></question></quiz>',
        [],
        ["file"],
    ),
    Case(
        "external document type is not fetched",
        '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/quiz.dtd">' + quiz(AI).partition("\n")[2],
        [AI_READ],
    ),
    Case("deeper than any question", "<quiz>" + "<question>" * 5000 + "</question>" * 5000 + "</quiz>", [], ["file"]),
    Case("nothing in it", quiz(), [], ["empty"]),
    Case("a stray end tag of HTML inside CDATA is harmless", choice(AN, BINH, stem="<p>Ai?</b></p>"), [AI_READ]),
]
