"""GIFT as Moodle documents it, and as it is found: 60 small files, the items and the lines that should come out."""

from __future__ import annotations

import unicodedata

from tests.formats.brief import Case

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

CASES = [
    # the kinds
    Case("true", "1+1=2 {T}", ["single: 1+1=2 | +Đúng | -Sai"]),
    Case("false written out", "1+1=3 {FALSE}", ["single: 1+1=3 | -Đúng | +Sai"]),
    Case(
        "true with feedback for wrong and right",
        "Tổ họp đầu ca.{TRUE#Xem lại lịch.#Đúng lịch.}",
        ["single: Tổ họp đầu ca. | +Đúng #Đúng lịch. | -Sai #Xem lại lịch."],
    ),
    Case(
        "false with feedback for wrong only",
        "Họp cuối ca.{F#Sai rồi.}",
        ["single: Họp cuối ca. | -Đúng #Sai rồi. | +Sai"],
    ),
    Case(
        "choice",
        "::Q2:: Màu nào giữa cam và lục? { =vàng # đúng ~đỏ # chưa đúng ~lam }",
        ["single: Màu nào giữa cam và lục? | +vàng #đúng | -đỏ #chưa đúng | -lam"],
    ),
    Case(
        "choice on lines of its own",
        "Chọn kênh:\n{\n~Bảng tin\n=Nhóm Zalo\n~Loa\n}",
        ["single: Chọn kênh: | -Bảng tin | +Nhóm Zalo | -Loa"],
    ),
    Case("choice without spaces", "Ai?{~An=Bình~Chi}", ["single: Ai? | -An | +Bình | -Chi"]),
    Case(
        "several answers by weights",
        "Ai trực? {~%50%An ~%50%Bình ~%-100%Chi}",
        ["multiple: Ai trực? | +An | +Bình | -Chi"],
    ),
    Case(
        "weights of a third",
        "Ba kênh? {~%33.33333%A1 ~%33.33333%A2 ~%33.33333%A3 ~B}",
        ["multiple: Ba kênh? | +A1 | +A2 | +A3 | -B"],
    ),
    Case(
        "unequal weights",
        "Kênh? {~%60%A1 ~%40%A2 ~B}",
        ["multiple: Kênh? | +A1 | +A2 | -B"],
        ["unequal: A1 60 %; A2 40 %"],
    ),
    Case("weights that add up to less", "Kênh? {~%50%A1 ~B}", ["multiple: Kênh? | +A1 | -B"], ["weights: 50"]),
    Case(
        "partial credit beside a full one",
        "Ở đâu? {~Huế ~%25%Hà Nam ~%50%Hà Tây =Hà Nội}",
        ["single: Ở đâu? | -Huế | -Hà Nam | -Hà Tây | +Hà Nội"],
        ["partial: Hà Nam 25 %; Hà Tây 50 %"],
    ),
    Case("short answer", "Hai cộng hai? {=bốn =4}", ["text: Hai cộng hai? | bốn | 4"]),
    Case(
        "short answer with weights and feedback",
        "Thủ đô? {=Hà Nội =%50%Hanoi#Viết có dấu. =%0%Huế#Cố đô.}",
        ["text: Thủ đô? | Hà Nội | ✗ Huế #Cố đô."],
        ["partial: Hanoi 50 %"],
    ),
    Case("missing word", "Hai cộng {=hai =2} bằng bốn.", ["text: Hai cộng _____ bằng bốn. | hai | 2"]),
    Case(
        "missing word among options",
        "Đoàn viên {~bị =được ~phải} hỏi ý kiến.",
        ["single: Đoàn viên _____ hỏi ý kiến. | -bị | +được | -phải"],
    ),
    Case(
        "matching", "Ghép. { =mèo -> cá =chó -> xương =bò -> cỏ }", ["match: Ghép. | mèo → cá | chó → xương | bò → cỏ"]
    ),
    Case(
        "matching with a spare right side",
        "Ghép. {=mèo->cá =chó->xương = -> cỏ}",
        ["match: Ghép. | mèo → cá | chó → xương | ~ cỏ"],
    ),
    Case(
        "matching with half a pair",
        "Ghép. {=mèo->cá =chó->xương =bò}",
        ["match: Ghép. | mèo → cá | chó → xương"],
        ["half-pair"],
    ),
    Case(
        "two left sides with one right side",
        "Ghép. {=mèo->cá =cò->cá =bò->cỏ}",
        ["grid: Ghép. | [cá / cỏ] | mèo → cá | cò → cá | bò → cỏ"],
        ["shared-key: cá"],
    ),
    Case("number with tolerance", "Năm? {#1822:5}", ["number: Năm? | Đáp số = 1822 ± 5"]),
    Case("number as a range", "Từ 1 đến 5? {#1..5}", ["number: Từ 1 đến 5? | Đáp số = 3 ± 2"]),
    Case("number alone", "Bao nhiêu? {#3}", ["number: Bao nhiêu? | Đáp số = 3"]),
    Case("number below zero", "Nhiệt độ? {#-3.5:0.25}", ["number: Nhiệt độ? | Đáp số = -3.5 ± 0.25"]),
    Case(
        "numbers with weights and feedback",
        "Năm? {#\n=1822:0#Chính xác.\n=%50%1822:2#Gần đúng.\n=%0%1820#Sớm quá.\n~#Xem lại.\n}",
        ["number: Năm? | Đáp số = 1822 | ✗ 1820 #Sớm quá."],
        ["partial: 1822: 50 %", "right-feedback: Chính xác.", "catch-all: Xem lại."],
    ),
    Case("number with a comma", "Tỉ lệ? {#91,25:0,5}", ["number: Tỉ lệ? | Đáp số = 91.25 ± 0.5"], ["comma", "comma"]),
    Case("number that may be two", "Tiền? {#1,200}", [], ["broken: 1,200 = 1200? 1.200?"]),
    Case("number that is none", "Tiền? {#nhiều}", [], ["broken: nhiều"]),
    Case("number without a value", "Tiền? {#}", [], ["broken"]),
    Case("essay", "Viết lời chào. {}", ["essay: Viết lời chào."]),
    Case("description", "Đọc đoạn sau rồi trả lời.", ["prose: Đọc đoạn sau rồi trả lời."]),
    # around the question
    Case("name", "::Câu 1:: Đúng không? {T}", ["single: Đúng không? | +Đúng | -Sai"]),
    Case("comment", "// ghi chú\nĐúng không? {T}\n// hết", ["single: Đúng không? | +Đúng | -Sai"]),
    Case(
        "category",
        "$CATEGORY: tổ/ca đêm\n\nĐúng không? {T}",
        ["single: Đúng không? | +Đúng | -Sai"],
        ["category: tổ/ca đêm"],
    ),
    Case(
        "tags become outcome and level, others are lost",
        "// [id:q7] [tag:outcome:2] [tag:level:apply] [tag:cũ]\nĐúng không? {T}",
        ["single {outcome 2 level apply}: Đúng không? | +Đúng | -Sai"],
        ["tag: cũ"],
    ),
    Case(
        "general feedback", "Ai? {=An#Đúng. ~Bình ####Xem bài 2.}", ["single: Ai? | +An #Đúng. | -Bình // Xem bài 2."]
    ),
    Case("escaped signs", r"2 \= 2 \{x\} \~ \# \: ? {=a\=b ~c\#d}", ["single: 2 = 2 {x} ~ # : ? | +a=b | -c#d"]),
    Case("escaped line break", r"Dòng một\nDòng hai {T}", ["single: Dòng một⏎Dòng hai | +Đúng | -Sai"]),
    Case("backslash", r"C:\\ca {T}", [r"single: C:\ca | +Đúng | -Sai"]),
    Case("html", "[html]<p>Một <b>hai</b></p><p>ba &lt; bốn</p> {T}", ["single: Một **hai**⏎⏎ba < bốn | +Đúng | -Sai"]),
    Case(
        "format of a text of its own",
        "[html]<i>Ai</i>? {=[plain]<An> ~[markdown]**Bình**}",
        ["single: *Ai*? | +<An> | -**Bình**"],
    ),
    Case("plain", "[plain]1 * 2 * 3 {T}", ["single: 1 * 2 * 3 | +Đúng | -Sai"]),
    Case(
        "markdown with a link and a picture",
        "[markdown]Xem [đây](http://vidu.example/) ![so do](so-do.png) {T}",
        ["single: Xem đây | +Đúng | -Sai"],
        ["link: http://vidu.example/", "picture-missing: so-do.png"],
    ),
    # as it is found
    Case(
        "glued to the question before",
        "::Một::A? {T}\n::Hai::B? {F}",
        ["single: A? | +Đúng | -Sai", "single: B? | -Đúng | +Sai"],
        ["glued"],
    ),
    Case(
        "glued without names, over lines",
        "A? {T}\nThế còn\nB? {F}",
        ["single: A? | +Đúng | -Sai", "single: Thế còn⏎B? | -Đúng | +Sai"],
        ["glued"],
    ),
    Case(
        "blank line inside the braces",
        "Ai? {\n=An\n\n~Bình\n}\n\nB? {F}",
        ["single: Ai? | +An | -Bình", "single: B? | -Đúng | +Sai"],
        ["blank-inside"],
    ),
    Case("brace not closed", "Ai? {=An ~Bình\n\nB? {F}", ["single: B? | -Đúng | +Sai"], ["broken"]),
    Case("brace not opened", "Ai? =An ~Bình}\n\nB? {F}", ["single: B? | -Đúng | +Sai"], ["broken"]),
    Case("two pairs of braces", "Từ {=Huế} đến {=Vinh} bao xa?", [], ["broken"]),
    Case("no right option", "Ai? {~An ~Bình}", ["multiple: Ai? | -An | -Bình"], ["no-key"]),
    Case(
        "two full ones in a single choice",
        "Ai? {=An =Bình ~Chi}",
        ["single: Ai? | -An | -Bình | -Chi"],
        ["several-full: An; Bình"],
    ),
    Case("identical options", "Ai? {=An ~Bình ~Bình}", ["single: Ai? | +An | -Bình"], ["same-option: Bình"]),
    Case("identical options, one right", "Ai? {=An ~An ~Chi}", ["single: Ai? | -An | -Chi"], ["key-contradicts: An"]),
    Case(
        "typed letters in the options",
        "Ai? {~a) An =b) Bình ~c) Cả a và b}",
        ["single: Ai? | -An | +Bình | -Cả a và b"],
        ["letters: a) b) c)", "letters-meant: Cả a và b"],
    ),
    Case(
        "the question in the name",
        "::Ai trực đêm nay?:: {=An ~Bình}",
        ["single: Ai trực đêm nay? | +An | -Bình"],
        ["name-as-stem"],
    ),
    Case("no question at all", "{=An ~Bình}", [], ["no-stem"]),
    Case("sign inside a word", "Điều kiện? {=x=5 ~x=6}", ["single: Điều kiện? | +x=5 | -x=6"], ["unescaped: = ="]),
    Case(
        "formula with braces that are not escaped",
        r"Tính \(\frac{1}{2}\) của 4. {=2 ~8}",
        [r"single: Tính `\frac{1}{2}` của 4. | +2 | -8"],
        [r"formula: \frac{1}{2}"],
    ),
    Case(
        "remote picture, data picture, style, script",
        '[html]<style>p{color:red}</style><img src="http://vidu.example/a.png"><script>alert(1)</script>'
        f'<img src="data:image/png;base64,{PNG}" alt="Sơ đồ">Ai? {{=An ~Bình}}',
        ["single: Ai? | +An | -Bình"],
        ["look", "remote: http://vidu.example/a.png", "script"],
    ),
    Case("UTF-16", "Ủy ban? {T}".encode("utf-16"), ["single: Ủy ban? | +Đúng | -Sai"]),
    Case(
        "UTF-8 with a mark, Windows line ends",
        "\ufeffA? {T}\r\n\r\nB? {F}",
        ["single: A? | +Đúng | -Sai", "single: B? | -Đúng | +Sai"],
    ),
    Case(
        "cp1258",
        "Ca trư\u0323c đêm? {T}".encode("cp1258"),
        ["single: Ca trực đêm? | +Đúng | -Sai"],
        ["encoding: cp1258"],
    ),
    Case(
        "letters lost to question marks",
        "C?ng ?o?n tr?c ?êm? {T}\n\nB? {F}",
        ["single: B? | -Đúng | +Sai"],
        ["letters-lost"],
    ),
    Case("decomposed accents", unicodedata.normalize("NFD", "Tổ trưởng? {T}"), ["single: Tổ trưởng? | +Đúng | -Sai"]),
    Case(
        "wildcard and catch-all",
        "Gì? {=*xanh* =lục =%0%*#Xem lại.}",
        ["text: Gì? | lục"],
        ["wildcard: *xanh*", "catch-all: Xem lại."],
    ),
    Case("nothing in it", "\n\n", [], ["empty"]),
]
