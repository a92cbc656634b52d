"""What the page's script asks for and sends: questions, saves, practice, the place in a lesson, handing in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tornado.web import HTTPError

from course import items, released, shown
from course.answers import ZONE, Answer
from course.fetched.standing import Standing
from course.handin import receipt_code
from course.host.content import sheets, spool, status
from course.host.content.releases import Module
from course.host.pages.base import signed_in
from course.host.pages.reading import Learning
from course.host.store import drafts, learning
from course.host.store.drafts import Kept, Place, Save
from course.host.store.learning import HandedIn
from course.released import Released
from course.widgets import asked
from course.words import _

_MOST_SAVES = 50
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Look:
    """An attempt: where, what is stored, hand-ins before it, why none would be taken now (empty: it would)."""

    place: Place
    kept: Mapping[str, Kept]
    done: list[HandedIn]
    stopped: str


class Working(Learning):
    """What handlers of one exercise share."""

    async def exercise(self, name: object) -> Module:
        """Return a module that has an exercise."""
        module = await self.in_file_thread(lambda: self.host.course.module(str(name)))
        if module.exercise is None:
            raise HTTPError(404)
        return module

    async def look(self, of: Released) -> Look:
        """Return the attempt that is being worked on, what is stored of it, and the hand-ins before."""
        person, module = self.me.person, of.module
        done = await self.host.clerk.do(lambda connection: learning.hand_ins(connection, person, module))
        known = await self.standing(done)
        place = Place(person, module, 1 + len(done), known.attempt if known else 0)

        def find(connection: sqlite3.Connection) -> Mapping[str, Kept]:
            return drafts.begin(connection, place, lambda i, v: v == sheets.drawn(of, place, i))

        return Look(place, await self.host.clerk.do(find), done, self._stopped(known, done))

    async def standing(self, done: list[HandedIn]) -> Standing | None:
        """Return the ledger's word about somebody who handed in."""
        folder = self.host.course.folder
        return await self.in_file_thread(lambda: status.standing_of(folder, done)) if done else None

    def _stopped(self, known: Standing | None, done: list[HandedIn]) -> str:
        return status.stopped(known, done, self.host.course.about().wait_hours, datetime.now(ZONE))

    def state(self, of: Released, found: Look) -> dict[str, Any]:
        """Return what the hand-in shows."""
        given = {i: k.answer for i, k in found.kept.items() if k.answer is not None}
        answers = sheets.answer_set(of, found.place, given)
        return sheets.state(of, answers, found.done, self.host.course.about().wait_hours, found.stopped)


class Sheet(Working):
    """The questions of an exercise with what is stored of them."""

    @signed_in
    async def get(self, name: str) -> None:
        of = (await self.exercise(name)).exercise
        assert of is not None
        found = await self.look(of)
        place = found.place
        self.may_be_kept()
        specs = []
        for item in of.items:
            held = found.kept.get(item["id"], Kept(None, ()))
            spec = sheets.spec(of, item, place, held.answer, self.pictures(name))
            where = f"{of.module}/{place.attempt}/{item['id']}"
            specs.append({**spec, **sheets.kept(of, item, place, held), "place": where})
        self.finish(
            {
                "person": place.person,
                "version": self.host.assets.version,
                "attempt": place.attempt,
                "specs": specs,
                "state": self.state(of, found),
            }
        )


class Saves(Working):
    """Answers from the outbox of a device, of any module; each is acknowledged once it is committed."""

    @signed_in
    async def post(self) -> None:
        entries = self.json().get("entries")
        if not isinstance(entries, list) or not 0 < len(entries) <= _MOST_SAVES:
            raise HTTPError(400)
        results = [await self._save(entry) for entry in entries]
        self.host.counts["saves"] = self.host.counts.get("saves", 0) + len(results)
        self.finish({"results": results})

    async def _save(self, entry: Any) -> dict[str, Any]:
        """Store one; what can never be taken is said, so that the device does not send it for ever."""
        module = self.host.course.there(str(entry.get("module"))) if isinstance(entry, dict) else None
        of = module.exercise if module else None
        item = next((i for i in of.items if i["id"] == entry.get("item")), None) if of else None
        if isinstance(entry, dict) and entry.get("person") != self.me.person:  # two people at one browser: it waits
            return {"problem": self.say(_("Trang này của một tài khoản khác; anh/chị đăng nhập lại tài khoản ấy."))}
        if of is None or item is None or not _well_formed(entry):
            return {
                "problem": self.say(_("Câu này không còn trong học phần; câu trả lời chưa được lưu.")),
                "final": True,
            }
        try:
            asked.check(entry["value"])
        except ValueError as error:
            return {"problem": self.say(error.args[0]), "final": True}
        person, wanted = self.me.person, entry["attempt"]

        def store(connection: sqlite3.Connection) -> tuple[Place, Answer | None, Kept, list[HandedIn]]:
            done = learning.hand_ins(connection, person, of.module)
            place = Place(person, of.module, 1 + len(done))
            base = entry["base"] if wanted == place.attempt else -1
            variant = asked.variant_of(item, entry["variant"], 0)
            save = Save(item["id"], variant, entry["value"], base, entry["client"], entry["number"])
            if isinstance(entry.get("away"), str):
                drafts.put_away(connection, place, item["id"], entry["away"])
            return place, *drafts.put(connection, place, save), done

        place, before, held, done = await self.host.clerk.do(store)
        found = sheets.kept(of, item, place, held)
        if done or sheets.left(item, before) != sheets.left(item, held.answer):  # else the hand-in shows the same
            found["state"] = self.state(of, await self.look(of))
        return found


