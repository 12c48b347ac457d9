"""Writes the sample files beside this script; every number in them is simulated. Run it to make them anew."""

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import xlsxwriter

HERE = Path(__file__).parent
LETTERS = "ABCDEFGHIJKLMNOP"


def counts(seed, rows=8, columns=12):
    """A competition experiment as a counter sees it: column 1 total, column 12 nonspecific, inhibition between."""
    random = np.random.default_rng(seed)
    bound = np.tile(100 + 2400 / (1 + 10 ** (np.linspace(-3, 3, columns))), (rows, 1))
    return random.poisson(bound).astype(int)


def microbeta_head(protocol="SIMULATED_3H"):
    return [
        "C:\\mbw\\results\\simulated_001.txt",
        "RUN INFORMATION:",
        "================",
        "Counting protocol no:  7                                  Thu 12-Mar-2026  9:47",
        f"Name: {protocol}",
        "CPM normalization protocol no:  3",
        "",
        "",
    ]


def microbeta_list(plates, overflow=()):
    lines = ["COLUMNS:", "========", " \tSAMPLE\tPOS\tCCPM1\tCCPM1%\t"]
    sample = 0
    for number, plate in enumerate(plates):
        for row, values in enumerate(plate):
            for column, value in enumerate(values):
                sample += 1
                well = f"{LETTERS[row]}{column + 1:02d}"
                text = "OVRFLW" if (number, well) in overflow else value
                lines.append(f" \tUnk_{sample}\t{well}\t{text}\t{200 / max(value, 1) ** 0.5:.1f}\t")
    return [*lines, ""]


def microbeta_plates(plates, overflow=()):
    lines = ["PLATES:", "======="]
    for number, plate in enumerate(plates):
        rows, columns = plate.shape
        shape = f"Cassette no: {number + 1:3d}/Shelf:{number + 1:2d}/{rows}*{columns}"
        lines += [f"Plate {number + 1}", "Cassette information:", f"Assay:-/Prot:-/Cass:-/Func:-/{shape}"]
        lines += ["", "", "CCPM1", "", " \t" + "".join(f"{n + 1}\t" for n in range(columns))]
        for row, values in enumerate(plate):
            cells = [
                "OVRFLW" if (number, f"{LETTERS[row]}{column + 1:02d}") in overflow else str(value)
                for column, value in enumerate(values)
            ]
            lines.append(f"{LETTERS[row]}\t" + "".join(f"{cell}\t" for cell in cells))
        lines += ["", f"End of plate {number + 1}"]
    return lines


def write(name, lines, encoding="utf-8", end="\n"):
    (HERE / name).write_bytes((end.join(lines) + end).encode(encoding))


def grid(plate, delimiter, comma=False):
    columns = plate.shape[1]
    yield delimiter.join(["", *(str(n + 1) for n in range(columns))])
    for row, values in enumerate(plate):
        yield delimiter.join(
            [LETTERS[row], *(str(value).replace(".", ",") if comma else str(value) for value in values)]
        )


