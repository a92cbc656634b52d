"""Model of "Người gieo tin – người gác tin": how a rumour spreads, and what evidence a conclusion needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

LIMIT: int = 3
START: int = 10
MEMBERS: int = 500
ROUNDS: int = 3
BASE: int = 10
"""Percent of readers who pass the bare rumour on in one round."""
PASSED_TO: int = 5
"""New readers whom each of those reaches."""
MINUTES: int = 6
TAB_MINUTES: int = 2
ENOUGH: int = 2
"""Pieces of evidence from outside the page that a conclusion needs."""


@dataclass(frozen=True, slots=True)
class Trick:
    """One trick: ``push`` in percentage points of readers who pass the rumour on, and two examples of it."""

    letter: str
    name: str
    push: int
    sown: str
    elsewhere: str
    trace: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A place to look; ``outside``: the owner of the page cannot change what stands there."""

    name: str
    outside: bool
    shows: str


# fmt: off
TRICKS: tuple[Trick, ...] = (
    Trick("F", "Ngụy tạo", 10, "Ảnh “thông báo bỏ phở” ghép chữ ký bếp trưởng.",
          "Ảnh “biên bản đóng sân cầu lông”, dòng ngày tháng bị gõ đè.", "dấu vết nằm ở tài liệu"),
    Trick("I", "Mạo danh", 10, "Tài khoản “Bếp trưởng Căng-tin”, lập sáng nay.",
          "Tài khoản “Ban Quản lý sân”, trước hôm qua chưa có bài nào.", "dấu vết nằm ở người gửi"),
    Trick("R", "Kích động", 20, "“Ai còn thương bát phở thì chuyển ngay, kẻo muộn!”",
          "“Im lặng là mất sân! Chuyển cho mười người trước 17 giờ!”", "dấu vết nằm ở lời lẽ"),
    Trick("S", "Mượn sự kiện không liên quan", 5, "Ảnh một quán phở đóng cửa ở tỉnh khác.",
          "Ảnh sân bóng bị rào ở thành phố khác, chụp năm ngoái.", "dấu vết nằm ở hình ảnh"),
    Trick("T", "Khuếch đại tự động", 15, "Ba mươi tài khoản đăng cùng một câu trong hai phút.",
          "Bốn mươi tài khoản gửi một câu y hệt vào đúng 12 giờ 00.", "dấu vết nằm ở cách lan"),
)
QUOTED: tuple[Trick, ...] = tuple(t for letter in "RTFIS" for t in TRICKS if t.letter == letter)
"""The tricks in the order in which their examples about the other topic are shown."""
TABS: tuple[Tab, ...] = (
    Tab("Giới thiệu của trang", outside=False, shows="“Trang chính thức duy nhất.” Trang tự viết về mình."),
    Tab("Ảnh gốc", outside=True, shows="Tìm ngược tấm ảnh: đã đăng nhiều năm trước, ở một căng-tin tỉnh khác."),
    Tab("Bình luận dưới bài", outside=False, shows="48 lời khen trang đưa tin nhanh. Nhiều lời giống nhau từng chữ."),
    Tab("Danh sách kênh chính thức", outside=True, shows="Công đoàn công bố ba kênh. Không có trang này."),
    Tab("Gọi bếp trưởng", outside=True, shows="Số trong danh bạ: “Thứ Hai vẫn nấu phở. Tôi không lập trang nào.”"),
)
# fmt: on
REAL, FAKE, UNSURE = "Trang thật", "Trang giả", "Chưa đủ căn cứ"


def spread(tricks: Collection[str], guarded: Collection[str] = ()) -> tuple[int, ...]:
    """Return how many people have read the rumour at the start and after each round; ``guarded`` tricks push no more.

    Raises:
        ValueError: for more than ``LIMIT`` tricks.
    """
    if len(set(tricks)) > LIMIT:
        message = f"nhiều nhất {LIMIT} thủ thuật"
        raise ValueError(message)
    share = BASE + sum(t.push for t in TRICKS if t.letter in tricks and t.letter not in guarded)
    read = [START]
    for _ in range(ROUNDS):
        read.append(min(MEMBERS, read[-1] * (100 + PASSED_TO * share) // 100))
    return tuple(read)


def named(answers: Mapping[str, str]) -> frozenset[str]:
    """Return the letters of the tricks that were given their own name (quoted letter → letter chosen)."""
    return frozenset(quoted for quoted, chosen in answers.items() if quoted == chosen)


def judge(opened: Collection[int], verdict: str) -> str:
    """Return what to say about ``verdict`` after the tabs at the places ``opened``."""
    evidence = sum(TABS[place].outside for place in set(opened))
    seen = f"Anh/chị có {evidence} bằng chứng từ ngoài trang."
    if verdict == REAL:
        return f"Chưa đúng. {seen} Lời trang tự nói về mình không chứng minh được trang."
    if verdict == FAKE and evidence >= ENOUGH:
        return f"Kết luận có căn cứ. {seen} Những nơi ấy không nằm trong tay chủ trang."
    if verdict == FAKE:
        return f"Trúng, nhưng mới là đoán. {seen} Lần sau đoán sai một trang thật, mọi người sẽ mất tin."
    if evidence >= ENOUGH:
        return f"Thận trọng quá mức. {seen} Như thế đã đủ để nói đây là trang giả và báo đầu mối."
    return f"Nói đúng mức. {seen} Chưa rõ thì nói chưa rõ, rồi mở thêm nơi ở ngoài trang."
