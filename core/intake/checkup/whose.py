"""Of which school a finding speaks: whoever works a list of findings down asks school by school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.dataset.cells import Value
from core.dataset.dictionary import sheets
from core.dataset.personal import masked
from core.dataset.rows import Tables
from core.errors import Problem


def with_schools(problems: Iterable[Problem], tables: Tables, counting: Tables | None) -> Iterator[Problem]:
    """The findings, each with the name of the school whose row it stands in.

    Beside a name that several schools bear stands the identifier; so does it alone where the register has no name.
    """
    names = {
        str(row["school_id"]): str(row["name"])
        for row in (*(counting or {}).get("schools", []), *tables["schools"])
        if row["name"] is not None
    }
    bearers = Counter(names.values())
    rows: dict[tuple[str, int], set[Value]] = defaultdict(set)
    for known in sheets():
        for row in tables[known.identifier]:
            rows[known.name, row.number].add(row["school_id"])
    for problem in problems:
        # Rows that come from elsewhere may share their number with another school's.
        here = rows.get((problem.sheet, problem.row or 0), set())
        school_id = problem.school or (next(iter(here)) if len(here) == 1 else None)
        if school_id is None:
            yield problem
            continue
        name = names.get(str(school_id))
        label = str(school_id) if name is None else name if bearers[name] == 1 else f"{name} {school_id}"
        # What was typed into the column may be no identifier at all.
        yield replace(problem, school=masked(label))