def _well_formed(entry: Mapping[str, Any]) -> bool:
    """Say whether a save has the shape that the page gives it."""
    whole = all(
        isinstance(entry.get(n), int) and not isinstance(entry.get(n), bool) and -1 <= entry[n] < 1 << 53
        for n in ("attempt", "base", "number", "variant")
    )
    client = entry.get("client")
    return whole and "value" in entry and isinstance(client, str) and 0 < len(client) <= _LONGEST_NAME


class HandIn(Working):
    """Hand in what is stored: once for the same answers, and only what was read back gets a receipt."""

    @signed_in
    async def post(self) -> None:
        if self.host.settings.rehearsal:
            return self._refuse(_("Đang xem như cán bộ: bài này không được nộp, không tốn lượt nào."))
        data = self.json()
        module = await self.exercise(data.get("module"))
        of = module.exercise
        assert of is not None
        found = await self.look(of)
        place = found.place
        answers = {i: k.answer for i, k in found.kept.items() if k.answer is not None}
        if not answers:
            return self._refuse(_("Chưa có câu trả lời nào để nộp."))
        now = self.state(of, found)
        if now["same"]:
            self.finish({"state": now})
            return None
        if data.get("attempt") != place.attempt:
            return self._refuse(_("Bài này đã được nộp từ một trang khác. Anh/chị tải lại trang."))
        if found.stopped:
            return self._refuse(found.stopped)
        whole = sheets.answer_set(of, place, answers)
        moment = datetime.now(ZONE)
        try:
            entry, secret = await self.in_file_thread(
                lambda: spool.write(self.host.settings.spool, of.folder, whole, moment)
            )
        except spool.SpoolProblem:
            self.host.count("hand_ins_failed")
            return self._refuse(_("Máy chủ chưa ghi được bài nộp; anh/chị thử lại sau ít phút."))
        counted = {i["id"] for i in of.items if not i["withdrawn"]}
        filled = sum(i in counted and not items.is_blank(a.value) for i, a in answers.items())
        code, at = receipt_code(whole), moment.isoformat(timespec="seconds")
        receipt = HandedIn(
            place.person, of.module, place.attempt, code, at, filled, len(counted), entry, secret, of.release
        )
        await self.host.clerk.do(lambda connection: learning.keep_hand_in(connection, receipt))
        self.host.count("hand_ins")
        self.finish({"state": self.state(of, await self.look(of))})
        return None

    def _refuse(self, said: str) -> None:
        self.set_status(409)
        self.finish({"problem": self.say(said)})


class Practice(Working):
    """The practice questions of a module, with the last answers given; and feedback on a new one."""

    @signed_in
    async def get(self, name: str) -> None:
        module = await self.in_file_thread(lambda: self.host.course.module(name))
        person = self.me.person
        given = await self.host.clerk.do(lambda connection: learning.practised(connection, person, module.name))
        specs = [self._spec(module, item, given.get(str(item["id"]))) for item in module.practice.values()]
        self.finish({"person": person, "version": self.host.assets.version, "specs": specs})

    def _spec(self, module: Module, item: Mapping[str, Any], given: tuple[int, Any] | None) -> dict[str, Any]:
        drawn = released.draw(self.me.person, str(item["id"]), 1, len(item["variants"]))
        variant = asked.variant_of(item, given[0] if given else None, drawn)
        spec = sheets.with_picture(
            shown.question(item, variant, self.me.person, 1, self.lang), self.pictures(module.name)
        )
        tried = None
        if given is not None:
            tried = {"value": given[1], "feedback": shown.feedback(item, spec, variant, given[1], self.lang)}
        return {**spec, "graded": False, "variant": variant, "stored": None, "tried": tried}

    @signed_in
    async def post(self) -> None:
        data = self.json()
        module = await self.in_file_thread(lambda: self.host.course.module(str(data.get("module"))))
        item = module.practice.get(str(data.get("item")))
        if item is None:
            raise HTTPError(404)
        value = data.get("value")
        try:
            asked.check(value)
        except ValueError as error:
            self.set_status(409)
            self.finish({"problem": self.say(error.args[0])})
            return
        variant = asked.variant_of(item, data.get("variant"), 0)
        person, name = self.me.person, str(item["id"])
        spec = shown.question(item, variant, person, 1, self.lang)
        await self.host.clerk.do(
            lambda connection: learning.keep_practice(connection, person, module.name, name, variant, value)
        )
        self.finish(shown.feedback(item, spec, variant, value, self.lang))


_PLACE = re.compile(r"p[0-9]{1,4}")
"""A piece of a lesson, as its page numbers them."""


class Reading(Working):
    """Where in a lesson I am."""

    @signed_in
    async def post(self) -> None:
        data = self.json()
        module = await self.in_file_thread(lambda: self.host.course.module(str(data.get("module"))))
        place, person = str(data.get("place")), self.me.person
        if not _PLACE.fullmatch(place):
            raise HTTPError(400)
        await self.host.clerk.do(lambda connection: learning.keep_place(connection, person, module.name, place))
        self.finish({})