def text_samples():
    a, b = counts(1), counts(2)
    total = [f"Total count rate:  {a.sum() + b.sum() + 0.3:.1f} CCPM", "END"]
    write(
        "microbeta__both_parts.txt",
        [*microbeta_head(), *microbeta_list([a, b]), *microbeta_plates([a, b]), *total],
    )
    write("microbeta__list_alone.txt", [*microbeta_head(), *microbeta_list([a])], end="\r\n")
    over = {(0, "B07")}
    lines = [*microbeta_head(), *microbeta_list([a], over), *microbeta_plates([a], over)]
    lines.insert(6, "*** DETECTORS NOT NORMALIZED")
    write("microbeta__overflow.txt", [*lines, "END"])
    write("microbeta__24_wells.txt", [*microbeta_head(), *microbeta_plates([counts(3, 4, 6)])])
    cells = [line.split(",") for line in grid(counts(4), ",")]
    cells[2][7], cells[3][1], cells[8][12] = "OVRFLW", "", "<50"
    lines = ["Instrument,simulated", "Plate 1 (cpm)", "", *(",".join(row) for row in cells), ""]
    write("plate_grid__two_plates.csv", [*lines, "Plate 2 (cpm)", *grid(counts(5), ",")])
    noisy = np.round(counts(6, 16, 24) + 0.25, 2)
    write("plate_grid__384_decimal_comma.txt", ["Unit\tCPM", "", *grid(noisy, "\t", True)], "utf-16", "\r\n")
    odd = [
        "00123",
        "1E5",
        "=cmd()",
        "<b>x</b>",
        "NA",
        "nan",
        "Mar-1",
        "007",
        "+1",
        "@sum",
        "1e309",
        '"say ""x"""',
    ]
    rows = [f"{name},{10.0 * n:g} nM,{2000 - 37 * n}" for n, name in enumerate(odd)]
    write("delimited__names_that_look_like_something_else.csv", ["compound,concentration,cpm", *rows])
    rows = [f"nisoxetine;{n},5 nM;{2000 - 37 * n},{n}" for n in range(1, 9)]
    write("delimited__semicolon.csv", ["sep=;", "Verbindung;Konzentration;cpm", *rows], "utf-8-sig", "\r\n")
    rows = [f"réboxétine\t{n} µM\t{1500 - 50 * n}" for n in range(1, 7)]
    head = ["Assay: simulated", "Operator\tnobody", "", "compound\tconcentration\tcpm"]
    write("delimited__windows_1252.tsv", [*head, *rows], "cp1252", "\r")
    write("wizard__tubes.csv", list(wizard()))


