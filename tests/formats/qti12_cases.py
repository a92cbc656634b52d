"""QTI 1.2 as the specification and the systems that write it have it: 60 small files, and what should come out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from tests.formats.brief import Case
from tests.formats.gift_cases import PNG
from tests.formats.moodle_cases import drawing

Conditions = str


def html(text: str) -> str:
    return f'<material><mattext texttype="text/html"><![CDATA[{text}]]></mattext></material>'


def plain(text: str) -> str:
    return f"<material><mattext>{text}</mattext></material>"


def labels(**options: str) -> str:
    inner = "".join(f'<response_label ident="{k}">{plain(v)}</response_label>' for k, v in options.items())
    return f"<render_choice>{inner}</render_choice>"


def lid(inner: str, kind: str = "Single", ident: str = "R") -> str:
    return f'<response_lid ident="{ident}" rcardinality="{kind}">{inner}</response_lid>'


def fib(kind: str = "String", ident: str = "R", before: str = "", after: str = "") -> str:
    return f'<response_str ident="{ident}" rcardinality="Single">{before}<render_fib fibtype="{kind}"/>{after}</response_str>'  # noqa: E501


def equal(value: str, ident: str = "R", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def when(test: str, score: str | None = "1", told: str = "", go: str = "No", action: str = "Set") -> str:
    points = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score is not None else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{told}"/>' if told else ""
    return f'<respcondition continue="{go}"><conditionvar>{test}</conditionvar>{points}{shown}</respcondition>'


def told(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}"><flow_mat>{plain(text)}</flow_mat></itemfeedback>'


def item(
    presentation: str,
    conditions: str = "",
    feedback: str = "",
    *,
    most: str = "1",
    metadata: Mapping[str, str] | None = None,
) -> str:
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{k}</fieldlabel><fieldentry>{v}</fieldentry></qtimetadatafield>"
        for k, v in (metadata or {}).items()
    )
    return (
        f'<item ident="i1" title="Câu"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
        f"<presentation>{presentation}</presentation><resprocessing><outcomes>"
        f'<decvar maxvalue="{most}" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>{conditions}</resprocessing>'  # noqa: E501
        f"{feedback}</item>"
    )


def whole(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<questestinterop>{"".join(items)}</questestinterop>'


def one(presentation: str, conditions: str = "", feedback: str = "", **more: object) -> str:
    return whole(item(presentation, conditions, feedback, **more))  # type: ignore[arg-type]


def archive(**files: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as stream:
        for name, body in files.items():
            path = name if name.startswith("__") else name.replace("__", "/")
            stream.writestr(path.replace("_dot_", "."), body)
    return buffer.getvalue()


AN_BINH = labels(A="An", B="Bình")
AI = plain("Ai?") + lid(AN_BINH)
RIGHT = when(equal("A"))
READ = "single: Ai? | +An | -Bình"
THREE = plain("Ai?") + lid(labels(A="An", B="Bình", C="Chi"), "Multiple")
MANY = "multiple: Ai? | +An | +Bình | -Chi"
BOTH = f"<and>{equal('A')}{equal('B')}<not>{equal('C')}</not></and>"
MATCHING = plain("Ghép.") + "".join(
    lid(plain(left) + labels(X="cá", Y="xương", Z="cỏ"), ident=ident) for ident, left in (("R1", "mèo"), ("R2", "chó"))
)
MATCHED = when(equal("X", "R1"), "50", go="Yes", action="Add") + when(equal("Y", "R2"), "50", go="Yes", action="Add")
MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>
<resource identifier="r1" type="imsqti_xmlv1p2" href="q/cau.xml"><file href="q/cau.xml"/></resource>{}</resources></manifest>"""  # noqa: E501

