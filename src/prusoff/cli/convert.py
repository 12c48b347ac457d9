"""`prusoff convert`: the radioligand calculator."""

from __future__ import annotations

from typing import Annotated

import typer

from ._output import print_json, print_lines


def command(
    value: Annotated[float, typer.Argument(help="The number, such as 36250.")],
    unit: Annotated[str, typer.Argument(help="Its unit, such as dpm.")],
    to: Annotated[str, typer.Option("--to", help="The unit asked for, such as fmol.")],
    mw: Annotated[str, typer.Option(help="Molar mass between moles and mass, such as '255.36 g/mol'.")] = "",
    specific_activity: Annotated[
        str, typer.Option(help="Specific activity between activity and moles, such as '82.0 Ci/mmol'.")
    ] = "",
    efficiency: Annotated[
        str, typer.Option(help="Counting efficiency between cpm and dpm, such as '42 %'.")
    ] = "",
    volume: Annotated[
        str, typer.Option(help="Volume between amount and concentration, such as '200 uL'.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Convert a value of the radioligand laboratory into another unit."""
    from ..workbench.conversion import convert

    given = {
        "molar mass": mw,
        "specific activity": specific_activity,
        "efficiency": efficiency,
        "volume": volume,
    }
    stated = {name: text for name, text in given.items() if text}
    answer = convert(value, unit, to, stated)
    if json:
        print_json({"value": answer, "unit": to, "from": {"value": value, "unit": unit}, "given": stated})
    else:
        print_lines([f"{answer:.6g} {to}"])
