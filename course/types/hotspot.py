"""``hotspot``: places on a picture, each with a name, so that it can be answered without seeing the picture."""

from __future__ import annotations

from collections.abc import Sequence

from course.types.shared.base import Body, Mix, Spec
from course.types.shared.choice import Ticked
from course.words import _, joined


class Hotspot(Ticked):
    """Some of the places are right; a region is ``[left, top, width, height]`` in percent of the picture."""

    hint = _("Chọn mọi chỗ đúng, trên hình hoặc trong danh sách dưới hình. Chọn thêm chỗ sai thì bớt điểm.")
    paper_hint = _("Chọn mọi chỗ đúng. Chọn thêm chỗ sai thì bớt điểm.")

    def listed(self, body: Body) -> Sequence[Body]:
        places: Sequence[Body] = body["places"]
        return places

    def told(self, body: Body) -> str:
        return joined("\n\n", [str(body["stem"]), f"![]({body['picture']})", _("*Hình: {alt}*", alt=body["alt"])])

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {
            **super().fields(body, mix),
            "regions": {place["id"]: list(place["region"]) for place in body["places"]},
            "picture": {"name": body["picture"], "alt": body["alt"]},
        }

    def files(self, body: Body) -> Sequence[str]:
        return [body["picture"], *super().files(body)]


TYPE = Hotspot()
