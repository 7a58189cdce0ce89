"""The SELECTs of the facts that count in a year, which the method reads and whoever shows schools reads too."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from core.dataset.dictionary import quantities
from core.store.statements import statement

_SELECTS = Path(__file__).parent / "selects"


@lru_cache(maxsize=64)
def fact_select(name: str, schema: str) -> str:
    """One relation of facts over the store's tables in `schema`; its parameters are $county, $year and $as_of."""
    return statement(
        _SELECTS / f"{name}.sql",
        store=schema,
        stage_facts=quantities("enrolment"),
        school_facts=quantities("premises"),
    )


def open_schools(schema: str) -> str:
    """A SELECT of the register's rows of all schools open in $year of $county, each once, under the name by which the method
    tells it from others.
    """
    return f"""
    with scope_townships as ({fact_select("scope_townships", schema)}),
    listed as ({fact_select("schools", schema)})
    select s.* replace (l.name as name)
    from listed as l
    join {schema}.schools as s on s.batch_id = l.batch_id and s.school_id = l.school_id
    where l.state = 'open'
    """
