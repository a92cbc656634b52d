"""Labs: the page holds the state, each step is asked of the server, which keeps nothing."""

from __future__ import annotations

from tornado.web import HTTPError

from course.host.pages.base import Page, signed_in
from course.labs.shared import play
from course.labs.shared.state import NotAllowed
from course.words import _


class Lab(Page):
    """A lab at its beginning (GET), and after one more step (POST ``state``, ``control``, ``value``)."""

    @signed_in
    async def get(self, name: str) -> None:
        try:
            self.finish(await self.in_file_thread(lambda: play.begin(name)))
        except NotAllowed:
            raise HTTPError(404) from None

    @signed_in
    async def post(self, name: str) -> None:
        data = self.json()
        try:
            after = await self.in_file_thread(
                lambda: play.step(name, data.get("state"), data.get("control"), data.get("value"))
            )
        except NotAllowed:  # an older page, or nothing of ours
            self.set_status(409)
            self.finish({"problem": self.say(_("Phòng thực hành đã có bản mới; trang mở lại từ đầu."))})
            return
        self.finish(after)