def wizard():
    random = np.random.default_rng(7)
    yield (
        "Protocol ID,Protocol name,Measurement date & time,Completion status,Run ID,Rack,Det,Pos,Time,Sample code,"
        "I-125 Counts,I-125 CPM,I-125 Error %,I-125 Info"
    )
    for tube in range(20):
        number = int(random.poisson(25000 if tube != 11 else 90))
        when = dt.datetime(2026, 3, 12, 9, 0) + dt.timedelta(minutes=5 * (tube // 5))
        rate, flag = number / 5 - 20, "I" if tube == 11 else ""
        place = f"{tube // 10 + 1},{tube % 5 + 1},{tube % 10 + 1}"
        error = 100 / max(rate, 1.0) ** 0.5
        tube = f"{when:%Y-%m-%d %H:%M:%S},0,1234,{place},300.02,,{number},{rate:.2f},{error:.2f},{flag}"
        yield f"65,SIMULATED 5 min,{tube}"


def workbook(name):
    book = xlsxwriter.Workbook(HERE / name)
    book.set_properties({"created": dt.datetime(2026, 3, 12)})
    return book


def workbook_samples():
    book = workbook("plate_grid__counts_and_layout.xlsx")
    sheet = book.add_worksheet("Counts")
    sheet.merge_range("A1:M1", "Plate 1 (CCPM)")
    for column in range(12):
        sheet.write(1, column + 1, column + 1)
    for row, values in enumerate(counts(8)):
        sheet.write(row + 2, 0, LETTERS[row])
        for column, value in enumerate(values):
            sheet.write(row + 2, column + 1, int(value))
    sheet.write(3, 7, "OVRFLW")
    layout = book.add_worksheet("Layout")
    table = [("well", "compound", "concentration")]
    table += [(f"{letter}{n}", "nisoxetine", f"{10**n:g} nM") for letter in "AB" for n in range(1, 5)]
    for row, values in enumerate(table):
        layout.write_row(row, 0, values)
    book.add_worksheet("Scratch").hide()
    book.close()
    book = workbook("workbook_table__doses_and_dates.xlsx")
    sheet = book.add_worksheet("Doses")
    day, share = book.add_format({"num_format": "mmm-d"}), book.add_format({"num_format": "0.0%"})
    sheet.write_row(0, 0, ["compound", "day", "inhibition", "cpm"])
    for row in range(1, 7):
        sheet.write_string(row, 0, "00123" if row % 2 else "1E5")
        sheet.write_datetime(row, 1, dt.datetime(2026, 3, row), day)
        sheet.write_number(row, 2, 0.125 * row, share)
        sheet.write_number(row, 3, 2500.5 - 300 * row)
    words = book.add_worksheet("Read me")
    words.write(0, 0, "All numbers here are simulated.")
    book.close()


def currents(seed, steps, channels=1):
    """Currents that decay after a step, in counts of 0.05 pA, with noise: one sweep for each step."""
    random = np.random.default_rng(seed)
    time = np.arange(400) / 10_000
    on = (time >= 0.01) & (time < 0.03)
    for step in steps:
        shape = np.where(on, step * (1 - np.exp(-(time - 0.01) / 0.001)) * np.exp(-(time - 0.01) / 0.004), 0)
        clean = np.stack([shape, np.where(on, -400.0, -2400.0)][:channels])
        yield (clean + random.normal(0, 20, (channels, len(time)))).clip(-32768, 32767).astype(np.int16)


def axon_samples():
    sys.path.insert(0, str(HERE.parents[1]))
    from written_abf import abf2

    both = (("I_MTest 0", "pA"), ("10Vm 0", "mV"))
    table = ((1, -120.0, 0.0, 94, 0), (1, -60.0, 10.0, 200, 0), (2, -120.0, 0.0, 50, 0))
    sweeps = list(currents(3, (-8000, -6000, -3000), channels=2))
    told = {
        "rate": 10_000.0,
        "command": ("mV", -120.0, table),
        "tags": ((6.5, "atomoxetine 10 µM"), (11.0, "wash")),
    }
    (HERE / "axon_abf__two_channels.abf").write_bytes(abf2(sweeps, both, **told))
    numbers = [np.float32(sweep) * np.float32(0.05) for sweep in currents(4, (-8000, -4000))]
    numbers[1][0, 100] = np.nan
    (HERE / "axon_abf__not_a_number.abf").write_bytes(abf2(numbers, rate=10_000.0))
    clipped = list(currents(5, (-90_000, -9000)))
    (HERE / "axon_abf__clipped.abf").write_bytes(abf2(clipped, rate=10_000.0))


def heka_samples():
    """Two series of one cell: steps that rise from sweep to sweep, and one sweep."""
    sys.path.insert(0, str(HERE.parents[1]))
    from written_heka import bundle

    held, step = {"source": 1, "duration": 0.01}, {"value": -0.06, "step": 0.02, "duration": 0.02}
    series = [
        {
            "label": label,
            "sweeps": [list(sweep) for sweep in currents(7, peaks)],
            "traces": [("Imon-1", "A", 5e-14)],
            "interval": 1e-4,
            "segments": [held, step, held],
        }
        for label, peaks in (("activation", (-2000, -6000, -8000)), ("test pulse", (-8000,)))
    ]
    (HERE / "heka__two_series.dat").write_bytes(bundle(series))


def nwb_samples():
    """The Axon sample with two channels, written as NWB."""
    from prusoff.readers._choose import read_file
    from prusoff.workbench.written_recording import write_recording

    (recording,) = read_file(HERE / "axon_abf__two_channels.abf").recordings
    write_recording(recording, HERE / "nwb__two_channels.nwb")


def trace_samples():
    """The same as a table, and a recording of one sweep with decimal commas."""
    from prusoff.readers._choose import read_file
    from prusoff.workbench.trace_export import save_traces

    save_traces(
        read_file(HERE / "axon_abf__two_channels.abf").recordings, HERE / "trace_table__two_channels.csv"
    )
    (sweep,) = currents(6, (-8000,), channels=2)
    lines = ["Zeit (ms)\tIm (pA)\tVm (mV)"]
    for row, (current, potential) in enumerate(sweep.T):
        lines.append(f"{row * 0.1:.1f}\t{current * 0.05:.2f}\t{potential * 0.05:.2f}".replace(".", ","))
    write("trace_table__decimal_commas.tsv", lines)


if __name__ == "__main__":
    text_samples()
    workbook_samples()
    axon_samples()
    heka_samples()
    nwb_samples()
    trace_samples()
