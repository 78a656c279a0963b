import pytest

from tacho.aws.stages import NAMES, STAGES, idle_egress, possible_next, stage_named, standing_on, to_lift, to_lower
from tacho.errors import UsageError


@pytest.mark.parametrize("text", ["20-msk", "20", "msk"])
def test_a_stage_is_found_by_name_number_or_word(text: str) -> None:
    assert stage_named(text).name == "20-msk"


def test_an_unknown_stage_is_refused_and_all_are_named() -> None:
    with pytest.raises(UsageError, match=r"no stage 'kafka': choose one of 00-state, .* or all"):
        stage_named("kafka")


def test_every_stage_comes_after_all_it_needs() -> None:
    for stage in STAGES:
        assert all(NAMES.index(name) < NAMES.index(stage.name) for name in stage.needs)


def test_all_goes_up_in_order_and_down_backwards_without_what_keeps_data() -> None:
    assert tuple(stage.name for stage in to_lift("all")) == NAMES
    lowered = [stage.name for stage in to_lower("all", frozenset(NAMES))]
    assert lowered == ["60-guard", "50-viewer", "40-services", "30-emr", "20-msk", "15-egress"]


def test_kafka_is_stood_on_by_spark_and_services_only() -> None:
    assert standing_on(stage_named("msk"), frozenset(NAMES)) == ("40-services", "30-emr")
    assert standing_on(stage_named("emr"), frozenset(NAMES)) == ()


def test_after_the_foundation_four_stages_can_follow() -> None:
    assert possible_next(frozenset({"00-state", "10-foundation"})) == ("15-egress", "20-msk", "50-viewer", "60-guard")


def test_the_way_out_is_idle_without_spark_and_services() -> None:
    assert idle_egress(frozenset({"15-egress", "20-msk"}))
    assert not idle_egress(frozenset({"15-egress", "30-emr"}))
