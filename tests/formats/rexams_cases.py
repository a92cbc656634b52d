"""R/exams exercises as its pages describe them, and as they are found: 60 small files, and what should come out."""

from __future__ import annotations

from tests.formats.brief import Case
from tests.formats.gift_cases import PNG
from tests.formats.moodle_cases import drawing
from tests.formats.qti12_cases import archive


def rmd(question: str, meta: str, answers: str = "", solution: str = "", reasons: str = "", head: str = "") -> str:
    def answerlist(entries: str) -> str:
        return (
            "\nAnswerlist\n----------\n" + "\n".join(f"* {entry}" for entry in entries.split("|")) + "\n"
            if entries
            else ""
        )

    told = f"\nSolution\n========\n{solution}\n{answerlist(reasons)}" if solution or reasons else ""
    rows = "\n".join(meta.split("; "))
    return f"{head}Question\n========\n{question}\n{answerlist(answers)}{told}\nMeta-information\n================\n{rows}\n"  # noqa: E501


def rnw(question: str, meta: str, answers: str = "", solution: str = "", reasons: str = "", head: str = "") -> str:
    def answerlist(entries: str) -> str:
        items = "\n".join(f"  \\item {entry}" for entry in entries.split("|"))
        return f"\\begin{{answerlist}}\n{items}\n\\end{{answerlist}}\n" if entries else ""

    told = f"\\begin{{solution}}\n{solution}\n{answerlist(reasons)}\\end{{solution}}\n" if solution or reasons else ""
    rows = "\n".join("%% \\" + row.replace(": ", "{", 1) + "}" for row in meta.split("; "))
    return f"{head}\\begin{{question}}\n{question}\n{answerlist(answers)}\\end{{question}}\n{told}{rows}\n"


S = "extype: schoice; exsolution: 10; exname: Câu"
AI = rmd("Ai?", S, "An|Bình")
READ = "single: Ai? | +An | -Bình"
LATEX = rnw("Ai?", S, "An|Bình")

