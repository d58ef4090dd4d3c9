"""What a claim is checked on: a run's tables, a model and an arm."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from culturalign.report.arm_tables import UNCOMPARED
from culturalign.report.claims.cells import Absent, Tables, Untestable, rows_of
from culturalign.report.claims.findings import Finding


class Case(NamedTuple):
    """A claim about a model.

    Attributes:
        tables: Name -> its csv.
        cultures: The claim's cultures, as in ``checking.Run``.
        model: M Class.
        scoring: ``plain`` or ``debiased``.
        arm: M Type the claim is about.
        controls: Method of each control of the run -> its M Type.
    """

    tables: Tables
    cultures: Mapping[str, Mapping[str, Any]]
    model: str
    scoring: str
    arm: str
    controls: Mapping[str, str] = MappingProxyType({})

    @property
    def culture(self) -> Mapping[str, Any]:
        """The claim's first culture."""
        return next(iter(self.cultures.values()))

    def at(self, place: str) -> "Case":
        """The same for one of the claim's cultures."""
        return self._replace(cultures={place: self.cultures[place]})

    def row(self, arm: str = "", **more: Any) -> dict[str, Any]:
        """Column -> value in the row of an arm of the model; by default the claim's arm."""
        return {"M Type": arm or self.arm, "M Class": self.model, **more}


Findings = dict[str, Finding]
"""Part of the claim ("" if it has only one) -> what was found; all parts must hold."""


class Check(NamedTuple):
    """How a claim is checked.

    Attributes:
        find: The check.
        arm: M Type the claim is about; a claim about SFT is checked on the controls too.
        scorings: How the answers are read; "-" where the claim is not about answers.
        rivals: Differences to what needs no associations, or no model: all must be shown, or the
            claim is not attributable. None: the claim says nothing that knowledge could earn.
    """

    find: Callable[[Case], Findings]
    arm: str = "-"
    scorings: Sequence[str] = ("-",)
    rivals: Callable[[Case], Findings] | None = None


def swapped(
    case: Case, table: str, column: str = "method", title: str = "M Type", **where: str
) -> list[str]:
    """The claim's method trained on other cultures, where a table has it.

    Args:
        case: The case.
        table: Whose rows are arms or their differences.
        column: Of methods: the arm's, or the subtracted one's.
        title: Column of the arm's name.
        where: What else the rows say.
    """
    of_model = {"M Class": case.model} | where
    own = rows_of(case.tables, table, of_model | {title: case.arm})["method"].unique()
    found = rows_of(case.tables, table, of_model)[column].unique(maintain_order=True)
    return [name for name in found.drop_nulls() if name.startswith(tuple(f"{x}@" for x in own))]


def against(
    case: Case,
    find: Callable[[str, Any], Finding],
    others: Iterable[str] = (),
    parts: Iterable[Any] = ("",),
) -> Findings:
    """What the claim's arm shows against what knows nothing.

    Every control of the run has to be beaten, and others where their rows are in the tables. What
    has no number to compare, such as a control that never ranked, is not beaten, nor is a
    difference without an interval; without a control nothing is attributable.

    Args:
        case: The case.
        find: Rival (a method) and part -> what was found.
        others: Further rivals.
        parts: Such as measures.
    """
    found = {} if case.controls else {"control": unshown("the run has none")}
    return found | beaten(find, [*case.controls, *others], parts, case.controls)


def beaten(
    find: Callable[[str, Any], Finding],
    rivals: Iterable[str],
    parts: Iterable[Any] = ("",),
    required: Container[str] = (),
) -> Findings:
    """What is found of each rival and part; a rival that the tables lack is left out, or, if it is
    required, not shown to be beaten."""
    found = {}
    for rival, part in product(rivals, parts):
        name = ", ".join(
            str(x) for x in (rival, *(part if isinstance(part, tuple) else [part])) if x
        )
        try:
            found[name] = find(rival, part)
        except Absent as reason:
            if rival in required:
                found[name] = unshown(f"{reason}: {UNCOMPARED}")
        except Untestable as reason:
            found[name] = unshown(str(reason))
    return found


def unshown(why: str) -> Finding:
    """A difference that is not shown."""
    return Finding(0.0, None, None, False, f"not shown, {why}", p=1.0)


def untested(case: Case, why: str) -> NoReturn:
    """No table of this version can show it."""
    raise Untestable(why)
