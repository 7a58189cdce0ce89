"""The work in pandas 3, as an analyst would write it well: merges, vectorised arithmetic, grouped sums."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmarks.peers.work import Answers, Rules

KEY = ["county_code", "school_id", "stage"]
SCHOOL = ["county_code", "school_id"]


def evaluate(facts: Mapping[str, pd.DataFrame], rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Row verdicts, coefficients in columns by county and stage, class counts by county."""
    schools, enrolment = facts["schools"], facts["enrolment"]
    listed = schools[[*SCHOOL, "kind"]].merge(pd.DataFrame(rules.listed, columns=["kind", "stage"]), on="kind")[KEY]
    rows = listed.merge(enrolment.assign(reported=True), on=KEY, how="outer")
    rows["reported"] = rows["reported"].notna()
    rows = rows.merge(schools[[*SCHOOL, "kind", "state"]], on=SCHOOL).merge(facts["premises"], on=SCHOOL, how="left")
    for name, added, subtracted in rules.derived:
        rows[name] = rows[list(added)].sum(axis=1, skipna=False)
        if subtracted:
            rows[name] -= rows[list(subtracted)].sum(axis=1, skipna=False)
    closed = rows["state"] == "closed"
    named = rows["kind"].map(rules.excluded)
    uncounted = named.notna() & ~named.fillna(value=True).astype(bool)
    excluded = uncounted | (named.notna() & (~rows["reported"] | (rows["pupils"] == 0)))
    small = (rows["kind"] == "teaching_point") & (rows["pupils"] < rules.teaching_point_pupils)
    rows["out"] = closed | excluded | (rows["pupils"] == 0) | small

    senior, lower = rows["stage"] == "senior", rows["stage"].isin(["primary", "preschool"])
    grouped = rows.assign(senior=senior, lower=lower).groupby(SCHOOL, sort=False)
    held = grouped.agg(stages=("stage", "size"), senior=("senior", "max"), lower=("lower", "max"))
    held["mix"] = np.select(
        [held["stages"] == 1, ~held["senior"], ~held["lower"]],
        ["single", "nine_year", "combined_secondary"],
        "twelve_year",
    )
    rows = rows.merge(held[["mix"]], left_on=SCHOOL, right_index=True)
    weights = pd.Series(rules.weights)
    rows["weight"] = weights.reindex(pd.MultiIndex.from_frame(rows[["mix", "stage"]])).to_numpy()
    of_school = [rows["county_code"], rows["school_id"]]
    whole = (rows["weight"] * rows["pupils"]).groupby(of_school, sort=False).transform("sum")
    rows["weighted_pupils"] = whole.mask(rows["pupils"].isna().groupby(of_school, sort=False).transform("max"))
    judged = rows[~rows["out"] & rows["stage"].isin(["primary", "junior"])].copy()

    met = np.zeros(len(judged), int)
    unknown, below = met.copy(), met.copy()
    for code, fact, by_school, per, limit, floor in rules.indicators:
        pupils = judged["weighted_pupils"] if by_school else judged["pupils"]
        held_amount = judged[fact] * (judged["weight"] if by_school else 1)
        surplus = (held_amount * per - judged["stage"].map(limit) * pupils).round(6)
        floor_surplus = (held_amount * per - judged["stage"].map(floor) * pupils).round(6)
        met += (surplus >= 0).to_numpy()
        unknown += surplus.isna().to_numpy()
        below += (floor_surplus < 0).to_numpy()
        judged[code] = held_amount * judged["pupils"] / pupils
    judged["verdict"] = np.select(
        [(below > 0) | (met + unknown < rules.minimum_met), unknown > 0], ["not_met", "not_assessable"], "met"
    )
    codes = [code for code, *_ in rules.indicators]
    group = ["county_code", "stage"]
    sums = judged.groupby(group, sort=False)[["pupils", *codes]].transform("sum")
    complete = judged[codes].isna().groupby([judged["county_code"], judged["stage"]], sort=False).transform("max") == 0
    share = judged["pupils"] / sums["pupils"]
    deviation = judged[codes].div(judged["pupils"], axis=0) / sums[codes].div(sums["pupils"], axis=0) - 1
    parts = deviation.pow(2).mul(share, axis=0).where(complete)
    grouped_parts = parts.groupby([judged["county_code"], judged["stage"]], sort=True)
    coefficients = grouped_parts.sum(min_count=1).pow(0.5)

    open_rows = rows[(rows["state"] == "open") & rows["stage"].isin(["primary", "junior"])]
    apart = open_rows["kind"].map(rules.excluded)
    counted = open_rows[apart.isna() | (apart.fillna(value=False).astype(bool) & open_rows["reported"])]
    classes = (
        counted[KEY]
        .merge(facts["class_counts"], on=KEY, how="left")
        .groupby("county_code")[["classes", "over_limit"]]
        .sum()
    )
    return judged[[*KEY, "verdict"]], coefficients, classes


def answers(found: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> Answers:
    """In the form that is compared."""
    rows, coefficients, classes = found
    return Answers(
        {(c, s, g): v for c, s, g, v in rows.itertuples(index=False)},
        {
            (county, stage, code): None if pd.isna(cv) else float(cv)
            for county, stage, *cvs in coefficients.reset_index().itertuples(index=False)
            for code, cv in zip(coefficients.columns, cvs, strict=True)
        },
        {county: (int(a), int(b)) for county, a, b in classes.itertuples()},
    )
