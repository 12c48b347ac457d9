"""Writes simulated recordings as files of the second Axon version: only what a reader needs, every byte chosen here."""

import struct

import numpy as np

BLOCK = 512
SECTIONS = {
    "protocol": 76,
    "adc": 92,
    "dac": 108,
    "waveform": 156,
    "texts": 220,
    "data": 236,
    "tags": 252,
    "synch": 316,
}


def abf2(
    sweeps,
    channels=(("IN 0", "pA"),),
    rate=20_000.0,
    gain=0.05,
    command=("mV", -120.0, ()),
    tags=(),
    protocol="C:\\simulated\\steps.pro",
    every_s=5.0,
    mode=5,
):
    """The bytes of a file: `sweeps` are arrays (channel, sample) of whole numbers, or of float32 for a file of numbers.

    `command` is the unit, the holding level and epochs (kind, level, level step, duration, duration step); `tags` are
    times in s and texts.
    """
    numbers = np.asarray(sweeps[0]).dtype.kind == "f"
    kind = np.dtype("<f4" if numbers else "<i2")
    synch_us = 1e6 / rate / len(channels)
    texts = ["Simulated", protocol, *(part for channel in channels for part in channel), "Cmd 0", command[0]]
    adc = b"".join(_adc(place, gain) for place in range(len(channels)))
    data = b"".join(np.ascontiguousarray(np.asarray(sweep).T.astype(kind)).tobytes() for sweep in sweeps)
    synch = b"".join(
        struct.pack("<ii", round(number * every_s * 1e6 / synch_us), np.size(sweep))
        for number, sweep in enumerate(sweeps)
    )
    parts = {
        "protocol": (512, 1, _protocol(rate, synch_us, every_s, mode)),
        "adc": (128, len(channels), adc),
        "dac": (256, 1, _dac(command[1], bool(command[2]), 3 + 2 * len(channels))),
        "waveform": (48, len(command[2]), b"".join(_epoch(n, epoch) for n, epoch in enumerate(command[2]))),
        "texts": (0, 1, _texts(texts)),
        "data": (kind.itemsize, len(data) // kind.itemsize, data),
        "tags": (64, len(tags), b"".join(_tag(time, text, synch_us) for time, text in tags)),
        "synch": (8, len(sweeps), synch),
    }
    return _assembled(parts, len(sweeps), numbers)


def _assembled(parts, episodes, numbers):
    head = bytearray(BLOCK)
    struct.pack_into("<4s4BIIIII", head, 0, b"ABF2", 0, 0, 6, 2, BLOCK, episodes, 20260312, 34_200_250, 0)
    struct.pack_into("<HH", head, 28, 1, int(numbers))
    struct.pack_into("<III", head, 60, 1, 0, 0)
    struct.pack_into("<I", head, 72, 2)
    body, block = [], 1
    for name, (width, count, data) in parts.items():
        if not count:
            continue
        struct.pack_into("<IIq", head, SECTIONS[name], block, width or len(data), count)
        padded = data + bytes(-len(data) % BLOCK)
        body.append(padded)
        block += len(padded) // BLOCK
    return bytes(head) + b"".join(body)


def _protocol(rate, synch_us, every_s, mode):
    section = bytearray(512)
    struct.pack_into("<hf", section, 0, mode, 1e6 / rate)
    struct.pack_into("<f", section, 14, synch_us)
    struct.pack_into("<f", section, 62, every_s)
    struct.pack_into("<ffii", section, 110, 10.0, 10.0, 32768, 32768)
    return bytes(section)


def _adc(place, gain):
    section = bytearray(128)
    struct.pack_into("<h", section, 0, place)
    struct.pack_into("<f", section, 28, 1.0)
    struct.pack_into("<ffff", section, 40, 10.0 / 32768 / gain, 0.0, 1.0, 0.0)
    struct.pack_into("<ii", section, 74, 3 + 2 * place, 4 + 2 * place)
    return bytes(section)


def _dac(holding, enabled, name):
    section = bytearray(256)
    struct.pack_into("<f", section, 12, holding)
    struct.pack_into("<ii", section, 24, name, name + 1)
    struct.pack_into("<hhh", section, 40, int(enabled), 1, 0)
    return bytes(section)


def _epoch(number, epoch):
    kind, level, level_step, duration, duration_step = epoch
    return struct.pack("<hhhffii", number, 0, kind, level, level_step, duration, duration_step).ljust(
        48, b"\0"
    )


def _tag(time, text, synch_us):
    return struct.pack("<i56shh", round(time * 1e6 / synch_us), text.encode().ljust(56), 1, 0)


def _texts(texts):
    packed = b"\0".join(text.encode("cp1252") for text in texts) + b"\0"
    return struct.pack("<4s5I20x", b"SSCH", 1, len(texts), max(map(len, texts)), len(packed), 0) + packed
