"""Whether the label of a run is stated, is what the assay takes, and can have such a specific activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.assay import Needs
from ..core.errors import Problems, PrusoffError
from ..counting.decay import decay_of
from .bench import label_of, radioligand
from .drafts import Draft

if TYPE_CHECKING:
    from .runfile import RunFile

_LABELS = {"radioligand": "ligand", "substrate": "substrate"}


def check_labels(runfile: RunFile, members: set[str], needs: Needs, problems: Problems) -> None:
    """Note a label that is missing, incomplete or not what the assay takes, and one with an impossible activity."""
    stated = {"radioligand": runfile.radioligand, "substrate": runfile.substrate}
    for name, part in stated.items():
        if part is not None and name != needs.label:
            taken = f"takes a [{needs.label}]" if needs.label else "takes no label"
            what = f"the run file has a [{name}], and '{runfile.run.assay}' {taken}"
            problems.add(what, runfile.file, "Rename or remove it, or name another assay", "E-LAYOUT")
            return
    for member in sorted(members):
        where = f"{runfile.file} > {f'panel > {member} > ' if member else ''}{needs.label or 'radioligand'}"
        label = label_of(runfile, member)
        if label is None or not label.name or not label.nuclide:
            if needs.label:
                fix = f"Add a table [{needs.label}] with name and nuclide"
                problems.add(f"the labelled {_LABELS[needs.label]} is not stated", where, fix, "E-MISSING")
        elif label.specific_activity is not None:
            try:
                decay_of(radioligand(label), None)
            except PrusoffError as error:
                problems.take(error, where)


def check_lot(runfile: RunFile, draft: Draft, needs: Needs, problems: Problems) -> None:
    """Note a lot of a label that there is not, and one with an impossible activity."""
    lot, where = draft.part.lot, f"{draft.where} > lot"
    if not lot.model_fields_set:
        return
    if not needs.label:
        problems.add("a lot is stated, and nothing is labelled", where, "Take it out", "E-LAYOUT")
    elif lot.specific_activity is not None:
        try:
            decay_of(radioligand(label_of(runfile, draft.member), lot), None)
        except PrusoffError as error:
            problems.take(error, where)