CASES = [
    # choices
    Case("one right", one(AI, RIGHT), [READ]),
    Case(
        "per cent of a system that counts to 100",
        one(AI, when(equal("A"), "100"), most="100", metadata={"points_possible": "2.5"}),
        ["single (2.5): Ai? | +An | -Bình"],
    ),
    Case("points by the largest score", one(AI, when(equal("A"), "3"), most="3"), ["single (3): Ai? | +An | -Bình"]),
    Case("wrong ones with conditions of their own", one(AI, RIGHT + when(equal("B"), "0")), [READ]),
    Case("added points", one(AI, when(equal("A"), action="Add")), [READ]),
    Case("no action is set", one(AI, RIGHT.replace('action="Set" ', "")), [READ]),
    Case("partial credit", one(AI, RIGHT + when(equal("B"), "0.25")), [READ], ["partial: Bình 25 %"]),
    Case(
        "two of full credit",
        one(AI, RIGHT + when(equal("B"), "1")),
        ["single: Ai? | -An | -Bình"],
        ["several-full: An; Bình"],
    ),
    Case("no condition at all", one(AI), ["single: Ai? | -An | -Bình"], ["no-key"]),
    Case("a key that names no option", one(AI, when(equal("Z"))), ["single: Ai? | -An | -Bình"], ["no-key"]),
    Case(
        "a later branch of nothing names the right option again",
        one(AI, when(equal("A"), go="Yes") + when(f"<or>{equal('A')}{equal('B')}</or>", "0")),
        [READ],
        ["branch"],
    ),
    Case("whatever is not the wrong one", one(AI, when(f"<not>{equal('B')}</not>")), [READ]),
    Case("other", one(AI, RIGHT + when("<other/>", "0")), [READ]),
    Case(
        "feedback for each option",
        one(
            AI,
            when(equal("A"), told="f1") + when(equal("B"), "0", "f2"),
            told("f1", "Vì An trực.") + told("f2", "Bình nghỉ."),
        ),
        ["single: Ai? | +An #Vì An trực. | -Bình #Bình nghỉ."],
    ),
    Case(
        "feedback without points, in conditions of its own",
        one(AI, when(equal("B"), None, "f2", "Yes") + RIGHT, told("f2", "Bình nghỉ.")),
        ["single: Ai? | +An | -Bình #Bình nghỉ."],
    ),
    Case(
        "general feedback",
        one(AI, when("<other/>", None, "g", "Yes") + RIGHT, told("g", "Xem bài 2.")),
        ["single: Ai? | +An | -Bình // Xem bài 2."],
    ),
    Case(
        "feedback that two wrong options share",
        one(
            plain("Ai?") + lid(labels(A="An", B="Bình", C="Chi")),
            RIGHT + when("<other/>", "0", "w"),
            told("w", "Sai rồi."),
        ),
        ["single: Ai? | +An | -Bình | -Chi"],
        ["overall: w: Sai rồi."],
    ),
    Case("feedback that is never shown", one(AI, RIGHT, told("x", "Lạc lõng.")), [READ], ["overall: x: Lạc lõng."]),
    Case(
        "several, each worth its share",
        one(
            THREE,
            "".join(
                when(equal(i), p, go="Yes", action=a)
                for i, p, a in (("A", "0.5", "Add"), ("B", "0.5", "Add"), ("C", "1", "Subtract"))
            ),
        ),
        [MANY],
    ),
    Case("several, all or nothing", one(THREE, when(BOTH)), [MANY], ["all-or-nothing"]),
    Case(
        "several, conditions side by side mean and",
        one(THREE, when(equal("A") + equal("B") + f"<not>{equal('C')}</not>")),
        [MANY],
        ["all-or-nothing"],
    ),
    Case(
        "several, wrong ones cost nothing",
        one(THREE, when(f"<and>{equal('A')}{equal('B')}</and>")),
        [MANY],
        ["all-or-nothing"],
    ),
    Case(
        "several, one right",
        one(THREE, when(f"{equal('A')}<not>{equal('B')}</not><not>{equal('C')}</not>")),
        ["multiple: Ai? | +An | -Bình | -Chi"],
    ),
    Case(
        "several, either of two",
        one(THREE, when(f"<or>{equal('A')}{equal('B')}</or>")),
        ["multiple: Ai? | -An | -Bình | -Chi"],
        ["no-key"],
    ),
    Case(
        "several, with feedback for each",
        one(
            THREE,
            "".join(when(equal(i), None, f"f{i}", "Yes") for i in "ABC") + when(BOTH),
            told("fA", "An trực.") + told("fB", "Bình trực.") + told("fC", "Chi nghỉ."),
        ),
        ["multiple: Ai? | +An #An trực. | +Bình #Bình trực. | -Chi #Chi nghỉ."],
        ["all-or-nothing"],
    ),
    Case(
        "varsubset",
        one(THREE, when('<varsubset respident="R">A,B</varsubset>' + f"<not>{equal('C')}</not>")),
        [MANY],
        ["all-or-nothing"],
    ),
    Case(
        "true and false",
        one(plain("Đúng?") + lid(labels(T="True", F="False")), when(equal("T"))),
        ["single: Đúng? | +True | -False"],
    ),
    Case(
        "labels inside flows",
        one(
            plain("Ai?")
            + lid(
                "<render_choice><flow_label>"
                f'<response_label ident="A">{plain("An")}</response_label></flow_label><flow_label><response_label ident="B">{plain("Bình")}</response_label></flow_label></render_choice>'  # noqa: E501
            ),
            RIGHT,
        ),
        [READ],
    ),
    Case("presentation inside flows", one(f"<flow><flow>{plain('Ai?')}</flow>{lid(AN_BINH)}</flow>", RIGHT), [READ]),
    Case(
        "typed letters, twins",
        one(plain("Ai?") + lid(labels(A="A) An", B="B) Bình", C="C) Bình")), RIGHT),
        [READ],
        ["letters", "same-option"],
    ),
    # pairs and orders
    Case("matching", one(MATCHING, MATCHED, most="100"), ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"]),
    Case(
        "matching with feedback for a pair",
        one(
            MATCHING,
            MATCHED.replace(
                "</setvar></respcondition>", '</setvar><displayfeedback linkrefid="m"/></respcondition>', 1
            ),
            told("m", "Mèo thích cá."),
            most="100",
        ),
        ["match: Ghép. | mèo → cá #Mèo thích cá. | chó → xương | ~ cỏ"],
    ),
    Case(
        "matching without a key for one side",
        one(MATCHING, when(equal("X", "R1"), "50", go="Yes", action="Add")),
        [],
        ["broken: chó"],
    ),
    Case(
        "several choices in one item are no matching",
        one(
            plain("Chọn.")
            + lid(plain("Ca 1") + labels(A="An"), ident="R1")
            + lid(plain("Ca 2") + labels(B="Bình"), ident="R2")
        ),
        [],
        ["kind"],
    ),
    Case(
        "order by index",
        one(
            plain("Xếp.") + lid(labels(A="một", B="hai", C="ba"), "Ordered"),
            when("".join(equal(i, more=f' index="{n}"') for n, i in ((2, "B"), (1, "A"), (3, "C")))),
        ),
        ["order: Xếp. | 1 một | 2 hai | 3 ba"],
    ),
    Case(
        "order by sequence",
        one(
            plain("Xếp.") + lid(labels(C="ba", A="một", B="hai"), "Ordered"),
            when(f"<and>{equal('A')}{equal('B')}{equal('C')}</and>"),
        ),
        ["order: Xếp. | 1 một | 2 hai | 3 ba"],
    ),
    Case(
        "order in one value",
        one(plain("Xếp.") + lid(labels(C="ba", A="một", B="hai"), "Ordered"), when(equal("A,B,C"))),
        ["order: Xếp. | 1 một | 2 hai | 3 ba"],
    ),
    Case("order without a key", one(plain("Xếp.") + lid(labels(A="một", B="hai"), "Ordered")), [], ["broken"]),
    # what is typed
    Case(
        "short text",
        one(plain("Thủ đô?") + fib(), when(f"<or>{equal('Hà Nội')}{equal('Hanoi')}</or>")),
        ["text: Thủ đô? | Hà Nội | Hanoi"],
    ),
    Case(
        "short text, a condition for each answer, one of half credit",
        one(
            plain("Thủ đô?") + fib(),
            when(equal("Hà Nội")) + when(equal("Hanoi"), "0.5") + when(equal("Huế"), "0", "h"),
            told("h", "Cố đô."),
        ),
        ["text: Thủ đô? | Hà Nội | ✗ Huế #Cố đô."],
        ["partial: Hanoi 50 %"],
    ),
    Case(
        "short text, capitals matter",
        one(plain("Ai?") + fib(), when(equal("An", more=' case="Yes"'))),
        ["text: Ai? | An"],
        ["case"],
    ),
    Case(
        "short text, a part of it is enough",
        one(plain("Ai?") + fib(), when(equal("An")) + when('<varsubstring respident="R">Bình</varsubstring>')),
        ["text: Ai? | An"],
        ["wildcard: Bình"],
    ),
    Case(
        "number in a range",
        one(
            plain("Bao nhiêu?") + fib("Decimal"),
            when('<vargte respident="R">9.5</vargte><varlte respident="R">10.5</varlte>'),
        ),
        ["number: Bao nhiêu? | Đáp số = 10 ± 0.5"],
    ),
    Case(
        "number in an open range",
        one(
            plain("Bao nhiêu?") + fib("Decimal"), when('<vargt respident="R">9</vargt><varlt respident="R">11</varlt>')
        ),
        ["number: Bao nhiêu? | Đáp số = 10 ± 1"],
        ["edge: 9 … 11"],
    ),
    Case(
        "number, exact",
        one(plain("Bao nhiêu?") + fib("Integer"), when(equal("7"))),
        ["number: Bao nhiêu? | Đáp số = 7"],
    ),
    Case(
        "number as systems write it: exact or within",
        one(
            plain("Bao nhiêu?") + fib("Decimal"),
            when(
                f'<or>{equal("10")}<and><vargte respident="R">9</vargte><varlte respident="R">11</varlte></and></or>',
                "100",
            ),
            most="100",
            metadata={"question_type": "numerical_question"},
        ),
        ["number: Bao nhiêu? | Đáp số = 10 ± 1"],
    ),
    Case(
        "number, exact value not in the middle",
        one(
            plain("Bao nhiêu?") + fib("Decimal"),
            when(f'<or>{equal("10")}<and><vargte respident="R">9</vargte><varlte respident="R">13</varlte></and></or>'),
        ),
        ["number: Bao nhiêu? | Đáp số = 11 ± 2"],
        ["tolerance: 9 … 10 … 13"],
    ),
    Case(
        "numbers with labels and units",
        one(
            plain("Tính.") + fib("Decimal", "R1", plain("Tổng:"), plain("%")) + fib("Decimal", "R2", plain("Hiệu"), ""),
            when(equal("9", "R1"), action="Add", go="Yes") + when(equal("3", "R2"), action="Add", go="Yes"),
            most="2",
        ),
        ["number (2): Tính. | Tổng [%] = 9 | Hiệu = 3"],
    ),
    Case("number that is none", one(plain("?x") + fib("Decimal"), when(equal("mười"))), [], ["broken: mười"]),
    Case("half a range", one(plain("?x") + fib("Decimal"), when('<vargte respident="R">9</vargte>')), [], ["broken"]),
    Case("essay", one(plain("Viết.") + fib()), ["essay: Viết."]),
    Case(
        "essay that is called so",
        one(plain("Viết.") + fib(), when("<other/>", "0"), metadata={"question_type": "essay_question"}),
        ["essay: Viết."],
    ),
    Case("text only", one(plain("Đọc kỹ.")), ["prose: Đọc kỹ."]),
    Case(
        "a place on a picture",
        one('<response_xy ident="R"><render_hotspot/></response_xy>', metadata={"qmd_itemtype": "Image Hot Spot"}),
        [],
        ["kind: Image Hot Spot"],
    ),
    Case(
        "a group of pairs",
        one('<response_grp ident="R"><render_extension/></response_grp>'),
        [],
        ["kind: response_grp"],
    ),
    # texts and pictures
    Case(
        "html with a table and colour",
        one(html("<p style='color:red'>Ai?</p><table><tr><td>1</td><td>2</td></tr></table>") + lid(AN_BINH), RIGHT),
        ["single: Ai?⏎⏎| 1 | 2 |⏎| --- | --- | | +An | -Bình"],
        ["look"],
    ),
    Case(
        "html that says it is plain",
        one(plain("&lt;p&gt;Ai &lt;b&gt;trực&lt;/b&gt;?&lt;/p&gt;") + lid(AN_BINH), RIGHT),
        ["single: Ai **trực**? | +An | -Bình"],
    ),
    Case(
        "plain signs stay signs",
        one(plain("1 &lt; 2 * 3 * 4?") + lid(AN_BINH), RIGHT),
        ["single: 1 < 2 * 3 * 4? | +An | -Bình"],
    ),
    Case(
        "emphasis, breaks",
        one(f"<material><matemtext>Ai</matemtext><matbreak/><mattext>trực?</mattext></material>{lid(AN_BINH)}", RIGHT),
        ["single: *Ai*⏎trực? | +An | -Bình"],
    ),
    Case(
        "embedded picture",
        one(
            f'<material><mattext>Ai?</mattext><matimage imagtype="image/png" embedded="base64">{PNG}</matimage></material>{lid(AN_BINH)}',  # noqa: E501
            RIGHT,
        ),
        [READ],
    ),
    Case(
        "picture without its file, sound",
        one(
            f'<material><mattext>Ai?</mattext><matimage uri="a.png"/><mataudio uri="a.mp3"/></material>{lid(AN_BINH)}',
            RIGHT,
        ),
        [READ],
        ["picture-missing: a.png", "embedded"],
    ),
    Case(
        "remote picture, unsafe drawing",
        one(html(f'<img src="http://vidu.example/a.png">{drawing("<script/>")}Ai?') + lid(AN_BINH), RIGHT),
        [READ],
        ["remote", "picture-refused"],
    ),
    # whole files and packages
    Case(
        "items in assessment and section",
        whole(
            f"<assessment><section>{item(AI, RIGHT)}<section>{item(plain('B?') + lid(AN_BINH), RIGHT)}</section></section></assessment>"  # noqa: E501
        ),
        [READ, "single: B? | +An | -Bình"],
    ),
    Case(
        "hint, rubric",
        one(
            AI,
            RIGHT,
            f"<itemfeedback ident='h'><hint><hintmaterial>{plain('Nhìn lịch.')}</hintmaterial></hint></itemfeedback><rubric>{plain('Chấm ý.')}</rubric>",  # noqa: E501
        ),
        [READ],
        ["overall", "hint: Nhìn lịch.", "grader: Chấm ý."],
    ),
    Case(
        "document type, not fetched",
        whole(item(AI, RIGHT), head='<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd">'),
        [READ],
    ),
    Case(
        "entity of its own",
        whole(item(plain("&x;") + lid(AN_BINH), RIGHT), head='<!DOCTYPE questestinterop [<!ENTITY x "y">]>'),
        [],
        ["file"],
    ),
    Case(
        "undeclared entity",
        whole(item(plain("Ai&nbsp;trực?") + lid(AN_BINH), RIGHT)),
        ["single: Ai trực? | +An | -Bình"],
        ["entity"],
    ),
    Case(
        "one broken item among others",
        whole(item(AI, RIGHT).replace("</presentation>", ""), item(plain("B?") + lid(AN_BINH), RIGHT)),
        ["single: B? | +An | -Bình"],
        ["repaired", "broken"],
    ),
    Case(
        "names with a prefix",
        whole(item(AI, RIGHT))
        .replace("<", "<q:")
        .replace("<q:/", "</q:")
        .replace("<q:?xml", "<?xml")
        .replace("<q:questestinterop", '<q:questestinterop xmlns:q="u"'),
        [READ],
    ),
    Case(
        "package with a manifest and a picture",
        archive(
            imsmanifest_dot_xml=MANIFEST.format(""),
            q__cau_dot_xml=one(html('<img src="../anh/so%20do.png">Ai?') + lid(AN_BINH), RIGHT),
            **{"anh__so do_dot_png": bytes.fromhex("89504e470d0a1a0a")},
        ),
        [READ],
    ),
    Case(
        "package that names a file it lacks",
        archive(
            imsmanifest_dot_xml=MANIFEST.format('<resource identifier="r2" href="q/mat.xml"/>'),
            q__cau_dot_xml=one(AI, RIGHT),
        ),
        [READ],
        ["member-file: q/mat.xml"],
    ),
    Case(
        "package with a member that leaves it, and a twin of a Mac",
        archive(q__cau_dot_xml=one(AI, RIGHT), **{"../../x.xml": one(AI, RIGHT), "__MACOSX/q/._cau.xml": "rác"}),
        [READ],
        ["archive-member"],
    ),
    Case("package that is damaged", archive(q__cau_dot_xml=one(AI, RIGHT))[:-30], [], ["file"]),
    Case("package without a question", archive(a_dot_csv="x,y"), [], ["format"]),
]
