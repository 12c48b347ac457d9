"""The text of a workbook's cell, as near as possible to what the sheet shows, and without losing digits."""

from __future__ import annotations

import datetime as dt
import re

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<ignored>\[[^\]]*\]|_.|\*.)|(?P<noon>AM/PM|A/P)|'
    r"(?P<part>y+|m+|d+|h+|s+)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def shown(value: object, code: str = "") -> str:
    """A value as text: 10.0 is '10', 0.42 under the format '0%' is '42%', a date is written as its format says.

    >>> shown(10.0), shown(0.42, "0%"), shown(dt.date(2024, 3, 1), "mmm-d"), shown("00123")
    ('10', '42%', 'Mar-1', '00123')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float):
        if "%" in re.sub(r'"[^"]*"|\\.', "", code):
            return f"{value * 100:.15g}%"
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _dated(value, code.partition(";")[0]) if code else value.isoformat()
    return str(value)


def _dated(value: dt.datetime | dt.date | dt.time, code: str) -> str:
    day = value if isinstance(value, dt.date) else dt.date(1900, 1, 1)
    time = (
        value.time() if isinstance(value, dt.datetime) else value if isinstance(value, dt.time) else dt.time()
    )
    matches = list(_TOKEN.finditer(code))
    noon = any(match["noon"] for match in matches)
    parts = [match["part"].lower() if match["part"] else "" for match in matches]
    pieces = []
    for index, match in enumerate(matches):
        part = parts[index]
        if part.startswith("m") and len(part) < 3 and _is_minute(parts, index):
            pieces.append(f"{time.minute:0{len(part)}d}")
        elif part:
            pieces.append(_piece(part, day, time, noon))
        elif match["noon"]:
            pieces.append("AM" if time.hour < 12 else "PM")
        else:
            pieces.append(match["quoted"] or match["escaped"] or match["plain"] or "")
    return "".join(pieces)


def _is_minute(parts: list[str], index: int) -> bool:
    """Whether this 'm' stands for minutes: the part before it is hours, or the part after it seconds."""
    before = next((part for part in reversed(parts[:index]) if part), "")
    after = next((part for part in parts[index + 1 :] if part), "")
    return before.startswith("h") or after.startswith("s")


def _piece(part: str, day: dt.date, time: dt.time, noon: bool) -> str:
    letter, length = part[0], len(part)
    if letter == "y":
        return f"{day.year:04d}" if length > 2 else f"{day.year % 100:02d}"
    if letter == "m" and length > 2:
        return _MONTHS[day.month - 1][: {3: 3, 5: 1}.get(length, 99)]
    if letter == "d" and length > 2:
        return _DAYS[day.weekday()][: 3 if length == 3 else 99]
    hour = (time.hour - 1) % 12 + 1 if noon else time.hour
    number = {"m": day.month, "d": day.day, "h": hour, "s": time.second}[letter]
    return f"{number:0{min(length, 2)}d}"
