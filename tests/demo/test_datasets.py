"""The demonstration county is invented, says so, repeats to the byte and tells a credible story."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from demo import datasets
from demo.county import KINDS

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "counties" / "350526"
DEMO_SEED = 34
YEARS = range(2018, 2024)
COUNTY_TOWN = ("350526100", "350526101")
AROUND_TOWN = ("350526102", "350526110")  # 三班镇 and 盖德镇, next to the county town
HEADERS = {
    "townships": "code,name,lon,lat",
    "schools": "school_id,name,kind,township_code,zone,central_area,ownership,boarding,"
    "built_year,opened_year,closed_year,parent_school_id,lon,lat,sponsor_code,permanent,cluster,"
    "paired_school_id,pairing_kind",
    "enrolment": "school_id,year,stage,pupils,teachers,teachers_above_degree,backbone_teachers,"
    "pe_arts_teachers,certified_teachers,trained_teachers,contract_teachers,"
    "shared_pe_arts_teachers,staff,migrant_pupils",
    "premises": "school_id,year,teaching_area_m2,indoor_sports_area_m2,sports_ground_area_m2,"
    "equipment_value_yuan,multimedia_rooms,operating_funds_yuan,training_budget_yuan,"
    "leased_sports_area_m2",
    "classes": "school_id,year,stage,grade,class_no,pupils",
    "special_rooms": "school_id,year,kind,area_m2",
    "county_figures": "year,figure,value",
    "judgements": "year,item,status,document,document_date,note",
    "survey": "year,group,issued,valid,satisfied,visited,visited_satisfied",
    "monitoring": "year,grade,subject,level,between_school_rate",
    "attendance": "township_code,year,school_age,enrolled,dropped_out,notices_served,notices_returned",
}


def sheet(name: str, year: int | None = None) -> list[dict[str, str]]:
    """The committed rows of one sheet, of one year where asked."""
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows if year is None else [row for row in rows if row["year"] == str(year)]


def schools() -> dict[str, dict[str, str]]:
    return {row["school_id"]: row for row in sheet("schools")}


def compulsory_pupils(year: int) -> dict[str, int]:
    """Pupils of the compulsory stages by township, townships without any included."""
    pupils = {row["code"]: 0 for row in sheet("townships")}
    known = schools()
    for row in sheet("enrolment", year):
        if row["stage"] != "senior":
            pupils[known[row["school_id"]]["township_code"]] += int(row["pupils"])
    return pupils


def grade_pupils(year: int, central_area: str) -> Counter[int]:
    """Pupils by grade, in or outside the county town."""
    known, grades = schools(), Counter[int]()
    for row in sheet("classes", year):
        if known[row["school_id"]]["central_area"] == central_area:
            grades[int(row["grade"])] += int(row["pupils"])
    return grades


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    datasets.write_county(datasets.make_county("350526", DEMO_SEED), tmp_path)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    committed = {file.name: file.read_bytes() for file in DEMO.glob("*.csv")}
    assert written == committed


def test_another_seed_gives_another_county() -> None:
    assert datasets.make_county("350526", 1) != datasets.make_county("350526", 2)


@pytest.mark.parametrize("name", HEADERS)
def test_every_sheet_has_the_headers_of_the_contract_in_utf8_and_lf(name: str) -> None:
    content = (DEMO / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert content.decode("utf-8").splitlines()[0] == HEADERS[name]


def test_every_school_and_every_document_is_marked_as_a_demonstration() -> None:
    names = [row["name"] for row in sheet("schools")]
    assert all(name.endswith("（演示）") for name in names)
    assert len(set(names)) == len(names) == 75
    assert all(row["document"].endswith("（演示）") for row in sheet("judgements"))


def test_the_townships_are_the_eighteen_real_ones_where_they_really_lie() -> None:
    with (ROOT / "data" / "counties" / "350526" / "map" / "seats.csv").open(encoding="utf-8-sig", newline="") as file:
        real = {(row["code"], row["name"], row["lon"], row["lat"]) for row in csv.DictReader(file)}
    shown = {(row["code"], row["name"], row["lon"], row["lat"]) for row in sheet("townships")}
    assert shown == real
    assert len(shown) == 18


@pytest.mark.parametrize("year", YEARS)
def test_class_rolls_add_up_to_enrolment(year: int) -> None:
    rolls = Counter[tuple[str, str]]()
    for row in sheet("classes", year):
        rolls[row["school_id"], row["stage"]] += int(row["pupils"])
    enrolment = {
        (row["school_id"], row["stage"]): int(row["pupils"])
        for row in sheet("enrolment", year)
        if row["stage"] != "senior"
    }
    assert set(rolls) <= set(enrolment)
    assert all(rolls[key] == pupils for key, pupils in enrolment.items())


@pytest.mark.parametrize("year", YEARS)
def test_exactly_the_open_schools_report_every_stage_of_their_kind(year: int) -> None:
    expected = {
        (key, stage)
        for key, school in schools().items()
        if int(school["opened_year"] or 0) <= year < int(school["closed_year"] or 9999)
        for stage in KINDS[school["kind"]][0]
    }
    assert {(row["school_id"], row["stage"]) for row in sheet("enrolment", year)} == expected
    assert {row["school_id"] for row in sheet("premises", year)} == {key for key, _ in expected}


def test_no_part_of_the_staff_or_of_a_building_exceeds_the_whole() -> None:
    for row in sheet("enrolment"):
        for part in ("teachers_above_degree", "backbone_teachers", "pe_arts_teachers",
                     "certified_teachers", "trained_teachers", "contract_teachers"):  # fmt: skip
            assert 0 <= int(row[part]) <= int(row["teachers"]) <= int(row["staff"]), row
        assert int(row["migrant_pupils"]) <= int(row["pupils"]), row
    for row in sheet("premises"):
        assert float(row["indoor_sports_area_m2"]) <= float(row["teaching_area_m2"]), row


def test_the_county_has_about_27000_primary_and_12000_junior_pupils() -> None:
    for year in YEARS:
        stages = Counter[str]()
        for row in sheet("enrolment", year):
            stages[row["stage"]] += int(row["pupils"])
        assert 26_000 <= stages["primary"] <= 28_500
        assert 10_500 <= stages["junior"] <= 13_000


@pytest.mark.parametrize("year", YEARS)
def test_over_nine_tenths_of_the_pupils_are_in_and_around_the_county_town(year: int) -> None:
    pupils = compulsory_pupils(year)
    in_town = sum(pupils[code] for code in COUNTY_TOWN)
    around = sum(pupils[code] for code in AROUND_TOWN)
    assert in_town > 0.90 * sum(pupils.values())
    assert in_town + around > 0.92 * sum(pupils.values())


def test_the_central_area_is_the_two_townships_of_the_county_town() -> None:
    central = {r["township_code"] for r in sheet("schools") if r["central_area"] == "1"}
    elsewhere = {r["township_code"] for r in sheet("schools") if r["central_area"] == "0"}
    assert central == set(COUNTY_TOWN)
    assert not elsewhere & central


def test_some_townships_have_emptied_by_2023_and_one_has_no_pupils_left() -> None:
    before, after = compulsory_pupils(2018), compulsory_pupils(2023)
    assert [code for code, pupils in after.items() if pupils == 0] == ["350526200"]
    assert before["350526200"] > 0
    assert sum(pupils < 100 for pupils in after.values()) >= 3


def test_every_kind_of_school_is_there() -> None:
    known = schools()
    kinds = Counter(row["kind"] for row in known.values())
    assert set(kinds) == set(KINDS)
    assert kinds["nine_year"] >= 5 and kinds["combined_secondary"] == 2
    assert {row["kind"] for row in known.values() if row["ownership"] == "private"} == {
        "primary", "twelve_year"
    }  # fmt: skip
    assert {row["sponsor_code"] for row in known.values()} == {"7", "10"}
    last = {(r["school_id"], r["stage"]): int(r["pupils"]) for r in sheet("enrolment", 2023)}
    points = [key for key, row in known.items() if row["kind"] == "teaching_point"]
    sizes = [last[key, "primary"] for key in points if (key, "primary") in last]
    assert min(sizes) < 50 <= max(sizes)
    assert all(known[key]["parent_school_id"] in known for key in points)
    assert all(last[key, "senior"] > 0 for key, row in known.items() if "senior" in
               KINDS[row["kind"]][0])  # fmt: skip


def test_schools_open_close_and_stand_empty() -> None:
    known = schools()
    assert len([row for row in known.values() if row["closed_year"]]) >= 4
    campus = next(row for row in known.values() if row["opened_year"] == "2021")
    assert (campus["township_code"], campus["pairing_kind"]) == ("350526100", "名校办分校")
    campus_pupils = [int(r["pupils"]) for r in sheet("enrolment") if r["school_id"] == campus["school_id"]]
    assert len(campus_pupils) == 3 and min(campus_pupils) > 1000
    empty = [r["school_id"] for r in sheet("enrolment", 2023) if r["pupils"] == "0"]
    assert [known[key]["township_code"] for key in empty] == ["350526200"]


def test_schools_are_paired_across_kinds_of_pairing_and_grouped_into_clusters() -> None:
    known = schools()
    paired = [row for row in known.values() if row["paired_school_id"]]
    assert {row["pairing_kind"] for row in paired} == {"名校办分校", "老带新", "强扶弱"}
    assert all(row["paired_school_id"] in known for row in paired)
    assert all(row["cluster"] for row in known.values())
    assert {row["permanent"] for row in known.values()} == {"0", "1"}


def test_a_cohort_of_the_county_town_moves_up_nearly_whole() -> None:
    for year in (2018, 2019, 2021, 2022):
        before, after = grade_pupils(year, "1"), grade_pupils(year + 1, "1")
        for grade in (1, 2, 3, 4, 5, 7, 8):
            assert 0.97 * before[grade] <= after[grade + 1] <= 1.06 * before[grade]


def test_the_families_who_move_to_the_county_town_in_2021_are_a_break_no_trend_foretells() -> None:
    def stay_share(year: int) -> float:
        before, after = grade_pupils(year, "0"), grade_pupils(year + 1, "0")
        grades = (1, 2, 3, 4, 5, 7, 8)
        return sum(after[g + 1] for g in grades) / sum(before[g] for g in grades)

    usual = [stay_share(year) for year in (2018, 2019, 2021, 2022)]
    assert min(usual) > 0.9
    assert stay_share(2020) < min(usual) - 0.1


def test_large_classes_of_the_county_town_fade_from_2019_on() -> None:
    known = schools()
    sizes: dict[int, list[int]] = {}
    shares: dict[int, dict[str, float]] = {}
    for year in YEARS:
        sizes[year] = [int(row["pupils"]) for row in sheet("classes", year)
                       if known[row["school_id"]]["central_area"] == "1"]  # fmt: skip
        shares[year] = {
            "51-55": sum(51 <= size <= 55 for size in sizes[year]) / len(sizes[year]),
            "56+": sum(size >= 56 for size in sizes[year]) / len(sizes[year]),
        }
    assert shares[2019]["51-55"] > 0.15 and shares[2019]["56+"] > 0.10 and max(sizes[2019]) >= 66
    assert 0.10 < shares[2020]["51-55"] < 0.18 and shares[2020]["56+"] < 0.05
    assert max(sizes[2023]) < 51


def test_the_last_year_leaves_open_what_a_county_leaves_open() -> None:
    figures = {(row["year"], row["figure"]): row["value"] for row in sheet("county_figures")}
    assert figures["2023", "rotation_backbone"] == ""
    assert figures["2020", "title_appointment_target"] == ""
    assert [key for key, value in figures.items() if value == ""] == [
        ("2020", "title_appointment_target"), ("2023", "rotation_backbone")
    ]  # fmt: skip
    assert int(figures["2021", "training_funds_yuan"]) < int(figures["2020", "training_funds_yuan"])
    judged = {(row["year"], row["item"]) for row in sheet("judgements")}
    assert ("2022", "veto_staffing") in judged and ("2023", "veto_staffing") not in judged
    assert int(figures["2023", "vacant_posts"]) > 0
    assert sum(int(row["contract_teachers"]) for row in sheet("enrolment", 2023)) > 0
    gaps = [row for row in sheet("premises") if "" in row.values()]
    assert [(row["year"], row["equipment_value_yuan"]) for row in gaps] == [("2023", "")]


def test_one_school_is_right_below_a_limit_that_its_printed_figure_reaches() -> None:
    pupils = {r["school_id"]: int(r["pupils"]) for r in sheet("enrolment", 2023)
              if r["stage"] == "primary"}  # fmt: skip
    areas = [
        (float(row["teaching_area_m2"]) - float(row["indoor_sports_area_m2"])) / pupils[row["school_id"]]
        for row in sheet("premises", 2023)
        if schools()[row["school_id"]]["kind"] == "primary" and pupils[row["school_id"]]
    ]
    assert len([area for area in areas if area < 4.5 and round(area, 2) == 4.5]) == 1


@pytest.mark.parametrize("count", [60, 120, 200])
def test_other_counties_of_any_size_keep_the_same_promises(count: int) -> None:
    tables = datasets.make_county("350527", 7, schools=count, years=range(2019, 2022))
    assert len(tables["schools"]) == count
    assert len({row["name"] for row in tables["schools"]}) == count
    assert all(str(row["code"]).startswith("350527") for row in tables["townships"])
    assert all(str(row["name"]).endswith("（演示）") for row in tables["townships"])
    rolls = Counter[tuple[object, ...]]()
    for row in tables["classes"]:
        rolls[row["school_id"], row["year"], row["stage"]] += row["pupils"]
    for row in tables["enrolment"]:
        if row["stage"] != "senior":
            assert rolls[row["school_id"], row["year"], row["stage"]] == row["pupils"]
    assert {row["year"] for row in tables["enrolment"]} == {2019, 2020, 2021}


def test_a_county_too_small_for_its_townships_is_refused() -> None:
    with pytest.raises(ValueError, match="60"):
        datasets.make_county("350527", 1, schools=30)
