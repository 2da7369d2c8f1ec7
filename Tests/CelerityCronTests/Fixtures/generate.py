#!/usr/bin/env python3
"""Writes celery-crontab.json: what Celery's own crontab does, for the differential test.

    python3 -m venv venv && venv/bin/pip install celery==5.7.0 && venv/bin/python generate.py

The output depends on SEED and the Celery version only. Two tables are written:

  fields  [kind, text, [values] or null]    null: Celery refuses the text (texts that Celery accepts only because it
                                            ignores what follows a part or a name, like "1-5/2/x" and "sep99",
                                            are left out)
  slots   [expression, after, [next, ...]]  seconds since 1970 in UTC, each one the next after the one before

`slots` comes from `crontab.remaining_delta`, which names the wall-clock time that follows a last run.
"""

import json
import pathlib
import random
import re
from datetime import datetime, timedelta, timezone

import celery
from celery import Celery
from celery.schedules import crontab, crontab_parser

SEED = 20260801
EXPRESSIONS = 420
FIELDS = 480
STEPS = 3
KINDS = {
    "minute": (60, 0),
    "hour": (24, 0),
    "day-of-month": (31, 1),
    "month": (12, 1),
    "day-of-week": (7, 0),
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()

PART = re.compile(r"\*(/\d+)?|{0}(-{0}(/\d+)?)?".replace("{0}", "(?:\\d+|[A-Za-z]{3})"))

app = Celery("fixture", set_as_current=False)
app.conf.timezone = "UTC"


def spelled(rng, kind, value):
    names = {"month": MONTHS, "day-of-week": DAYS}.get(kind)
    if names and rng.random() < 0.3:
        name = names[value - KINDS[kind][1]]
        return rng.choice([name, name.upper(), name.capitalize()])
    return f"{value:02}" if rng.random() < 0.1 else str(value)


def part(rng, kind):
    size, low = KINDS[kind]
    first, last = rng.randrange(low, low + size), rng.randrange(low, low + size)
    step = rng.choice([1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 61])
    shape = rng.random()
    if shape < 0.45:
        return spelled(rng, kind, first)
    text = f"{spelled(rng, kind, first)}-{spelled(rng, kind, last)}"  # may wrap
    if shape < 0.65:
        return text
    return f"{text}/{step}" if shape < 0.8 else f"*/{step}"


def field(rng, kind, stars):
    if rng.random() < stars:
        return "*"
    return ",".join(part(rng, kind) for _ in range(rng.choice([1, 1, 1, 2, 3])))


def damaged(rng, text):
    """One random edit, so that refusals are compared too."""
    place = rng.randrange(len(text) + 1)
    noise = rng.choice(["-", "/", ",", "*", "0", "9", "7", "/0", "x", "99"])
    return text[:place] + noise + text[place + rng.choice([0, 1]):]


def field_rows(rng):
    rows = []
    while len(rows) < FIELDS:
        kind = rng.choice(list(KINDS))
        text = field(rng, kind, 0.02)
        if rng.random() < 0.4:
            text = damaged(rng, text)
        try:
            size, low = KINDS[kind]
            values = sorted(crontab_parser(size, low).parse(text))
        except Exception:  # Celery's refusals have no common type
            values = None
        if values is not None and not all(PART.fullmatch(part) for part in text.split(",")):
            continue
        row = [kind, text, values]
        if row not in rows and len(text) < 24:
            rows.append(row)
    return rows


def follow(schedule, moment):
    last, delta, _ = schedule.remaining_delta(moment)
    return last + delta


def slot_rows(rng):
    rows, seen = [], set()
    first = int(datetime(1999, 1, 1, tzinfo=timezone.utc).timestamp())
    last = int(datetime(2036, 1, 1, tzinfo=timezone.utc).timestamp())
    while len(rows) < EXPRESSIONS:
        stars = dict(zip(KINDS, rng.choice([(0.1, 0.1, 0.5, 0.5, 0.5), (0.2, 0.5, 0.8, 0.8, 0.6), (0, 0, 0, 0, 0)])))
        minute, hour, day, month, weekday = (field(rng, kind, stars[kind]) for kind in KINDS)
        text = f"{minute} {hour} {day} {month} {weekday}"
        if text in seen or len(text) > 44:
            continue
        seen.add(text)
        try:
            schedule = crontab(minute, hour, weekday, day, month, app=app)
        except ValueError:
            continue
        after = rng.randrange(first, last)
        if rng.random() < 0.3:
            after -= after % rng.choice([60, 3600, 86400])
        moment = datetime.fromtimestamp(after, timezone.utc)
        if rng.random() < 0.2:  # the edge of a slot
            moment = follow(schedule, moment) - timedelta(seconds=rng.choice([0, 1]))
            after = int(moment.timestamp())
        found = []
        for _ in range(STEPS):
            moment = follow(schedule, moment)
            found.append(int(moment.timestamp()))
        rows.append([text, after, found])
    return rows


def main():
    document = {
        "celery": celery.__version__,
        "seed": SEED,
        "fields": field_rows(random.Random(SEED)),
        "slots": slot_rows(random.Random(SEED + 1)),
    }
    lines = []
    for key, value in document.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
            lines.append(f'"{key}":[\n{rows}\n]')
        else:
            lines.append(f'"{key}":{json.dumps(value)}')
    target = pathlib.Path(__file__).with_name("celery-crontab.json")
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
