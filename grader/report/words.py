"""The report's words in Vietnamese and English, and how it writes numbers and dates in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from course.words import into
from grader.completion.records import Rate
from grader.ground.offices import OFFICES, Offices
from grader.report.suppression import SMALLEST_SHOWN, Reason

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "title": ("Báo cáo tiến độ bồi dưỡng cán bộ công đoàn", "Report on the training of union cadres"),
    "simulated": ("Số liệu mô phỏng", "Simulated data"),
    "confidential": ("MẬT – có danh sách cá nhân, chỉ người được giao xem", "CONFIDENTIAL – names people; for authorised readers only"),
    "as_of": ("Đến hết ngày {}", "As of the end of {}"),
    "computed_at": ("Tính lúc {}", "Computed {}"),
    "target_set": ("Bộ chỉ tiêu {}", "Target set {}"),
    "course": ("Khóa học bản {}", "Course version {}"),
    "scope": ("Phạm vi: {}", "Scope: {}"),
    "rule": ("Quy tắc tính", "Rule"),
    "people": ("{} người", "{} people"),
    "goal_by": ("Chỉ tiêu {} đến {}", "Goal {} by {}"),
    "met": ("Đạt", "Met"),
    "not_met": ("Chưa đạt", "Not met"),
    "no_data": ("Không có dữ liệu", "No data"),
    "short_by": ("thiếu {} người", "short by {}"),
    "short_people": ("còn thiếu {} người", "{} people short"),
    "below": ("{} trên {} tổng công ty chưa đạt {}", "{} of {} corporations are below {}"),
    "all_met": ("Cả {} tổng công ty đã đạt {}", "All {} corporations have reached {}"),
    "sum_note": (
        "Tính riêng từng tổng công ty, các nơi chưa đạt còn thiếu cộng lại {} người; toàn hệ thống thiếu {} người.",
        "Taken one by one, the corporations below the line lack {} people in all; the whole union lacks {}.",
    ),
    "corporations": ("Tổng công ty so với mức {}", "Corporations against {}"),
    "lowest_first": ("Xếp từ tỉ lệ thấp nhất; vạch đứng là mức {}.", "Lowest rate first; the upright line is {}."),
    "corporation": ("Tổng công ty", "Corporation"),
    "trained_of": ("Đạt / mẫu số", "Trained / of"),
    "rate": ("Tỉ lệ", "Rate"),
    "result": ("Kết quả", "Result"),
    "against": ("So với mức {}", "Against {}"),
    "others": ("Các chỉ tiêu khác", "The other targets"),
    "others_note": (
        "Mỗi chỉ tiêu có mẫu số riêng; không cộng, không so các chỉ tiêu với nhau.",
        "Each target has its own denominator; they are never added or compared.",
    ),
    "no_figures": ("Chưa có số liệu", "No data yet"),
    "no_figures_note": ("Cần tệp indicators.csv do điều phối viên lập.", "Needs indicators.csv, kept by the coordinator."),
    "year_of": ("Năm {}", "Year {}"),
    "not_computed": ("Không do hệ thống này đo; số do đơn vị báo cáo.", "Not measured here; as reported by the units."),
    "sources": ("Nguồn: {}; người nhập: {}", "Source: {}; entered by: {}"),
    "partial": ("cộng từ {} đơn vị có báo cáo", "summed over the {} units that reported"),
    "states": ("Cán bộ đang ở bước nào", "Where people stand"),
    "trained": ("Đạt", "Trained"),
    "waiting": ("Chờ chấm", "Awaiting marking"),
    "failed": ("Chưa đạt một học phần đã chấm", "A graded module not passed"),
    "learning": ("Đang học, còn học phần chưa làm", "Learning, modules left to do"),
    "not_started": ("Chưa có lượt làm bài nào", "No attempt yet"),
    "trained_short": ("Đạt", "Trained"),
    "waiting_short": ("Chờ chấm", "Awaiting"),
    "failed_short": ("Chưa đạt", "Not passed"),
    "learning_short": ("Đang học", "Learning"),
    "not_started_short": ("Chưa bắt đầu", "Not begun"),
    "units_count": ("{} đơn vị", "{} units"),
    "state": ("Tình trạng", "State"),
    "share": ("Tỉ lệ trong mẫu số", "Share of the denominator"),
    "vacancies": ("Đơn vị khuyết chủ tịch", "Units without a chair"),
    "vacancies_note": ("chức vụ còn khuyết không tính vào mẫu số", "vacant posts are not in the denominator"),
    "untrained_units": ("Đơn vị chưa có ai đạt", "Units with nobody trained"),
    "of_units": ("{} trên {} đơn vị", "{} of {} units"),
    "left_office": ("Không còn đương nhiệm", "Left office"),
    "left_note": (
        "từng có trong mẫu số ở cuối một quý trước; trong đó {} người đã đạt, không còn tính vào tử số",
        "counted at the end of an earlier quarter; {} of them were trained and no longer count",
    ),
    "ever": ("Lũy kế đã đạt lộ trình", "Ever trained on this track"),
    "ever_note": ("mọi cán bộ, kể cả người đã thôi giữ chức hoặc không giữ chức thuộc mẫu số", "everybody, in office or not"),
    "history": ("Diễn biến theo quý và dự báo", "Quarter by quarter, and forecast"),
    "history_note": (
        "Tính lại cho cuối mỗi quý theo dữ liệu hiện có; số đã công bố được giữ riêng.",
        "Recomputed for each quarter's end from today's data; published figures are kept apart.",
    ),
    "quarter": ("Cuối quý", "Quarter's end"),
    "entered": ("Mới vào", "Entered"),
    "left": ("Thôi giữ chức", "Left"),
    "newly": ("Mới đạt", "Newly trained"),
    "forecast": ("Dự báo", "Forecast"),
    "forecast_line": (
        ("Nếu giữ nhịp như đã thấy, đến {} có khoảng {} cán bộ đạt; {} trên 100 lượt mô phỏng nằm từ {} đến {}. "
        "Khả năng đạt chỉ tiêu: {}."),
        ("At the pace seen so far, about {1} are trained on {0}; {2} of 100 simulated paths lie between {3} and "
        "{4}. Chance of meeting the goal: {5}."),
    ),
    "pace": (
        "Nhịp cần có: {} người đạt mỗi quý trong {} quý còn lại, nếu không ai thôi giữ chức",
        "Pace needed: {} people trained each quarter for the {} quarters left, if nobody leaves",
    ),
    "pace_turnover": ("; {} người nếu biến động nhân sự như đã thấy", "; {} with turnover as seen"),
    "method": ("Cách dự báo và giả định", "Method and assumptions"),
    "no_forecast": (
        "Chưa đủ số liệu để dự báo: cần ít nhất hai quý trọn kể từ khi có người đạt.",
        "Too little data to forecast: at least two whole quarters since the first person was trained are needed.",
    ),
    "band": ("{} trên 100 lượt mô phỏng", "{} of 100 simulated paths"),
    "observed": ("đã ghi nhận", "observed"),
    "middle": ("dự báo giữa", "middle forecast"),
    "units": ("Từng đơn vị", "Unit by unit"),
    "units_note": (
        "Số của CĐCS gồm cả các CĐBP trực thuộc, nên không cộng các dòng với nhau.",
        "A grassroots union's figures include its sections, so the rows must not be added up.",
    ),
    "unit": ("Đơn vị", "Unit"),
    "code": ("Mã", "Code"),
    "kind": ("Loại", "Kind"),
    "numerator": ("Đạt", "Trained"),
    "denominator": ("Mẫu số", "Denominator"),
    "shortfall": ("Thiếu", "Short by"),
    "search": ("Tìm đơn vị", "Find a unit"),
    "show_small": ("Hiện cả đơn vị không nêu số ({})", "Show the units without figures too ({})"),
    "shown_rows": ("Đang hiện {} dòng", "{} rows shown"),
    "sort_by": ("Sắp xếp", "Sort"),
    "print_note": (
        "Bản in không gồm {} đơn vị không nêu số (dưới năm người, được ẩn, hoặc đang khuyết).",
        "The print leaves out {} units without figures (fewer than five people, hidden, or vacant).",
    ),
    "hidden_note": (
        ("«<5»: nhóm có dưới năm người, không nêu số. «ẩn»: không nêu số để không suy ra được nhóm nhỏ bên cạnh. "
        "Tổng không đổi."),
        ("'<5': fewer than five people, no figures. 'hidden': no figures, so that a small group beside it cannot "
        "be worked out. Totals are unchanged."),
    ),
    "hidden": ("ẩn", "hidden"),
    "missing": ("Danh sách cán bộ chưa đạt", "People not trained yet"),
    "person": ("Cán bộ", "Person"),
    "name": ("Họ và tên", "Name"),
    "post": ("Chức vụ", "Post"),
    "target": ("Chỉ tiêu", "Target"),
    "quality": ("Chất lượng dữ liệu", "Data quality"),
    "rejected": ("{} dòng bị loại, không tính ở đâu", "{} rejected rows, counted nowhere"),
    "warnings": ("{} điều cần xem lại", "{} warnings"),
    "listed": ("Liệt kê {} dòng đầu; đủ danh sách trong report.json.", "The first {} are listed; report.json has them all."),
    "none": ("Không có.", "None."),
    "file": ("Tệp", "File"),
    "line": ("Dòng", "Line"),
    "message": ("Nội dung", "Message"),
    "changed": ("Số của ngày này đã thay đổi từ khi công bố.", "The figures for this day have changed since they were published."),
    "versions": ("Các bản đã công bố cho ngày này", "Versions published for this day"),
    "version": ("Bản {}, công bố {}", "Version {}, published {}"),
    "reading": ("Cách đọc", "How to read this"),
    "reading_1": (
        ("Tỉ lệ luôn làm tròn xuống một chữ số thập phân; đạt hay chưa do phép so sánh số nguyên quyết định, "
        "không do tỉ lệ đã làm tròn."),
        ("Rates are rounded down to one decimal; whether a goal is met is decided by whole numbers, not by the "
        "rounded rate."),
    ),
    "reading_2": (
        "Một người giữ nhiều chức được tính một lần, ở chức vụ chính. Người mới nhận chức được tính vào mẫu số ngay.",
        ("A person with several posts is counted once, at the main one. Someone new in office is in the "
        "denominator at once."),
    ),
    "reading_3": (
        ("Bài tự luận chờ chấm chưa tính vào tử số; khi chấm xong, kết quả tính từ ngày nộp, nên số của cùng một "
        "ngày có thể thay đổi và được ghi thành bản mới."),
        ("Essays awaiting marking do not count yet; once marked they count from the day they were handed in, so a "
        "day's figure may change and is kept as a new version."),
    ),
    "reading_4": (
        ("Tập huấn ngoài khóa (ví dụ hội nghị 09/7/2024) không tính vào chỉ tiêu; hệ thống chưa có nguồn số liệu "
        "cho mục này."),
        ("Training outside the course (such as the conference of 2024-07-09) does not count; there is no source "
        "for it here yet."),
    ),
    "title_of": ("Nội dung", "Title"),
    "goal": ("Mức cần đạt", "Goal"),
    "due": ("Hạn", "Due"),
    "day": ("Ngày chốt", "As of"),
    "computed": ("Tính lúc", "Computed at"),
    "set": ("Bộ chỉ tiêu", "Target set"),
    "people_counted": ("Người", "People"),
    "low": ("Thấp", "Low"),
    "expected": ("Giữa", "Middle"),
    "high": ("Cao", "High"),
    "goal_share": ("Chỉ tiêu", "Goal"),
    "year": ("Năm", "Year"),
    "n_of_d": ("Tử số / mẫu số", "Numerator / denominator"),
    "source": ("Nguồn", "Source"),
    "entered_by": ("Người nhập", "Entered by"),
    "sheet_targets": ("Chỉ tiêu", "Targets"),
    "sheet_corporations": ("tổng công ty", "corporations"),
    "sheet_units": ("đơn vị", "units"),
    "sheet_history": ("theo quý", "by quarter"),
    "sheet_forecast": ("dự báo", "forecast"),
    "sheet_indicators": ("Chỉ tiêu nhập tay", "Reported indicators"),
    "sheet_missing": ("MẬT chưa đạt", "CONFIDENTIAL missing"),
    "sheet_rejected": ("Dòng bị loại", "Rejected rows"),
    "sheet_warnings": ("Cần xem lại", "Warnings"),
    "made_by": ("Lập bằng Mở Đường", "Made with moduong"),
})  # fmt: skip


class Words:
    """The words of one language; ``words("key", …)`` fills the places of a sentence in."""

    def __init__(self, lang: str, offices: Offices = OFFICES) -> None:
        self.lang = "en" if lang == "en" else "vi"
        self._offices = offices
        self.per_cent = "%" if self.lang == "en" else "\N{NO-BREAK SPACE}%"

    def say(self, text: str) -> str:
        """Return a sentence of the code in this language."""
        return into(text, self.lang)

    def __call__(self, key: str, *values: object) -> str:
        return _WORDS[key][self.lang == "en"].format(*values)

    def post(self, post: str) -> str:
        """Return a post as it stands in a table."""
        return self._offices.posts[post].label(self.lang)

    def kind(self, kind: str) -> str:
        """Return a kind of unit as it stands in a table."""
        return self._offices.unit_kinds[kind].word(self.lang)

    def number(self, value: int) -> str:
        """Return a count with thousands parted: 12.345 in Vietnamese, 12,345 in English; four digits stay whole."""
        if abs(value) < 10_000:  # noqa: PLR2004  # as dates and codes are written, 1957 needs no point
            return str(value)
        text = f"{value:,}"
        return text if self.lang == "en" else text.replace(",", ".")

    def percent(self, rate: Rate) -> str:
        """Return N/D in per cent, rounded down to one decimal; a dash without a denominator."""
        return "—" if rate.percent is None else self.decimal(rate.percent) + self.per_cent

    def decimal(self, text: str) -> str:
        """Return a number written with a point in the language's way."""
        return text if self.lang == "en" else text.replace(".", ",")

    def goal(self, goal: tuple[int, int]) -> str:
        """Return a goal such as (7, 10) as ``70 %``."""
        whole, rest = divmod(100 * goal[0], goal[1])
        return f"{whole}{self.per_cent}" if not rest else f"{goal[0]}/{goal[1]}"

    def whole(self, share: float) -> str:
        """Return a forecast's share (0 to 1) in whole per cent, rounded down: it is no more exact than that."""
        return f"{int(100 * share)}{self.per_cent}"

    def day(self, day: date) -> str:
        """Return dd/mm/yyyy; in English yyyy-mm-dd, which no reader takes for a month first."""
        return day.isoformat() if self.lang == "en" else f"{day:%d/%m/%Y}"

    def instant(self, at: datetime) -> str:
        """Return the day, hh:mm and the offset from UTC."""
        return f"{self.day(at.date())} {at:%H:%M} (UTC{at.strftime('%z')[:3]})"

    def fraction(self, rate: Rate) -> str:
        """Return N / D."""
        return "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}".join(
            self.number(part) for part in (rate.numerator, rate.denominator)
        )

    def sign(self, reason: Reason | None) -> str:
        """Return what stands for a hidden figure: ``<5`` for a small group, a word for one that protects it."""
        return f"<{SMALLEST_SHOWN}" if reason == "small" else self("hidden")

    def met(self, met: bool | None) -> str:
        """Return whether a goal is met in words; None is without a denominator."""
        return self("no_data") if met is None else self("met" if met else "not_met")

    def verdict(self, rate: Rate) -> str:
        """Return met, or by how many people not; never a colour alone."""
        if rate.met is None:
            return self("no_data")
        return "✓ " + self("met") if rate.met else self("short_by", self.number(rate.shortfall))
