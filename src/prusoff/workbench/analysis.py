"""Open a run file, analyse it, and hold the result with its figures and its report."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import FileError, InputError, Problem, UnknownName
from ..core.estimate import Estimate
from ..core.experiment import Constant, Experiment
from ..core.figure import FigureSpec
from ..core.provenance import InputFile, digest, trace
from ..core.report import Document
from ..core.result import AssayResult, Pooled
from .bench import label_of
from .runfile import RunFile, constant_of, load_runfile

if TYPE_CHECKING:
    from ..core.assay import Assay
    from ..core.reader import RawData
    from .run_tables import ConstantPart


@dataclass(frozen=True)
class Run:
    """A run that was found: what is to be analysed, not yet analysed.

    `analyse()` reads the data, runs the assay and returns an Analysis. Several runs opened together analyse a run that
    others take their Kd from only once, and a run file with a fault stops none of the others.
    """

    path: Path
    _done: dict[Path, Analysis] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def runfile(self) -> RunFile:
        """What the run file says; read, with all that is wrong with it raised, when it is first asked for."""
        return load_runfile(self.path)

    @property
    def name(self) -> str:
        """The name of the run file without its extension."""
        return self.path.stem

    @property
    def folder(self) -> Path:
        """Where the run file and its data lie."""
        return self.path.parent

    def experiments(self) -> tuple[Experiment, ...]:
        """The experiments of the run file with their wells, before anything is computed."""
        from .experiments import experiments_of

        return experiments_of(self.runfile, self.folder, _read, self._assay.needs)

    def analyse(self) -> Analysis:
        """From the files of this run to its result."""
        return self._analyse(())

    def _analyse(self, behind: tuple[Path, ...]) -> Analysis:
        key = self.path.resolve()
        if key not in self._done:
            self._done[key] = self._fresh((*behind, key))
        return self._done[key]

    def _fresh(self, behind: tuple[Path, ...]) -> Analysis:
        from .measurement_methods import measurement_steps
        from .settings import settings_of

        assay = self._assay
        settings = settings_of(assay, self.runfile.settings, self.runfile.file)
        sources: dict[Path, Analysis] = {}
        constants = self._constants(sources, behind)
        experiments = tuple(
            replace(
                one,
                radioligand=replace(
                    one.radioligand, kd=constants[one.member][0], km=constants[one.member][1]
                ),
            )
            for one in self.experiments()
        )
        result = assay.run(experiments, settings)
        of_files = (f"{one.name}: {note}" for one in experiments for note in one.notes)
        notes = (
            *(["These are simulated data."] if self.runfile.run.simulated else []),
            *result.notes,
            *of_files,
        )
        behind_it = (file for source in sources.values() for file in source.result.provenance.inputs)
        inputs = (*self._inputs(), *dict.fromkeys(behind_it))
        named = {"assay": assay.name, **self.runfile.settings}
        steps = (*measurement_steps(self.runfile), *result.steps)
        traced = replace(result, title=self.runfile.run.title, notes=notes, steps=steps).traced(
            trace(inputs, named, self.runfile.run.seed)
        )
        return Analysis(traced)

    @cached_property
    def _assay(self) -> Assay:
        from ..assays import catalog

        return catalog[self.runfile.run.assay]

    def _constants(
        self, sources: dict[Path, Analysis], behind: tuple[Path, ...]
    ) -> dict[str, tuple[Constant | None, Constant | None]]:
        """Kd and Km of the label, by member of the panel; runs that they come from are added to `sources`."""
        found: dict[str, tuple[Constant | None, Constant | None]] = {}
        for member in ("", *self.runfile.panel):
            label = label_of(self.runfile, member)
            where = f"{self.runfile.file} > {f'panel > {member} > ' if member else ''}radioligand"
            at = (where, behind)
            found[member] = (
                (None, None)
                if label is None
                else (
                    self._constant("kd", label.kd, at, sources),
                    self._constant("km", label.km, at, sources),
                )
            )
        return found

    def _constant(
        self,
        name: str,
        part: ConstantPart | None,
        at: tuple[str, tuple[Path, ...]],
        sources: dict[Path, Analysis],
    ) -> Constant | None:
        if part is None or part.from_ is None:
            return constant_of(part)
        where, behind = at
        return self._from_run(part.from_, name, (f"{where} > {name} > from", behind), sources)

    def _from_run(
        self, file: str, name: str, at: tuple[str, tuple[Path, ...]], sources: dict[Path, Analysis]
    ) -> Constant:
        """The constant that another run measured; that run is analysed first."""
        path, (where, behind) = self.folder / file, at
        if path.resolve() in behind:
            what = f"'{file}' takes its {name.capitalize()} from this run, which takes it from there"
            raise InputError(Problem(what, where, "Let one of them state a value", "E-CIRCLE"))
        if not path.is_file():
            raise FileError(Problem(f"there is no run file '{file}'", where, "Check the name", "E-FILE"))
        source = sources[path] = Run(path, self._done)._analyse(behind)
        return source.constant(name.capitalize(), where)

    def _inputs(self) -> Iterator[InputFile]:
        for path in (self.path, *(self.folder / name for name in self.runfile.files)):
            data = path.read_bytes()
            yield InputFile(path.name, digest(data), len(data))


def _read(path: Path, reader: str | None) -> RawData:
    from ..readers._choose import read_file

    return read_file(path, reader)


@dataclass(frozen=True)
class Analysis:
    """The result of a run with its figures and its report; `save` writes them all."""

    result: AssayResult

    @property
    def estimates(self) -> tuple[tuple[str, str, Estimate], ...]:
        """All estimates as (compound, experiment, estimate); those over all days have the experiment ''."""
        return self.result.estimates

    @cached_property
    def figures(self) -> tuple[FigureSpec, ...]:
        """All figures of this assay, as data."""
        from ..assays import catalog

        assay = catalog[self.result.assay]
        kinds = (*assay.occasional, *assay.figures)
        return tuple(spec for kind in kinds for spec in kind.build(self.result))

    def figure(self, name: str) -> FigureSpec:
        """One figure by name, as data; `prusoff.drawing` draws it."""
        for spec in self.figures:
            if spec.name == name:
                return spec
        raise UnknownName.among(name, (spec.name for spec in self.figures), "figure")

    @cached_property
    def document(self) -> Document:
        """The report, as data."""
        from ..assays import catalog as assays
        from ..reports import catalog

        return catalog[assays[self.result.assay].report].build(self.result, self.figures)

    def constant(self, name: str, asked_at: str = "") -> Constant:
        """A constant that was measured here, to be used elsewhere with its error and this run as its source.

        Raises InputError, placed `asked_at`, where this run gave no value for it, or only a bound.
        """
        measured = [one for one in self.result.pooled if one.estimate.name == name]
        if len(measured) > 1:
            told = ", ".join(one.subject for one in measured)
            what = f"'{self.result.title}' gives {len(measured)} values of {name} ({told})"
            raise InputError(Problem(what, asked_at, "Keep a run file for each target", "E-CONSTANT"))
        pooled = next(iter(measured), None)
        if pooled is None or pooled.estimate.is_bound:
            told = " ".join(dict.fromkeys(one.reason for one in self.result.series if one.reason))
            what = f"'{self.result.title}' gives no value of {name}{f': {told}' if told else ''}"
            raise InputError(Problem(what, asked_at, f"Repeat that run, or state {name}", "E-CONSTANT"))
        found, where = pooled.estimate, self.result.experiments[0].conditions
        return Constant(
            found.value,
            found.value * math.log(10) * found.log10_se if math.isnan(found.se) else found.se,
            found.unit,
            f"{self.result.title} (n = {pooled.n})",
            found.log10_se,
            where.temperature_c,
            where.species,
            where.system,
            self._freedom(pooled),
        )

    def _freedom(self, pooled: Pooled) -> float:
        """Degrees of freedom behind a pooled constant: of the days, or of the fit where there is one day."""
        if pooled.n > 1:
            return pooled.n - 1.0
        fits = (one.fit for one in self.result.series if one.experiment in pooled.experiments)
        return next((float(fit.df) for fit in fits if fit is not None), math.inf)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values: what stands in results.json."""
        from ..publishing.json import to_plain

        return dict(to_plain(self.result))

    def for_terminal(self, files: Iterable[str] = ()) -> Any:
        """The answers, the checks that matter and the files written, for a terminal."""
        from ..publishing.terminal import to_terminal

        return to_terminal(self.result, files)

    def save(self, folder: str | Path) -> tuple[Path, ...]:
        """Write report, figures and results into a folder; see `prusoff.workbench.saving`."""
        from .saving import save

        return save(self.result, self.figures, self.document, Path(folder))


