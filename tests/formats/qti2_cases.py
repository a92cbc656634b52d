"""QTI 2.1 and 3.0: one set of constructs in the names of each, and what only one of them has; sixty files each."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

from tests.formats.brief import Case
from tests.formats.gift_cases import PNG
from tests.formats.moodle_cases import drawing
from tests.formats.qti12_cases import archive

# How 3.0 calls what these files use; everything else is HTML, which both share.
NAMES = {
    "assessmentItem": "qti-assessment-item",
    "responseDeclaration": "qti-response-declaration",
    "correctResponse": "qti-correct-response",
    "value": "qti-value",
    "mapping": "qti-mapping",
    "mapEntry": "qti-map-entry",
    "outcomeDeclaration": "qti-outcome-declaration",
    "defaultValue": "qti-default-value",
    "itemBody": "qti-item-body",
    "prompt": "qti-prompt",
    "choiceInteraction": "qti-choice-interaction",
    "simpleChoice": "qti-simple-choice",
    "orderInteraction": "qti-order-interaction",
    "matchInteraction": "qti-match-interaction",
    "simpleMatchSet": "qti-simple-match-set",
    "simpleAssociableChoice": "qti-simple-associable-choice",
    "textEntryInteraction": "qti-text-entry-interaction",
    "extendedTextInteraction": "qti-extended-text-interaction",
    "inlineChoiceInteraction": "qti-inline-choice-interaction",
    "inlineChoice": "qti-inline-choice",
    "hottextInteraction": "qti-hottext-interaction",
    "hottext": "qti-hottext",
    "sliderInteraction": "qti-slider-interaction",
    "hotspotInteraction": "qti-hotspot-interaction",
    "hotspotChoice": "qti-hotspot-choice",
    "hotspotLabel": "hotspot-label",
    "gapMatchInteraction": "qti-gap-match-interaction",
    "gapText": "qti-gap-text",
    "gap": "qti-gap",
    "associateInteraction": "qti-associate-interaction",
    "responseProcessing": "qti-response-processing",
    "responseCondition": "qti-response-condition",
    "responseIf": "qti-response-if",
    "responseElseIf": "qti-response-else-if",
    "responseElse": "qti-response-else",
    "match": "qti-match",
    "equal": "qti-equal",
    "stringMatch": "qti-string-match",
    "or": "qti-or",
    "variable": "qti-variable",
    "correct": "qti-correct",
    "baseValue": "qti-base-value",
    "mapResponse": "qti-map-response",
    "setOutcomeValue": "qti-set-outcome-value",
    "modalFeedback": "qti-modal-feedback",
    "feedbackInline": "qti-feedback-inline",
    "rubricBlock": "qti-rubric-block",
    "templateDeclaration": "qti-template-declaration",
    "random": "qti-random",
    "responseIdentifier": "response-identifier",
    "baseType": "base-type",
    "maxChoices": "max-choices",
    "matchMax": "match-max",
    "mapKey": "map-key",
    "mappedValue": "mapped-value",
    "caseSensitive": "case-sensitive",
    "normalMaximum": "normal-maximum",
    "outcomeIdentifier": "outcome-identifier",
    "showHide": "show-hide",
    "toleranceMode": "tolerance-mode",
}
PICTURE = sha256(b64decode(PNG)).hexdigest()[:12] + ".png"
CORRECT = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"


class Two:
    """Writes elements as 2.1 names them."""

    def name(self, name: str) -> str:
        return name

    def e(self, name: str, *inner: str, **attributes: str) -> str:
        said = "".join(f' {self.name(k.rstrip("_"))}="{v}"' for k, v in attributes.items())
        return f"<{self.name(name)}{said}>{''.join(inner)}</{self.name(name)}>"

    def key(
        self, *values: str, kind: str = "identifier", many: str = "single", ident: str = "RESPONSE", **mapped: str
    ) -> str:
        correct = [self.e("correctResponse", *(self.e("value", v) for v in values))] if values else []
        return self.e(
            "responseDeclaration", *correct, *self.mapping(mapped), identifier=ident, cardinality=many, baseType=kind
        )

    def mapping(self, mapped: dict[str, str]) -> list[str]:
        entries = [self.e("mapEntry", mapKey=k.replace("__", " "), mappedValue=v) for k, v in mapped.items()]
        return [self.e("mapping", *entries, defaultValue="0")] if mapped else []

    def item(self, declared: str, body: str, after: str = "", more: str = "", **attributes: str) -> str:
        score = self.e("outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        return '<?xml version="1.0"?>\n' + self.e(
            "assessmentItem",
            declared,
            score,
            more,
            self.e("itemBody", body),
            after,
            identifier="i1",
            title="Câu",
            **attributes,
        )

    def by(self, template: str) -> str:
        return self.e("responseProcessing", template=template)

    def choice(self, *choices: str, prompt: str = "Ai?", **attributes: str) -> str:
        asked = [self.e("prompt", prompt)] if prompt else []
        return self.e("choiceInteraction", *asked, *choices, responseIdentifier="RESPONSE", **attributes)

    def simple(self, ident: str, text: str) -> str:
        return self.e("simpleChoice", text, identifier=ident)

    def set(self, outcome: str, value: str) -> str:
        return self.e("setOutcomeValue", value, identifier=outcome)

    def base(self, kind: str, value: str) -> str:
        return self.e("baseValue", value, baseType=kind)

    def var(self, name: str = "RESPONSE") -> str:
        return self.e("variable", identifier=name)

    def told(self, ident: str, text: str, outcome: str = "FEEDBACK", show: str = "show") -> str:
        return self.e("modalFeedback", text, outcomeIdentifier=outcome, identifier=ident, showHide=show)

    def when(self, test: str, *sets: str) -> str:
        return self.e("responseCondition", self.e("responseIf", test, *sets))


class Three(Two):
    """Writes elements as 3.0 names them."""

    def name(self, name: str) -> str:
        return NAMES.get(name, name)


def cases(w: Two) -> list[Case]:
    """Return the constructs that both versions have."""
    an, binh, chi = w.simple("A", "An"), w.simple("B", "Bình"), w.simple("C", "Chi")
    one, ai = w.key("A"), w.choice(an, binh)
    many = w.key("A", "B", many="multiple")
    three = w.choice(an, binh, chi, maxChoices="0")
    read, read_many = "single: Ai? | +An | -Bình", "multiple: Ai? | +An | +Bình | -Chi"
    words = w.key("Hà Nội", kind="string")
    entry = w.e("textEntryInteraction", responseIdentifier="RESPONSE")
    feedback = w.e("outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
    shows = w.e(
        "responseProcessing",
        w.when(w.e("match", w.var(), w.e("correct", identifier="RESPONSE")), w.set("SCORE", w.base("float", "1"))),
        w.set("FEEDBACK", w.var()),
    )
    sides = [
        w.e("simpleMatchSet", *(w.e("simpleAssociableChoice", t, identifier=i, matchMax="1") for i, t in side))
        for side in ((("M", "mèo"), ("N", "chó")), (("X", "cá"), ("Y", "xương"), ("Z", "cỏ")))
    ]
    pairing = w.e("matchInteraction", w.e("prompt", "Ghép."), *sides, responseIdentifier="RESPONSE")
    steps = w.e(
        "orderInteraction",
        w.e("prompt", "Xếp."),
        w.simple("C", "ba"),
        w.simple("A", "một"),
        w.simple("B", "hai"),
        responseIdentifier="RESPONSE",
    )
    number = w.key("10", kind="float")
    near = w.e("equal", w.var(), w.e("correct", identifier="RESPONSE"), toleranceMode="absolute", tolerance="0.5 0.5")
    relative = w.e("equal", w.var(), w.e("correct", identifier="RESPONSE"), toleranceMode="relative", tolerance="5")
    scored = w.set("SCORE", w.base("float", "1"))
    two = w.key("9", kind="float", ident="R1") + w.key("3", kind="integer", ident="R2")
    lines = "".join(
        f"<p>{label}: {w.e('textEntryInteraction', responseIdentifier=i)} {unit}</p>"
        for label, i, unit in (("Tổng", "R1", "%"), ("Hiệu", "R2", ""))
    )
    most = w.e(
        "outcomeDeclaration",
        w.e("defaultValue", w.e("value", "2.5")),
        identifier="MAXSCORE",
        cardinality="single",
        baseType="float",
    )
    return [
        # choices
        Case("one right", w.item(one, ai, w.by(CORRECT)), [read]),
        Case("no processing at all", w.item(one, ai), [read]),
        Case(
            "the question before the interaction",
            w.item(one, "<p>Ca đêm.</p>" + ai),
            ["single: Ca đêm.⏎⏎Ai? | +An | -Bình"],
        ),
        Case("the question without a prompt", w.item(one, "<p>Ai?</p>" + w.choice(an, binh, prompt="")), [read]),
        Case(
            "a block around the interaction",
            w.item(one, f"<div><p>Ca đêm.</p>{ai}</div>"),
            ["single: Ca đêm.⏎⏎Ai? | +An | -Bình"],
        ),
        Case("points by MAXSCORE", w.item(one, ai, more=most), ["single (2.5): Ai? | +An | -Bình"]),
        Case(
            "points by the normal maximum",
            w.item(one, ai).replace(
                f'{w.name("baseType")}="float"', f'{w.name("baseType")}="float" {w.name("normalMaximum")}="3"'
            ),
            ["single (3): Ai? | +An | -Bình"],
        ),
        Case("mapped", w.item(w.key(A="2", B="0.5"), ai, w.by(MAP)), [read], ["partial: Bình 25 %"]),
        Case("mapping that the processing does not use", w.item(w.key("A", A="1", B="0.5"), ai, w.by(CORRECT)), [read]),
        Case("several, all or nothing", w.item(many, three, w.by(CORRECT)), [read_many], ["all-or-nothing"]),
        Case(
            "several, mapped, wrong ones cost their share",
            w.item(w.key("A", "B", many="multiple", A="0.5", B="0.5", C="-1"), three, w.by(MAP)),
            [read_many],
        ),
        Case(
            "several, mapped with a penalty of its own",
            w.item(w.key(many="multiple", A="0.5", B="0.5", C="-0.25"), three, w.by(MAP)),
            [read_many],
            ["penalty: Chi -25 %"],
        ),
        Case(
            "several, unequal",
            w.item(w.key(many="multiple", A="3", B="1"), three, w.by(MAP)),
            [read_many],
            ["unequal: An 75 %; Bình 25 %"],
        ),
        Case("several, one right", w.item(w.key("A", many="multiple"), three), ["multiple: Ai? | +An | -Bình | -Chi"]),
        Case("no key", w.item(w.key(), ai), ["single: Ai? | -An | -Bình"], ["no-key"]),
        Case("a key that is no choice", w.item(w.key("Z"), ai), ["single: Ai? | -An | -Bình"], ["no-key"]),
        Case("a declaration that is not there", w.item("", ai), [], ["broken: RESPONSE"]),
        Case(
            "key in the processing only",
            w.item(
                w.key(), ai, w.e("responseProcessing", w.when(w.e("match", w.var(), w.base("identifier", "A")), scored))
            ),
            [read],
        ),
        Case("fixed order", w.item(one, w.choice(an, binh, shuffle="false")), [read], ["setting: shuffle = false"]),
        Case(
            "modal feedback by choice",
            w.item(one, ai, shows + w.told("A", "An trực.") + w.told("B", "Bình nghỉ."), feedback),
            ["single: Ai? | +An #An trực. | -Bình #Bình nghỉ."],
        ),
        Case(
            "feedback in the choice",
            w.item(
                one,
                w.choice(
                    w.simple(
                        "A",
                        "An"
                        + w.e(
                            "feedbackInline", "An trực.", outcomeIdentifier="FEEDBACK", identifier="A", showHide="show"
                        ),
                    ),
                    binh,
                ),
                shows,
                feedback,
            ),
            ["single: Ai? | +An #An trực. | -Bình"],
        ),
        Case(
            "feedback for a result",
            w.item(one, ai, w.by(CORRECT) + w.told("dung", "Giỏi!"), feedback),
            [read],
            ["overall: dung: Giỏi!"],
        ),
        Case(
            "feedback that everybody sees",
            w.item(
                one,
                ai,
                w.told("luon", "Xem bài 2.", "LOI"),
                w.e(
                    "outcomeDeclaration",
                    w.e("defaultValue", w.e("value", "luon")),
                    identifier="LOI",
                    cardinality="single",
                    baseType="identifier",
                ),
            ),
            ["single: Ai? | +An | -Bình // Xem bài 2."],
        ),
        Case(
            "feedback that is hidden until something is set is shown to everybody",
            w.item(one, ai, w.told("khac", "Xem bài 2.", "LOI", "hide")),
            ["single: Ai? | +An | -Bình // Xem bài 2."],
        ),
        Case(
            "processing of a kind of its own",
            w.item(one, ai, w.e("responseProcessing", w.when(w.e("random"), scored))),
            [read],
            ["scoring: " + ("random")],
        ),
        Case(
            "note to the marker",
            w.item(one, w.e("rubricBlock", "<p>Chấm ý.</p>", view="scorer") + ai),
            [read],
            ["grader: Chấm ý."],
        ),
        Case(
            "typed letters and twins",
            w.item(one, w.choice(w.simple("A", "A. An"), w.simple("B", "B. Bình"), w.simple("C", "C. Bình"))),
            [read],
            ["letters", "same-option"],
        ),
        Case(
            "hot text",
            w.item(
                one,
                w.e(
                    "hottextInteraction",
                    w.e("prompt", "Chữ nào sai?"),
                    "<p>Ủy ban ",
                    w.e("hottext", "hop", identifier="A"),
                    " đầu ",
                    w.e("hottext", "ca", identifier="B"),
                    ".</p>",
                    responseIdentifier="RESPONSE",
                    maxChoices="1",
                ),
            ),
            ["single: Chữ nào sai?⏎⏎Ủy ban hop đầu ca. | +hop | -ca"],
        ),
        Case(
            "one inline choice",
            w.item(
                one,
                "<p>Người trực là "
                + w.e(
                    "inlineChoiceInteraction",
                    w.e("inlineChoice", "An", identifier="A"),
                    w.e("inlineChoice", "Bình", identifier="B"),
                    responseIdentifier="RESPONSE",
                )
                + " chứ?</p>",
            ),
            ["single: Người trực là _____ chứ? | +An | -Bình"],
        ),
        # pairs and orders
        Case(
            "matching",
            w.item(w.key("M X", "N Y", kind="directedPair", many="multiple"), pairing),
            ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
        ),
        Case(
            "matching, mapped",
            w.item(w.key(kind="directedPair", many="multiple", M__X="1", N__Y="1"), pairing, w.by(MAP)),
            ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
        ),
        Case(
            "matching, two to one",
            w.item(w.key("M X", "N X", kind="directedPair", many="multiple"), pairing),
            ["grid: Ghép. | [cá / xương / cỏ] | mèo → cá | chó → cá"],
            ["shared-key: cá"],
        ),
        Case(
            "matching, one without a partner",
            w.item(w.key("M X", kind="directedPair", many="multiple"), pairing),
            ["match: Ghép. | mèo → cá | ~ xương | ~ cỏ"],
            ["half-pair: chó"],
        ),
        Case(
            "matching, one with two partners",
            w.item(w.key("M X", "M Y", kind="directedPair", many="multiple"), pairing),
            [],
            ["kind: matchInteraction n × m"],
        ),
        Case("matching without a key", w.item(w.key(kind="directedPair", many="multiple"), pairing), [], ["broken"]),
        Case("order", w.item(w.key("A", "B", "C", many="ordered"), steps), ["order: Xếp. | 1 một | 2 hai | 3 ba"]),
        Case("order that misses a step", w.item(w.key("A", "B", many="ordered"), steps), [], ["broken"]),
        # what is typed
        Case(
            "short text", w.item(words, f"<p>Thủ đô? {entry}</p>", w.by(CORRECT)), ["text: Thủ đô? | Hà Nội"], ["case"]
        ),
        Case(
            "short text inside a sentence",
            w.item(w.key(kind="string", Huế="1"), f"<p>Cố đô {entry} ở miền Trung.</p>", w.by(MAP)),
            ["text: Cố đô _____ ở miền Trung. | Huế"],
        ),
        Case(
            "short text, mapped",
            w.item(w.key("Hà Nội", kind="string", Hà__Nội="1", Hanoi="0.5"), f"<p>Thủ đô? {entry}</p>", w.by(MAP)),
            ["text: Thủ đô? | Hà Nội"],
            ["partial: Hanoi 50 %"],
        ),
        Case(
            "short text, capitals matter",
            w.item(
                words.replace(
                    "</" + w.name("correctResponse") + ">",
                    "</"
                    + w.name("correctResponse")
                    + ">"
                    + w.e("mapping", w.e("mapEntry", mapKey="Hà Nội", mappedValue="1", caseSensitive="true")),
                ),
                f"<p>Thủ đô? {entry}</p>",
                w.by(MAP),
            ),
            ["text: Thủ đô? | Hà Nội"],
            ["case"],
        ),
        Case(
            "short text, a mistake that is answered",
            w.item(
                w.key(kind="string", Hà__Nội="1"),
                f"<p>Thủ đô? {entry}</p>",
                w.e(
                    "responseProcessing",
                    w.set("SCORE", w.e("mapResponse", identifier="RESPONSE")),
                    w.when(
                        w.e("stringMatch", w.var(), w.base("string", "Huế"), caseSensitive="false"),
                        w.set("FEEDBACK", w.base("identifier", "f1")),
                    ),
                )
                + w.told("f1", "Đó là cố đô."),
                feedback,
            ),
            ["text: Thủ đô? | Hà Nội | ✗ Huế #Đó là cố đô."],
        ),
        Case(
            "number", w.item(number, f"<p>Bao nhiêu? {entry}</p>", w.by(CORRECT)), ["number: Bao nhiêu? | Đáp số = 10"]
        ),
        Case(
            "number with tolerance",
            w.item(number, f"<p>Bao nhiêu? {entry}</p>", w.e("responseProcessing", w.when(near, scored))),
            ["number: Bao nhiêu? | Đáp số = 10 ± 0.5"],
        ),
        Case(
            "number with relative tolerance",
            w.item(number, f"<p>Bao nhiêu? {entry}</p>", w.e("responseProcessing", w.when(relative, scored))),
            ["number: Bao nhiêu? | Đáp số = 10 ± 0.5"],
            ["tolerance: 5 % → 0.5"],
        ),
        Case(
            "numbers with labels and units",
            w.item(two, "<p>Tính.</p>" + lines),
            ["number: Tính. | Tổng [%] = 9 | Hiệu = 3"],
        ),
        Case("number that is none", w.item(w.key("mười", kind="float"), f"<p>?x {entry}</p>"), [], ["broken: mười"]),
        Case(
            "essay",
            w.item(
                w.key(kind="string"),
                w.e("extendedTextInteraction", w.e("prompt", "Viết."), responseIdentifier="RESPONSE"),
            ),
            ["essay: Viết."],
        ),
        Case("text only", w.item("", "<p>Đọc kỹ.</p>"), ["prose: Đọc kỹ."]),
        # kinds without equivalent
        *(
            Case(kind, w.item(one, w.e(kind, responseIdentifier="RESPONSE")), [], [f"kind: {kind}"])
            for kind in ("sliderInteraction", "associateInteraction")
        ),
        Case("two interactions", w.item(one, ai + ai), [], ["kind: choiceInteraction × 2"]),
        Case(
            "drawn anew for each person",
            w.item(one, ai, more=w.e("templateDeclaration", identifier="N", cardinality="single", baseType="integer")),
            [],
            ["kind: templateProcessing"],
        ),
        Case("adaptive", w.item(one, ai, adaptive="true"), [read], ["setting: adaptive"]),
        # gaps, grids, places
        Case(
            "gaps of three kinds",
            w.item(
                w.key("B", ident="R1")
                + w.key("12", kind="integer", ident="R2")
                + w.key(kind="string", ident="R3", An="1"),
                "<p>Điền.</p><p>Tổ "
                + w.e(
                    "inlineChoiceInteraction",
                    w.e("inlineChoice", "bếp", identifier="A"),
                    w.e("inlineChoice", "ca", identifier="B"),
                    responseIdentifier="R1",
                )
                + " có "
                + w.e("textEntryInteraction", responseIdentifier="R2")
                + " người, trưởng là "
                + w.e("textEntryInteraction", responseIdentifier="R3")
                + ".</p>",
            ),
            ["cloze: Điền. | Tổ {1} có {2} người, trưởng là {3}. | 1: -bếp +ca | 2: 12 | 3: An"],
        ),
        Case(
            "gaps into which words are dragged",
            w.item(
                w.key("X G1", "Y G2", kind="directedPair", many="multiple"),
                w.e(
                    "gapMatchInteraction",
                    w.e("prompt", "Kéo vào."),
                    w.e("gapText", "tổ trưởng", identifier="X", matchMax="1"),
                    w.e("gapText", "ca đêm", identifier="Y", matchMax="1"),
                    "<p>Gặp " + w.e("gap", identifier="G1") + " của " + w.e("gap", identifier="G2") + ".</p>",
                    responseIdentifier="RESPONSE",
                ),
            ),
            ["cloze: Kéo vào. | Gặp {1} của {2}. | 1: +tổ trưởng -ca đêm | 2: -tổ trưởng +ca đêm"],
        ),
        Case(
            "rows that share columns",
            w.item(
                w.key("M X", "N Y", "O X", kind="directedPair", many="multiple"),
                w.e(
                    "matchInteraction",
                    w.e("prompt", "Đúng hay sai?"),
                    w.e(
                        "simpleMatchSet",
                        *(
                            w.e("simpleAssociableChoice", t, identifier=i, matchMax="1")
                            for i, t in (("M", "một"), ("N", "hai"), ("O", "ba"))
                        ),
                    ),
                    w.e(
                        "simpleMatchSet",
                        *(
                            w.e("simpleAssociableChoice", t, identifier=i, matchMax="0")
                            for i, t in (("X", "Đúng"), ("Y", "Sai"))
                        ),
                    ),
                    responseIdentifier="RESPONSE",
                ),
            ),
            ["grid: Đúng hay sai? | [Đúng / Sai] | một → Đúng | hai → Sai | ba → Đúng"],
        ),
        Case(
            "places on a picture",
            w.item(
                w.key("A", many="multiple"),
                w.e(
                    "hotspotInteraction",
                    w.e("prompt", "Chỗ nào?"),
                    f'<object type="image/png" width="200" height="100" data="data:image/png;base64,{PNG}">Góc trạm</object>',  # noqa: E501
                    w.e("hotspotChoice", identifier="A", shape="rect", coords="20,10,60,50", hotspotLabel="Bảng"),
                    w.e("hotspotChoice", identifier="B", shape="circle", coords="150,50,20"),
                    responseIdentifier="RESPONSE",
                ),
            ),
            [f"hotspot: Chỗ nào? | {PICTURE} «Góc trạm» | +Bảng @10,10,20,40 | -2 @65,30,20,40"],
            ["shape: B: circle"],
        ),
        Case(
            "places without a picture",
            w.item(one, w.e("hotspotInteraction", responseIdentifier="RESPONSE")),
            [],
            ["broken: object"],
        ),
        # texts and pictures
        Case(
            "table, list, preformatted text",
            w.item(one, "<table><tr><td>1</td><td>2</td></tr></table><ul><li>x</li></ul><pre>a\n b</pre>" + ai),
            ["single: | 1 | 2 |⏎| --- | --- |⏎⏎- x⏎⏎```⏎a⏎ b⏎```⏎⏎Ai? | +An | -Bình"],
        ),
        Case(
            "formula",
            w.item(
                one,
                '<p>Tính <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>=</mo><mn>2</mn></math></p>'
                + ai,
            ),
            ["single: Tính `x=2`⏎⏎Ai? | +An | -Bình"],
            ["formula"],
        ),
        Case(
            "picture as an object, without its file",
            w.item(one, '<p><object type="image/png" data="anh/a.png">Sơ đồ</object></p>' + ai),
            [read],
            ["picture-missing: anh/a.png"],
        ),
        Case(
            "remote picture, unsafe drawing, data picture",
            w.item(
                one,
                f'<p><img src="http://vidu.example/a.png" alt=""/>{drawing("<script/>").replace(">", "/>")}<img src="data:image/png;base64,{PNG}" alt="x"/></p>'  # noqa: E501
                + ai,
            ),
            [read],
            ["remote", "picture-refused"],
        ),
        Case(
            "undeclared entity",
            w.item(one, w.choice(an, binh, prompt="Ai&nbsp;trực?")),
            ["single: Ai trực? | +An | -Bình"],
            ["entity"],
        ),
        Case("entity that grows", '<!DOCTYPE x [<!ENTITY a "b">]>' + w.item(one, ai).partition("\n")[2], [], ["file"]),
        Case("cut off", w.item(one, ai)[:-60], [], ["repaired", "broken"]),
        Case(
            "package, with the picture",
            archive(
                **{
                    "items/i1.xml": w.item(one, '<p><img src="../anh/a.png" alt=""/></p>' + ai),
                    "anh/a.png": bytes.fromhex("89504e470d0a1a0a"),
                }
            ),
            [read],
        ),
    ]


ONLY_21 = [
    Case(
        "2.2 in its own namespace",
        Two()
        .item(Two().key("A"), Two().choice(Two().simple("A", "An"), Two().simple("B", "Bình")))
        .replace("<assessmentItem", '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'),
        ["single: Ai? | +An | -Bình"],
    )
]
ONLY_30 = [
    Case(
        "3.0 in its own namespace",
        Three()
        .item(Three().key("A"), Three().choice(Three().simple("A", "An"), Three().simple("B", "Bình")))
        .replace("<qti-assessment-item", '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'),
        ["single: Ai? | +An | -Bình"],
    ),
    Case(
        "3.0 feedback in a content body",
        Three().item(
            Three().key("A"),
            Three().choice(Three().simple("A", "An"), Three().simple("B", "Bình")),
            Three().told("d", "<qti-content-body><p>Giỏi!</p></qti-content-body>"),
        ),
        ["single: Ai? | +An | -Bình"],
        ["overall: d: Giỏi!"],
    ),
]
CASES_21 = [*cases(Two()), *ONLY_21]
CASES_30 = [*cases(Three()), *ONLY_30]
