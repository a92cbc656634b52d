"""Another union's course, in English: three modules of two items each. Every person, unit and number is invented."""

from __future__ import annotations

from pathlib import Path

COURSE = """\
course: {id: harbour, version: "1.0.0", time_zone: Europe/London, language: en, title: Clear Signals, lead: Talking with members}
house_style: []
modules:
  H00: {title: Getting to know the page, points: 0, pass_mark: 0}
  H01: {title: Listening first, part: 1, points: 4, pass_mark: 3}
  H02: {title: Numbers that hold, part: 1, points: 4, pass_mark: 3}
  H03: {title: A notice of your own, part: 2, points: 4, pass_mark: 2}
tracks: {stewards: [H01, H02, H03]}
track_titles: {stewards: Stewards}
attempts: {limit: 3, wait_hours: 0}
union:
  posts: {steward: {name: steward}, deputy: {name: deputy steward}}
  unit_kinds: {federation: {name: federation}, district: {name: district}, quay: {name: quay branch}}
  chairs: [steward]
  top: federation
  counted: district
targets:
  set: HARBOUR-1
  T60:
    title: Stewards trained
    track: stewards
    goal: [3, 5]
    by: 2030-12-31
    counts_from: 2025-01-01
    posts: [steward]
    unit_kinds: [quay]
    under: district
"""  # noqa: E501
PRACTICE = """\
---
module: H00
title: Getting to know the page
---
# The page

You click an option and read why.

```{item} H00-P01
type: single
practice: true
outcome: 1
stem: Which colour does the tide board show at low water?
options:
  - {text: Amber, correct: true, feedback: Amber is what the harbour board uses at low water.}
  - {text: Purple, feedback: Purple is not used on any board of the harbour.}
```
"""
LESSON = """\
---
module: {module}
title: {title}
---
# {title}

Members answer when they are asked before anything is decided.
"""
ITEMS = {
    "H01": """\
```{item} H01-Q01
type: single
points: 2
outcome: 1
level: apply
stem: A crane crew works nights and misses every noon meeting. What comes first?
options:
  - {text: Ask the crew where and when they hear news, correct: true, feedback: Their habits decide which channel reaches them.}
  - {text: Put a longer notice on the noon board, feedback: They still pass the board at night when nobody reads it out.}
  - {text: Wait for the yearly assembly, feedback: By then the question of the shift plan is long decided.}
```

```{item} H01-Q02
type: multiple
points: 2
outcome: 1
level: understand
stem: Which of these tell you that a notice was understood?
options:
  - {text: Members repeat the date in their own words, correct: true, feedback: What is said again in own words has arrived.}
  - {text: Two crews ask about the same gap, correct: true, feedback: A precise question shows that the rest was clear.}
  - {text: The notice was printed in colour, feedback: Colour says nothing about what anybody took from it.}
  - {text: The notice hung for a month, feedback: Time on the wall is not time in a head.}
```
""",  # noqa: E501
    "H02": """\
```{item} H02-Q01
type: number
points: 2
outcome: 1
level: apply
stem: "38 of 40 dockers on shift were reached. What share is that?"
parts:
  - {label: Share, unit: "%", value: 95, tol: 0.05, points: 2, feedback: [{value: 0.95, text: This is a ratio; multiply it by one hundred.}]}
```

```{item} H02-Q02
type: match
points: 2
outcome: 1
level: understand
stem: Which figure answers which question?
left:
  - {text: "How many could have been reached?", key: b, feedback: That is the denominator.}
  - {text: "How many were reached?", key: c, feedback: That is the numerator.}
right:
  - {text: The day of the count}
  - {text: All dockers on the roster that day}
  - {text: Dockers who confirmed the notice}
```
""",  # noqa: E501
    "H03": """\
```{item} H03-Q01
type: text
points: 2
outcome: 1
level: remember
stem: What is the day called on which rosters are counted?
accept: [as-of date, as of date]
fold: true
feedback: [{accept: [deadline], text: A deadline is when something must be handed in.}]
```

```{item} H03-Q02
type: essay
points: 2
outcome: 1
level: create
stem: Write a notice to the night crew about the new mooring times.
words: [20, 120]
rubric:
  - {id: time, text: Says from when the times hold, levels: {"0": no time, "1": a time, "2": time and day}}
samples: {time: {"0": Please note the change., "1": From six o'clock., "2": "From Monday, six o'clock."}}
```
""",
}
UNITS = """\
unit_id,name,kind,parent_id,start,end,successor_id
F,Harbour Federation,federation,,2020-01-01,,
N,North District,district,F,2020-01-01,,
Q1,Quay One,quay,N,2020-01-01,,
Q2,Quay Two,quay,N,2020-01-01,,
"""
PEOPLE = "person_id,full_name,email,is_test,same_as\nHB-1,Ada Sample,,,\nHB-2,Ben Sample,,,\n"
POSTS = (
    "person_id,unit_id,post,start,end,decision_no\nHB-1,Q1,steward,2024-01-01,,D-1\nHB-2,Q2,steward,2024-01-01,,D-2\n"
)
RIGHT = {
    "H01": {"H01-Q01": "A", "H01-Q02": ["A", "B"]},
    "H02": {"H02-Q01": {"a": "95"}, "H02-Q02": {"1": "b", "2": "c"}},
    "H03": {
        "H03-Q01": "as-of date",
        "H03-Q02": "From Monday, six o'clock, the north quay moors by the new plan. Ask your steward.",
    },
}
WRONG = {
    "H01": {"H01-Q01": "B", "H01-Q02": ["C", "D"]},
    "H02": {"H02-Q01": {"a": "one and a half"}, "H02-Q02": {"1": "a"}},
    "H03": {"H03-Q01": "deadline"},
}


def write(folder: Path) -> None:
    """Write course, exercises and roster below ``folder``."""
    lessons, roster = folder / "course" / "lessons", folder / "roster"
    for path in (lessons, roster):
        path.mkdir(parents=True)
    (folder / "course" / "course.yaml").write_text(COURSE, encoding="utf-8")
    (lessons / "H00.md").write_text(PRACTICE, encoding="utf-8")
    for module, items in ITEMS.items():
        title = f"Module {module}"
        (lessons / f"{module}.md").write_text(LESSON.format(module=module, title=title), encoding="utf-8")
        (folder / "exercises" / module).mkdir(parents=True)
        head = f"---\nmodule: {module}\ntitle: {title}\n---\nRead each question with care.\n\n"
        (folder / "exercises" / module / "exercise.md").write_text(head + items, encoding="utf-8")
    for name, text in (("units", UNITS), ("people", PEOPLE), ("posts", POSTS)):
        (roster / f"{name}.csv").write_text(text, encoding="utf-8")
