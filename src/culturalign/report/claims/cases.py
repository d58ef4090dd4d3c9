"""What a claim is checked on: a run's tables, a model and an arm."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from culturalign.report.claims.cells import Absent, Tables, Untestable
from culturalign.report.claims.findings import Finding


class Case(NamedTuple):
    """A claim about a model.

    Attributes:
        tables: Name -> its csv.
        cultures: The claim's cultures, as in ``checking.Run``.
        model: M Class.
        scoring: ``plain`` or ``debiased``.
        arm: M Type the claim is about.
    """

    tables: Tables
    cultures: Mapping[str, Mapping[str, Any]]
    model: str
    scoring: str
    arm: str

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
        arm: M Type the claim is about; a claim about SFT is checked on the shuffled control too.
        scorings: How the answers are read; "-" where the claim is not about answers.
        rivals: Differences to what needs no associations, or no model: all must be shown, or the
            claim is not attributable. None, of a claim about SFT: the control must not pass.
    """

    find: Callable[[Case], Findings]
    arm: str = "-"
    scorings: Sequence[str] = ("-",)
    rivals: Callable[[Case], Findings] | None = None


def each_there(find: Callable[..., Finding], of: Mapping[str, Sequence[Any]]) -> Findings:
    """What is found with each name's arguments, if its rows are in the tables.

    A row whose difference has no interval, as where fewer than five cues differ, shows nothing.
    """
    found = {}
    for name, arguments in of.items():
        try:
            found[name] = find(*arguments)
        except Absent:
            continue
        except Untestable as reason:
            found[name] = Finding(0.0, None, None, False, f"not shown, {reason}", p=1.0)
    return found


def untested(case: Case, why: str) -> NoReturn:
    """No table of this version can show it."""
    raise Untestable(why)