CASES = [
    # choices
    Case("one right", AI, [READ]),
    Case(
        "headings with signs",
        "# Question\nAi?\n\n## Answerlist\n- An\n- Bình\n\n# Meta-information\nextype: schoice\nexsolution: 10\n",
        [READ],
    ),
    Case(
        "several right",
        rmd("Ai?", "extype: mchoice; exsolution: 110", "An|Bình|Chi"),
        ["multiple: Ai? | +An | +Bình | -Chi"],
    ),
    Case(
        "several, none right",
        rmd("Ai?", "extype: mchoice; exsolution: 00", "An|Bình"),
        ["multiple: Ai? | -An | -Bình"],
        ["no-key"],
    ),
    Case(
        "one right, two marked",
        rmd("Ai?", "extype: schoice; exsolution: 110", "An|Bình|Chi"),
        ["single: Ai? | -An | -Bình | -Chi"],
        ["several-full: An; Bình"],
    ),
    Case(
        "reasons in the solution",
        rmd("Ai?", S, "An|Bình", "", "True. An trực.|False. Bình nghỉ."),
        ["single: Ai? | +An #True. An trực. | -Bình #False. Bình nghỉ."],
    ),
    Case("verdicts alone are no reasons", rmd("Ai?", S, "An|Bình", "", "True.|False."), [READ]),
    Case("solution", rmd("Ai?", S, "An|Bình", "Xem lịch trực."), ["single: Ai? | +An | -Bình // Xem lịch trực."]),
    Case("reasons that are too few", rmd("Ai?", S, "An|Bình", "", "Vì thế."), [READ], ["other-answer: Vì thế."]),
    Case("solution shorter than the list", rmd("Ai?", "extype: schoice; exsolution: 1", "An|Bình"), [], ["broken"]),
    Case("solution that is no row of 0 and 1", rmd("Ai?", "extype: schoice; exsolution: A", "An|Bình"), [], ["broken"]),
    Case("no list of answers", rmd("Ai?", S), [], ["broken"]),
    Case(
        "an answer over two lines",
        "Question\n========\nAi?\n\nAnswerlist\n----------\n* An\n  Lan\n* Bình\n\nMeta-information\n================\nextype: schoice\nexsolution: 10\n",  # noqa: E501
        ["single: Ai? | +An Lan | -Bình"],
    ),
    Case("typed letters", rmd("Ai?", S, "a) An|b) Bình"), [READ], ["letters"]),
    Case("twins", rmd("Ai?", "extype: schoice; exsolution: 100", "An|Bình|Bình"), [READ], ["same-option"]),
    # numbers and texts
    Case("number", rmd("Bao nhiêu?", "extype: num; exsolution: 91.25"), ["number: Bao nhiêu? | Đáp số = 91.25"]),
    Case(
        "number with tolerance",
        rmd("Bao nhiêu?", "extype: num; exsolution: 10; extol: 0.5"),
        ["number: Bao nhiêu? | Đáp số = 10 ± 0.5"],
    ),
    Case("number that is none", rmd("Bao nhiêu?", "extype: num; exsolution: mười"), [], ["broken: mười"]),
    Case("text", rmd("Thủ đô?", "extype: string; exsolution: Hà Nội"), ["text: Thủ đô? | Hà Nội"], ["case"]),
    Case("essay", rmd("Viết.", "extype: string; exsolution: nil; exstringtype: essay"), ["essay: Viết."]),
    Case(
        "essay with a file",
        rmd("Viết.", "extype: string; exsolution: nil; exstringtype: essay|file"),
        ["essay: Viết."],
        ["setting: exstringtype: essay|file"],
    ),
    Case("text without a solution", rmd("Viết.", "extype: string; exsolution: nil"), ["essay: Viết."]),
    # cloze
    Case(
        "numbers with labels in the list",
        rmd("Tính.", "extype: cloze; exclozetype: num|num; exsolution: 9|3; extol: 0.1", "Tổng|Hiệu"),
        ["number: Tính. | Tổng = 9 ± 0.1 | Hiệu = 3 ± 0.1"],
    ),
    Case(
        "numbers with labels and units in the text",
        rmd(
            "Tính.\n\nTổng: ##ANSWER1## %\n\nHiệu: ##ANSWER2##",
            "extype: cloze; exclozetype: num|num; exsolution: 9|3; extol: 0.1|0",
        ),
        ["number: Tính. | Tổng [%] = 9 ± 0.1 | Hiệu = 3"],
    ),
    Case(
        "numbers with points of their own",
        rmd("Tính.", "extype: cloze; exclozetype: num|num; exsolution: 9|3; expoints: 2|1", "Tổng|Hiệu"),
        ["number (3): Tính. | Tổng = 9 (2) | Hiệu = 3 (1)"],
    ),
    Case(
        "gaps of three kinds",
        rmd(
            "Điền.\n\nTổ ##ANSWER1## có ##ANSWER2## người, trưởng là ##ANSWER3##.",
            "extype: cloze; exclozetype: schoice|num|string; exsolution: 01|12|An",
            "bếp|ca",
        ),
        ["cloze: Điền. | Tổ {1} có {2} người, trưởng là {3}. | 1: -bếp +ca | 2: 12 | 3: An"],
        ["case"],
    ),
    Case(
        "a gap of several choices",
        rmd(
            "Ai: ##ANSWER1##, mấy: ##ANSWER2##?", "extype: cloze; exclozetype: mchoice|num; exsolution: 11|2", "An|Bình"
        ),
        [],
        ["kind: gaps × several"],
    ),
    Case(
        "kinds and solutions differ in number",
        rmd("Tính.", "extype: cloze; exclozetype: num; exsolution: 9|3", "Tổng|Hiệu"),
        [],
        ["broken"],
    ),
    Case(
        "a kind of gap that is new",
        rmd("Tính ##ANSWER1##.", "extype: cloze; exclozetype: verbatim; exsolution: 9"),
        [],
        ["kind: cloze: verbatim"],
    ),
    # meta-information
    Case("name and title", rmd("Ai?", S + "; extitle: Ca trực", "An|Bình"), [READ]),
    Case("points", rmd("Ai?", S + "; expoints: 2.5", "An|Bình"), ["single (2.5): Ai? | +An | -Bình"]),
    Case("shuffled", rmd("Ai?", S + "; exshuffle: TRUE", "An|Bình"), [READ]),
    Case("drawn from more answers", rmd("Ai?", S + "; exshuffle: 5", "An|Bình"), [READ], ["setting: exshuffle: 5"]),
    Case(
        "section and version",
        rmd("Ai?", S + "; exsection: ca; exversion: 2", "An|Bình"),
        [READ],
        ["setting: exsection: ca", "setting: exversion: 2"],
    ),
    Case(
        "level and outcome",
        rmd("Ai?", S + "; exextra[level]: apply; exextra[outcome,numeric]: 2", "An|Bình"),
        ["single {outcome 2 level apply}: Ai? | +An | -Bình"],
    ),
    Case("an extra that is not known", rmd("Ai?", S + "; exextra[hsk]: x", "An|Bình"), [READ], ["tag: hsk:x"]),
    Case("no type", rmd("Ai?", "exsolution: 10", "An|Bình"), [], ["kind: extype"]),
    Case("a type that is new", rmd("Ai?", "extype: dropzone; exsolution: 10", "An|Bình"), [], ["kind: dropzone"]),
    # code
    Case(
        "a chunk that nothing uses",
        rmd("Ai?", S, "An|Bình", head="```{r, echo=FALSE}\nx <- 1\n```\n\n"),
        [READ],
        ["code"],
    ),
    Case(
        "a value that code gives", rmd("Là `r x`?", S, "An|Bình", head="```{r}\nx <- 1\n```\n\n"), [], ["code: `r x`"]
    ),
    Case(
        "a solution that code gives",
        rmd("Ai?", "extype: schoice; exsolution: `r mchoice2string(s)`", "An|Bình"),
        [],
        ["code"],
    ),
    Case("LaTeX: a value that code gives", rnw(r"Là \Sexpr{x}?", S, "An|Bình"), [], [r"code: \Sexpr{x}"]),
    Case(
        "LaTeX: a chunk that nothing uses",
        rnw("Ai?", S, "An|Bình", head="<<echo=FALSE>>=\nx <- 1\n@\n"),
        [READ],
        ["code"],
    ),
    # texts
    Case(
        "emphasis, list, table",
        rmd("**Ai** *trực*?\n\n- một\n- hai\n\n| a | b |\n|---|---|\n| 1 | 2 |", S, "An|Bình"),
        ["single: **Ai** *trực*?⏎⏎- một⏎- hai⏎⏎| a | b |⏎| --- | --- |⏎| 1 | 2 | | +An | -Bình"],
    ),
    Case(
        "formula",
        rmd(r"Tính $\frac{1}{2}$ và $$x^2$$", S, "An|Bình"),
        [r"single: Tính `\frac{1}{2}` và `x^2` | +An | -Bình"],
        ["formula", "formula"],
    ),
    Case("HTML inside", rmd('<span style="color:red">Ai</span>?', S, "An|Bình"), [READ], ["look"]),
    Case(
        "pictures",
        rmd(
            f"![a](http://vidu.example/a.png) ![b](b.png) {drawing('<script/>')} ![](data:image/png;base64,{PNG}) Ai?",
            S,
            "An|Bình",
        ),
        [READ],
        ["remote", "picture-missing", "picture-refused"],
    ),
    Case("link", rmd("[Ai](https://vidu.example)?", S, "An|Bình"), [READ], ["link"]),
    Case("line break", rmd("Một  \nhai?", S, "An|Bình"), ["single: Một⏎hai? | +An | -Bình"]),
    Case("LaTeX", LATEX, [READ]),
    Case(
        "LaTeX: emphasis, signs, quotes, comment",
        rnw("\\textbf{Ai} \\emph{trực} ``ca'' 5\\% \\& 3~giờ? % ghi chú", S, "An|Bình"),
        ["single: **Ai** *trực* “ca” 5% & 3 giờ? | +An | -Bình"],
    ),
    Case(
        "LaTeX: accents",
        rnw(r"Ng\^a{}n h\`ang \'An?".replace("{}", ""), S, "An|Bình"),
        ["single: Ngân hàng Án? | +An | -Bình"],
    ),
    Case(
        "LaTeX: lists and paragraphs",
        rnw("Một\n\nhai\\\\ba\n\\begin{itemize}\\item x\n\\item y\\end{itemize}", S, "An|Bình"),
        ["single: Một⏎⏎hai⏎ba⏎⏎- x⏎- y | +An | -Bình"],
    ),
    Case(
        "LaTeX: formula, verbatim, picture",
        rnw("Tính $x_1$.\n\\begin{verbatim}\na  b\n\\end{verbatim}\n\\includegraphics[width=3cm]{a.png}", S, "An|Bình"),
        ["single: Tính `x_1`.⏎⏎```⏎a  b⏎``` | +An | -Bình"],
        ["formula", "picture-missing: a.png"],
    ),
    Case(
        "LaTeX: a command that is not known",
        rnw(r"\textcolor{red}{Ai}?", S, "An|Bình"),
        ["single: redAi? | +An | -Bình"],
        ["look"],
    ),
    Case(
        "LaTeX: several right, with reasons",
        rnw("Ai?", "extype: mchoice; exsolution: 10", "An|Bình", "Xem lịch.", "Đúng: An trực.|Sai."),
        ["multiple: Ai? | +An #Đúng: An trực. | -Bình // Xem lịch."],
    ),
    Case(
        "LaTeX: number",
        rnw("Bao nhiêu?", "extype: num; exsolution: 3.5; extol: 0.01"),
        ["number: Bao nhiêu? | Đáp số = 3.5 ± 0.01"],
    ),
    # whole files
    Case("letters lost", rmd("C?ng ?o?n tr?c?", S, "An|Bình"), [], ["letters-lost"]),
    Case("Windows line ends, a mark", ("\ufeff" + AI).replace("\n", "\r\n"), [READ]),
    Case("no exercise", "Chỉ là chữ.\n", [], ["empty"]),
    Case("no meta-information", "Question\n========\nAi?\n", [], ["kind: extype"]),
    Case(
        "an archive of exercises, with a picture",
        archive(
            **{
                "a.Rmd": rmd("![x](a.png) Ai?", S, "An|Bình"),
                "b.Rnw": rnw("B?", S, "An|Bình"),
                "a.png": bytes.fromhex("89504e470d0a1a0a"),
            }
        ),
        [READ, "single: B? | +An | -Bình"],
    ),
]
