"""The townships and the schools of an invented county: the county town's, those at the seats, the villages'."""

from __future__ import annotations

import csv
from pathlib import Path

from demo.county import DEMO_COUNTY, KINDS, MARK, MILESTONE, PLACES, County, Row, School, stream

FEWEST_SCHOOLS = 60
NAME_FIRST = "青云松竹兰溪石白明清文星晨静远映霞丹秀望"
NAME_SECOND = "岭坪泉湖林屏峰塘洲岗坂桥源庄墩"
CLUSTERS = ("东片区", "南片区", "西片区", "北片区")


def make_townships(code: str, seed: int) -> list[Row]:
    """The county's townships: the real ones for the demonstration county, else invented ones."""
    draw = stream(seed, code, "townships")
    invented = draw.sample([a + b for a in NAME_FIRST for b in NAME_SECOND], len(PLACES))
    east, north = draw.uniform(-8, 0), draw.uniform(0, 8)
    with (Path(__file__).parents[1] / "data" / "counties" / DEMO_COUNTY / "map" / "seats.csv").open(
        encoding="utf-8-sig"
    ) as file:
        real = {line["code"][6:]: line for line in csv.DictReader(file)}
    rows: list[Row] = []
    for suffix, stem in zip(PLACES, invented, strict=True):
        line = real[suffix]
        name, lon, lat = line["name"], float(line["lon"]), float(line["lat"])
        if code != DEMO_COUNTY:
            name, lon, lat = stem + name[-1] + MARK, lon + east, lat + north
        rows.append({"code": code + suffix, "name": name, "lon": round(lon, 5),
                     "lat": round(lat, 5)})  # fmt: skip
    return rows


def found_schools(county: County, count: int) -> None:
    """Found the county town's schools, then those at each township's seat, then the villages'."""
    if count < FEWEST_SCHOOLS:
        raise ValueError(f"at least {FEWEST_SCHOOLS} schools are needed, not {count}")
    code, first, schools = county.code, county.first, county.schools
    draw = stream(county.seed, code, "schools")
    stems = draw.sample([a + b for a in NAME_FIRST for b in NAME_SECOND], count)
    townships = {str(row["code"])[6:]: row for row in county.townships}

    def found(kind: str, suffix: str, **sizes: float) -> School:
        seat, _, cluster = PLACES[suffix]
        township, central, number = townships[suffix], seat == "town", len(schools)
        spread = 0.014 if central else 0.02
        prefix = "" if central else str(township["name"]).removesuffix(MARK)
        row: Row = {
            "school_id": f"{code}-{number + 1:04d}",
            "name": prefix + stems[number] + KINDS[kind][1] + MARK,
            "kind": kind, "township_code": township["code"], "zone": "urban" if central else "town",
            "central_area": int(central), "ownership": "public",
            "boarding": int(not central and "junior" in KINDS[kind][0]),
            "built_year": draw.randint(1958, 2014), "opened_year": None, "closed_year": None,
            "parent_school_id": None,
            "lon": round(float(str(township["lon"])) + draw.uniform(-spread, spread), 5),
            "lat": round(float(str(township["lat"])) + draw.uniform(-spread, spread), 5),
            "sponsor_code": 7, "permanent": int(central),
            "cluster": ("城" if central else "") + CLUSTERS[cluster],
            "paired_school_id": None, "pairing_kind": None,
        }  # fmt: skip
        schools.append(School(county.seed, row, sizes))
        return schools[-1]

    def found_in_town(kind: str, share: float, **sizes: tuple[float, float]) -> list[School]:
        number = round(count * share)
        return [
            found(kind, ("100", "101")[i % 2], **{
                stage: largest + (smallest - largest) * i / (number - 1)
                for stage, (largest, smallest) in sizes.items()
            })
            for i in range(number)
        ]  # fmt: skip

    primaries = found_in_town("primary", 0.19, primary=(2090, 790))
    juniors = found_in_town("junior", 0.066, junior=(1560, 1080))
    nine_year = found_in_town("nine_year", 0.04, primary=(1000, 820), junior=(400, 280))
    secondary = found_in_town("combined_secondary", 0.027, junior=(980, 890), senior=(1900, 1650))
    private = [
        found("twelve_year", "100", primary=600, junior=320, senior=280),
        found("primary", "101", primary=420),
    ]
    for school in private:
        school.row |= {"ownership": "private", "sponsor_code": 10, "boarding": 1, "permanent": 0,
                       "built_year": 2009, "opened_year": 2010}  # fmt: skip
    private[1].row |= {"paired_school_id": primaries[0].id, "pairing_kind": "老带新"}
    found("special", "101", primary=54, junior=24)
    found("vocational", "100", junior=108, senior=420)
    opened = first + MILESTONE
    found("primary", "100", primary=860).row.update(
        built_year=opened, opened_year=opened, paired_school_id=primaries[1].id,
        pairing_kind="名校办分校",
    )  # fmt: skip

    seats: dict[str, School] = {}
    for suffix, (seat, weight, _) in PLACES.items():
        if seat == "nine":
            size = draw.uniform(0.75, 1.0) * (0.5 + weight / 4)
            seats[suffix] = found("nine_year", suffix, primary=116 * size, junior=64 * size)
        elif seat == "pair":
            seats[suffix] = found("primary", suffix, primary=draw.uniform(120, 190))
            found("junior", suffix, junior=draw.uniform(70, 115))
        elif seat == "leaving":
            seats[suffix] = found("primary", suffix, primary=draw.uniform(24, 34))
    for i, (suffix, school) in enumerate(seats.items()):
        school.row["permanent"] = int(PLACES[suffix][0] != "leaving")
        if i % 2 == 0:
            school.row |= {"paired_school_id": primaries[i % len(primaries)].id,
                           "pairing_kind": "强扶弱"}  # fmt: skip
    seats["200"].empty_from = first + MILESTONE + 1

    villages = [suffix for suffix, (_, weight, _) in PLACES.items() for _ in range(weight)]
    for i in range(count - len(schools)):
        suffix, point = villages[i * 7 % len(villages)], i % 5 in (1, 3)
        size = (96, 74, 32, 118, 88, 14)[i % 6] if point else draw.uniform(34, 60)
        school = found("teaching_point" if point else "primary", suffix, primary=size)
        school.row |= {"zone": "rural", "parent_school_id": seats[suffix].id if point else None}
        if PLACES[suffix][0] == "leaving":
            school.row["closed_year"] = first + MILESTONE
        elif i % 5 == 4:
            school.row["closed_year"] = first + 1 + i // 5 % 5

    crowded = {"primary": primaries + nine_year, "junior": juniors + secondary + nine_year}
    for stage, ranked in crowded.items():
        draw.shuffle(ranked)
        for rank, school in enumerate(ranked):
            school.crowding[stage] = (rank + 0.5) / len(ranked)
    country = [s for s in seats.values() if s.kind == "primary" and s.row["permanent"]]
    for candidates in (primaries[4:], juniors, country, nine_year):
        draw.choice(candidates).weak_for_long = True
