"""The matrix of rights as an official can read it (tests/cases/rights.csv), and a person for each role."""

from __future__ import annotations

import csv
from pathlib import Path

from core.access import ROLES, Role
from core.people.people import PersonDraft

MATRIX = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "rights.csv").open(encoding="utf-8")))
OWN_UNIT, OTHER_UNIT = "education", "finance"
OWN_TOWNSHIP, OTHER_TOWNSHIP = "350526100", "350526101"
OWN_SCHOOL, OTHER_SCHOOL = "350526-0001", "350526-0002"


def someone(role: Role, account: str = "") -> PersonDraft:
    """A person who has one role, for the education bureau, one township and one school."""
    return PersonDraft(
        person_id=account or role,
        name=f"测试{ROLES.index(role)}",
        roles=(role,),
        units=(OWN_UNIT,),
        townships=(OWN_TOWNSHIP,),
        schools=(OWN_SCHOOL,),
    )


def may(role: Role, action: str, place: str = "") -> bool:
    """What the matrix says."""
    [line] = [line for line in MATRIX if (line["action"], line["place"]) == (action, place)]
    return line[role] == "yes"
