"""A quoted fact of law tells what to do, whose task it is, when not, and who has read it."""

from __future__ import annotations

from grader.text import roles

FACT = {
    "text": "Luật Mẫu cấm việc này.",
    "source": "trang một",
    "in_force_from": "2026-03-01",
    "verified_on": "2026-11-30",
}


def test_a_fact_without_a_duty_is_its_text_with_source_and_days() -> None:
    assert roles.prose("Xem {law}`mau`", {"mau": FACT}) == (
        "Xem Luật Mẫu cấm việc này. *(Nguồn: trang một; có hiệu lực từ 01/03/2026; kiểm tra ngày 30/11/2026; "
        "chưa có luật sư xem.)*"
    )


def test_duty_exception_second_source_end_and_lawyer_are_printed() -> None:
    fact = {
        **FACT,
        "duty": "Hỏi trước khi đăng.",
        "who": "người đăng",
        "exception": "đã có phép",
        "second_source": "trang hai",
        "in_force_until": "2027-01-31",
        "sign_off": "Ls Mẫu, 01/12/2026",
    }
    assert roles.prose("{law}`mau`", {"mau": fact}) == (
        "Luật Mẫu cấm việc này. **Phải làm:** Hỏi trước khi đăng (bên phải làm: người đăng). Ngoại lệ: đã có phép. "
        "*(Nguồn: trang một; đối chiếu: trang hai; có hiệu lực từ 01/03/2026 đến 31/01/2027; kiểm tra ngày 30/11/2026; "
        "luật sư xem: Ls Mẫu, 01/12/2026.)*"
    )


def test_empty_fields_print_nothing() -> None:
    bare = {**FACT, "duty": "", "who": "", "exception": "", "second_source": "", "in_force_until": "", "sign_off": ""}
    assert roles.prose("{law}`mau`", {"mau": bare}) == roles.prose("{law}`mau`", {"mau": FACT})
