"""A person's number is found in every writing, and nothing else is taken for one."""

import pytest

from core.dataset.personal import masked, personal_number

MOBILES = (
    "13800138000", "138-0013-8000", "138 0013 8000", "+86 138 0013 8000", "+8613800138000", "0086 13800138000",
    "008613800138000", "86-138-0013-8000", "(+86)13800138000", "+86(138)00138000", "138.0013.8000", "138 001 38000",
    "１３８００１３８０００", "１３８－００１３－８０００", "138–0013–8000", "138\u200b0013\u200b8000", "①③⑧００１３８０００",
    "联系人 13800138000（手机）", "电话：13800138000", "13800138000/13900139000",
)  # fmt: skip
LANDLINES = (
    "(0595)23521234", "（0595）2352 1234", "0595-23521234", "0595 23521234", "059523521234", "０５９５－２３５２１２３４",
    "010-62521234", "021 6252 1234", "+86 (0595) 23521234", "0595-2352123", "办公室0595—23521234",
)  # fmt: skip
IDENTITIES = (
    "350526199003071234", "35052619900307123X", "35052619900307123x", "350526 19900307 1234", "350526-19900307-123X",
    "3505 2619 9003 0712 34", "３５０５２６１９９００３０７１２３ｘ", "350526\u200b199003071234", "身份证350526199003071234号",
)  # fmt: skip
NOTHING = (
    "350526100", "3135002601", "350526-0001", "12350526MB0X123456", "2023-2024", "2023—2024 学年", "2023-09-01",
    "2023-09-01 10:30:00", "1958 年建校，1998 年撤并", "德政办〔2019〕29号", "泉教综〔2023〕1345 号", "13800.50",
    "0.13800138000", "138,001,380", "面积 1380.5 平方米", "350526000000000000", "350526199013451234", "118.22496,25.49322",
    "12 班 45 人，23 班 45 人", "2019-2020-2021-2022", "0.0595-0.0601", "第 0301-0023 号", "2187800.00 元",
)  # fmt: skip


@pytest.mark.parametrize("text", MOBILES)
def test_a_mobile_phone_is_found(text: str) -> None:
    assert "手机号码（138********）" in personal_number(text)


@pytest.mark.parametrize("text", LANDLINES)
def test_a_landline_is_found(text: str) -> None:
    assert "固定电话号码（0" in personal_number(text)


@pytest.mark.parametrize("text", IDENTITIES)
def test_an_identity_card_is_found(text: str) -> None:
    assert "居民身份证号（350526************）" in personal_number(text)


@pytest.mark.parametrize("text", NOTHING)
def test_an_ordinary_number_is_none(text: str) -> None:
    assert personal_number(text) == ""
    assert masked(text) == text


@pytest.mark.parametrize("text", [*MOBILES, *LANDLINES, *IDENTITIES])
def test_what_is_shown_holds_no_number(text: str) -> None:
    shown = masked(text)
    assert "********" in shown
    assert personal_number(shown) == ""