def open(path: str | Path) -> Run:
    """Open one run file (TOML), or the only one in a folder."""
    runs = open_all(path)
    if len(runs) > 1:
        names = ", ".join(run.path.name for run in runs)
        raise InputError(Problem(f"there are {len(runs)} run files: {names}", str(path), "Name one of them"))
    (run,) = runs
    load_runfile(run.path)  # so that a fault of the file is told here, not later
    return run


def open_all(path: str | Path) -> tuple[Run, ...]:
    """Find a run file, or all run files of a folder in the order of their names."""
    place = Path(path)
    if not place.exists():
        raise FileError(Problem("there is no such file or folder", str(place), "Check the name", "E-FILE"))
    files = sorted(file for file in place.glob("*.toml") if _is_run(file)) if place.is_dir() else [place]
    if not files:
        fix = "A run file is a TOML file with a [run] table"
        raise FileError(Problem("there is no run file in this folder", str(place), fix, "E-FILE"))
    done: dict[Path, Analysis] = {}
    return tuple(Run(file, done) for file in files)


def _is_run(path: Path) -> bool:
    """Whether a TOML file has a [run] table; one that cannot be read counts, so that its fault is told."""
    try:
        if not path.is_file():
            return False  # a pipe called x.toml would be waited for
        return "run" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError):
        return True
