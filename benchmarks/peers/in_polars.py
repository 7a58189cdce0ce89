"""The work in polars, lazily: the same steps as expressions."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.peers.work import READ, Answers, Rules

KEY = ["county_code", "school_id", "stage"]
SCHOOL = ["county_code", "school_id"]


def evaluate(lake: Path, year: int, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Row verdicts, coefficients in columns by county and stage, class counts by county."""
    facts = {
        name: pl.scan_parquet(f"{lake}/{name}/year={year}/*.parquet").with_columns(
            pl.selectors.decimal().cast(pl.Float64)
        )
        for name in READ
    }
    schools = facts["schools"].select([*SCHOOL, "kind", "state"])
    kinds = pl.LazyFrame(rules.listed, schema=["kind", "stage"], orient="row")
    listed = schools.join(kinds, on="kind").select(KEY)
    rows = listed.join(
        facts["enrolment"].with_columns(reported=pl.lit(value=True)), on=KEY, how="full", coalesce=True
    ).with_columns(pl.col("reported").fill_null(value=False))
    rows = rows.join(schools, on=SCHOOL).join(facts["premises"], on=SCHOOL, how="left")
    for name, added, subtracted in rules.derived:
        rows = rows.with_columns(
            (
                sum((pl.col(c) for c in added[1:]), pl.col(added[0]))
                - sum((pl.col(c) for c in subtracted), pl.lit(0.0))
            ).alias(name)
        )
    named = pl.col("kind").replace_strict(rules.excluded, default=None, return_dtype=pl.Boolean)
    excluded = named.is_not_null() & (~named | ~pl.col("reported") | (pl.col("pupils") == 0)).fill_null(value=False)
    small = (pl.col("kind") == "teaching_point") & (pl.col("pupils") < rules.teaching_point_pupils)
    out = (
        (pl.col("state") == "closed")
        | excluded
        | (pl.col("pupils") == 0).fill_null(value=False)
        | small.fill_null(value=False)
    )
    held = rows.group_by(SCHOOL).agg(
        stages=pl.len(),
        senior=(pl.col("stage") == "senior").any(),
        lower=pl.col("stage").is_in(["primary", "preschool"]).any(),
    )
    mix = (
        pl.when(pl.col("stages") == 1)
        .then(pl.lit("single"))
        .when(~pl.col("senior"))
        .then(pl.lit("nine_year"))
        .when(~pl.col("lower"))
        .then(pl.lit("combined_secondary"))
        .otherwise(pl.lit("twelve_year"))
    )
    weights = pl.LazyFrame(
        [(m, s, w) for (m, s), w in rules.weights.items()], schema=["mix", "stage", "weight"], orient="row"
    )
    rows = (
        rows.with_columns(out=out)
        .join(held.select([*SCHOOL, mix.alias("mix")]), on=SCHOOL)
        .join(weights, on=["mix", "stage"])
    )
    whole = rows.group_by(SCHOOL).agg(
        weighted_pupils=pl.when(pl.col("pupils").null_count() == 0).then((pl.col("weight") * pl.col("pupils")).sum())
    )
    judged = rows.filter(~pl.col("out") & pl.col("stage").is_in(["primary", "junior"])).join(whole, on=SCHOOL)
    surpluses, floors, amounts = [], [], []
    for code, fact, by_school, per, limit, floor in rules.indicators:
        pupils = pl.col("weighted_pupils") if by_school else pl.col("pupils")
        amount = pl.col(fact) * (pl.col("weight") if by_school else 1)

        def at(bound: dict[str, float]) -> pl.Expr:
            return pl.when(pl.col("stage") == "primary").then(bound["primary"]).otherwise(bound["junior"])

        surpluses.append((amount * per - at(limit) * pupils).round(6).alias(f"{code}_s"))
        floors.append((amount * per - at(floor) * pupils).round(6).alias(f"{code}_f"))
        amounts.append((amount * pl.col("pupils") / pupils).alias(code))
    judged = judged.with_columns(*surpluses, *floors, *amounts)
    codes = [code for code, *_ in rules.indicators]
    met = pl.sum_horizontal([(pl.col(f"{c}_s") >= 0).fill_null(value=False).cast(pl.Int32) for c in codes])
    unknown = pl.sum_horizontal([pl.col(f"{c}_s").is_null().cast(pl.Int32) for c in codes])
    below = pl.sum_horizontal([(pl.col(f"{c}_f") < 0).fill_null(value=False).cast(pl.Int32) for c in codes])
    verdict = (
        pl.when((below > 0) | (met + unknown < rules.minimum_met))
        .then(pl.lit("not_met"))
        .when(unknown > 0)
        .then(pl.lit("not_assessable"))
        .otherwise(pl.lit("met"))
    )
    group = ["county_code", "stage"]
    means = judged.group_by(group).agg(
        pl.col("pupils").sum().alias("P"),
        *(
            pl.when(pl.col(c).null_count() == 0).then(pl.col(c).sum() / pl.col("pupils").sum()).alias(f"{c}_m")
            for c in codes
        ),
    )
    coefficients = (
        judged.join(means, on=group)
        .group_by(group)
        .agg(
            *(
                pl.when(pl.col(f"{c}_m").first() > 0)
                .then(
                    (pl.col("pupils") / pl.col("P") * (pl.col(c) / pl.col("pupils") / pl.col(f"{c}_m") - 1) ** 2)
                    .sum()
                    .sqrt()
                )
                .alias(c)
                for c in codes
            )
        )
    )
    counts = named.is_null() | (named & pl.col("reported"))
    classes = (
        rows.filter((pl.col("state") == "open") & pl.col("stage").is_in(["primary", "junior"]) & counts)
        .select(KEY)
        .join(facts["class_counts"], on=KEY, how="left")
        .group_by("county_code")
        .agg(pl.col("classes").sum(), pl.col("over_limit").sum())
    )
    first, second, third = pl.collect_all([judged.select([*KEY, verdict.alias("verdict")]), coefficients, classes])
    return first, second, third


def answers(found: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]) -> Answers:
    """In the form that is compared."""
    rows, coefficients, classes = found
    codes = [c for c in coefficients.columns if c not in ("county_code", "stage")]
    return Answers(
        {(c, s, g): v for c, s, g, v in rows.iter_rows()},
        {
            (line["county_code"], line["stage"], code): line[code]
            for line in coefficients.iter_rows(named=True)
            for code in codes
        },
        {county: (int(a), int(b)) for county, a, b in classes.iter_rows()},
    )
