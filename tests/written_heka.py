"""Writes simulated recordings as HEKA bundle files: the records of the published format, with what a reader needs."""

import struct

import numpy as np

PULSED = (640, 144, 1408, 288, 512)
STIMULI = (584, 248, 400, 80)
SINCE_1990 = 1_142_329_620.0  # 2026-03-14 09:47 as seconds since 1990


def bundle(series, order="<", group="cell 1"):
    """The bytes of a file: `series` are dictionaries with `label`, `sweeps` (lists of arrays of whole numbers, one for
    each trace), `traces` (label, unit, scale), `interval`, `every_s` and `segments` of the stimulus, each with the keys
    of `segment`.
    """
    data, records = bytearray(), []
    for number, one in enumerate(series):
        sweeps = []
        for place, sweep in enumerate(one["sweeps"]):
            traces = []
            for values, (label, unit, scale) in zip(sweep, one["traces"], strict=True):
                values = np.asarray(values)
                stored = values.astype(order + {"i": "i2", "f": "f4"}[values.dtype.kind])
                traces.append(
                    (trace(order, label, unit, scale, one["interval"], 256 + len(data), stored), ())
                )
                data += stored.tobytes()
            began = SINCE_1990 + 600 * number + one.get("every_s", 5.0) * place
            sweeps.append((sweep_record(order, number, place, began), traces))
        records.append((series_record(order, one["label"], SINCE_1990 + 600 * number), sweeps))
    pulsed = (bytes(PULSED[0]), [(packed(PULSED[1], order, (4, "32s", group.encode())), records)])
    stimuli = (bytes(STIMULI[0]), [stimulus(order, one) for one in series])
    parts = {".dat": bytes(data), ".pul": tree(order, PULSED, pulsed), ".pgf": tree(order, STIMULI, stimuli)}
    return header(order, parts) + b"".join(parts.values())


def header(order, parts):
    head = bytearray(256)
    struct.pack_into(
        order + "8s32sdi?", head, 0, b"DAT2", b"v2x90.2, simulated", SINCE_1990, len(parts), order == "<"
    )
    at = 256
    for item, (name, data) in enumerate(parts.items()):
        struct.pack_into(order + "ii8s", head, 64 + 16 * item, at, len(data), name.encode())
        at += len(data)
    return bytes(head)


def tree(order, sizes, root):
    mark = b"eerT" if order == "<" else b"Tree"
    return mark + struct.pack(order + f"{1 + len(sizes)}i", len(sizes), *sizes) + node(order, root)


def node(order, record):
    own, within = record
    return own + struct.pack(order + "i", len(within)) + b"".join(node(order, one) for one in within)


def packed(size, order, *fields):
    record = bytearray(size)
    for offset, form, value in fields:
        struct.pack_into(order + form, record, offset, value)
    return bytes(record)


def series_record(order, label, began):
    return packed(PULSED[2], order, (4, "32s", label.encode()), (136, "d", began))


def sweep_record(order, number, place, began):
    return packed(PULSED[3], order, (40, "i", number + 1), (44, "i", place + 1), (48, "d", began))


def trace(order, label, unit, scale, interval, first, stored):
    return packed(
        PULSED[4],
        order,
        (4, "32s", label.encode()),
        (40, "i", first),
        (44, "i", stored.size),
        (70, "B", {"i": 0, "f": 2}[stored.dtype.kind]),
        (72, "d", scale),
        (96, "8s", unit.encode()),
        (104, "d", interval),
        (120, "8s", b"s"),
        (152, "d", 2.1e6),
        (168, "d", 1.4e9),
        (176, "d", 24e-12),
        (184, "d", 1 / 8.5e6),
    )


def stimulus(order, one):
    mode, unit = one.get("clamp", (1, "V"))
    own = packed(
        STIMULI[1],
        order,
        (4, "32s", one["label"].encode()),
        (112, "d", one["interval"]),
        (120, "d", 1.0),
        (144, "i", len(one["sweeps"])),
    )
    channel = packed(
        STIMULI[2],
        order,
        (25, "B", mode),
        (40, "8s", unit.encode()),
        (48, "d", one.get("holding", -0.12)),
        (76, "H", one.get("flags", 1)),
    )
    return own, [(channel, [(segment(order, **told), ()) for told in one["segments"]])]


def segment(order, value=0.0, duration=0.01, kind=0, stored=1, step=0.0, longer=0.0, mode=0, source=0):
    return packed(
        STIMULI[3],
        order,
        (4, "B", kind),
        (5, "B", stored),
        (6, "B", mode),
        (8, "d", value),
        (16, "i", source),
        (20, "d", 1.0),
        (28, "d", step),
        (36, "d", duration),
        (48, "d", 1.0),
        (56, "d", longer),
    )
