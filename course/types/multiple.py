"""``multiple``: every option that is right."""

from __future__ import annotations

from course.types.shared.choice import Ticked
from course.words import _


class Multiple(Ticked):
    """Some of the options are right."""

    hint = _("Chọn mọi phương án đúng. Chọn thêm phương án sai thì bớt điểm.")


TYPE = Multiple()
