from typing import Any

import pytest

from tacho.aws.lifting import Lifting
from tacho.aws.stages import NAMES, stage_named, to_lift
from tacho.errors import TachoError, UsageError


def lift(cloud: Any, operator: Any, target: Any, text: str) -> None:
    Lifting(cloud, cloud, {}, target, operator).lift(to_lift(text))


def test_all_goes_up_in_order_and_each_end_is_noted(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper()
    lift(cloud, operator, target, "all")
    assert [entry.removeprefix("up ") for entry in cloud.log if entry.startswith("up ")] == list(NAMES)
    assert cloud.log[:4] == ["begin 00-state", "up 00-state", "keep 00-state", "finish 00-state"]


def test_a_second_time_nothing_is_asked_or_done(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES)
    lift(cloud, operator, target, "all")
    assert not cloud.log
    assert not operator.asked
    assert operator.said[0] == "00-state is up, nothing to change"


def test_what_was_cut_off_is_finished_by_the_same_command(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES[:3])
    cloud.fails_at = "20-msk"
    with pytest.raises(RuntimeError):
        lift(cloud, operator, target, "20")
    assert "finish 20-msk" not in cloud.log
    cloud.fails_at = None
    lift(cloud, operator, target, "20")
    assert cloud.log[-2:] == ["up 20-msk", "finish 20-msk"]


def test_what_a_stage_stands_on_is_named_when_it_is_not_up(paper: Any, operator: Any, target: Any) -> None:
    with pytest.raises(UsageError, match=r"30-emr stands on 15-egress, 20-msk: first `tacho aws up 15-egress`"):
        lift(paper(up=NAMES[:2]), operator, target, "emr")


def test_nothing_goes_up_on_half_a_stage(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES[:3])
    cloud.fails_at = "20-msk"
    with pytest.raises(RuntimeError):
        lift(cloud, operator, target, "20")
    with pytest.raises(UsageError, match="20-msk is only half there"):
        lift(cloud, operator, target, "30")


def test_without_consent_nothing_is_applied(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper()
    operator.yes = False
    with pytest.raises(TachoError, match="00-state was left as it is"):
        lift(cloud, operator, target, "00")
    assert not cloud.log


def test_outputs_are_handed_on_by_name_to_those_who_declare_them(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES[:2], declared={"20-msk": frozenset({"of_10", "region", "account_id", "size"})})
    lift(cloud, operator, target, "20")
    assert cloud.handed["20-msk"] == {"account_id": "123456789012", "of_10": "10-foundation", "region": "eu-central-1"}


def test_an_up_that_would_replace_the_cluster_is_refused_for_the_log_goes(
    paper: Any, operator: Any, target: Any
) -> None:
    cloud = paper(up=NAMES[:4])
    cloud.replaces = "module.msk.aws_msk_cluster.this"
    with pytest.raises(UsageError, match=r"replaces module\.msk\.aws_msk_cluster\.this, and the log goes with it"):
        lift(cloud, operator, target, "20")


def test_what_can_follow_is_said(paper: Any, operator: Any, target: Any) -> None:
    lift(paper(up=NAMES[:1]), operator, target, "10")
    assert operator.said[-1] == "can go up next: 15-egress, 20-msk, 50-viewer, 60-guard"


def test_the_price_of_a_plan_needs_no_consent(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper()
    assert Lifting(cloud, cloud, {}, target, operator).cost(stage_named("00")) == ()
    assert not operator.asked
