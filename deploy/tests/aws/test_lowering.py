from dataclasses import replace
from typing import Any

import pytest

from tacho.aws.lowering import LogCopies, Lowering
from tacho.aws.stages import NAMES
from tacho.errors import TachoError, UsageError

COPY = "s3://tacho-dev-data/archive/sensors-sample/uuid"


class Copies:
    """Finds what it made; beside it are checkpoints until they are forgotten."""

    def __init__(self, there: bool = False) -> None:
        self.there = there
        self.checkpoints = 7
        self.port = LogCopies(lambda _: COPY if self.there else None, self.make, self.forget)

    def make(self, states: object) -> str:
        self.there = True
        return COPY

    def forget(self, states: object) -> int:
        gone, self.checkpoints = self.checkpoints, 0
        return gone


def lower(
    cloud: Any, operator: Any, target: Any, text: str, archive: bool = False, copies: Copies | None = None
) -> None:
    Lowering(cloud, cloud, target, operator, (copies or Copies()).port).lower(text, archive)


@pytest.mark.parametrize(
    ("up", "users"),
    [
        (NAMES[:6], "40-services and 30-emr are"),
        (NAMES[:5], "30-emr is"),
        ((*NAMES[:4], "40-services"), "40-services is"),
    ],
)
def test_kafka_stays_while_spark_or_services_are_up(
    paper: Any, operator: Any, target: Any, up: tuple[str, ...], users: str
) -> None:
    cloud = paper(up=up)
    with pytest.raises(UsageError, match=rf"20-msk stays while {users} up, and the log goes with it: .*--archive"):
        lower(cloud, operator, target, "20-msk")
    assert not cloud.log


def test_before_kafka_goes_the_operator_reads_that_the_log_goes(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES[:4])
    lower(cloud, operator, target, "msk")
    assert operator.asked == [
        "Take 20-msk down? The log (sensors-sample and every other topic) goes with it, and the enricher's "
        "checkpoints, which are places in it; no copy of it was made (`down 20-msk --archive` makes one)."
    ]
    assert cloud.log == ["begin 20-msk", "down 20-msk", "finish 20-msk"]


def test_checkpoints_go_with_the_log_and_not_before(paper: Any, operator: Any, target: Any) -> None:
    cloud, copies = paper(up=("00-state", "10-foundation", "20-msk")), Copies()
    cloud.fails_at = "20-msk"
    with pytest.raises(RuntimeError):
        lower(cloud, operator, target, "20-msk", copies=copies)
    assert copies.checkpoints == 7
    cloud.fails_at = None
    lower(cloud, operator, target, "20-msk", copies=copies)
    assert copies.checkpoints == 0
    assert operator.said[-1] == "7 files of the enricher's checkpoints went with the log"


def test_checkpoints_that_were_left_when_the_log_went_go_by_the_same_command(
    paper: Any, operator: Any, target: Any
) -> None:
    copies = Copies()
    lower(paper(up=NAMES[:2]), operator, target, "20-msk", copies=copies)
    assert copies.checkpoints == 0


def test_checkpoints_stay_while_the_log_does(paper: Any, operator: Any, target: Any) -> None:
    copies = Copies()
    lower(paper(up=NAMES), operator, target, "30-emr", copies=copies)
    assert copies.checkpoints == 7


def test_an_archive_is_made_while_services_are_up_and_the_cluster_still_stays(
    paper: Any, operator: Any, target: Any
) -> None:
    cloud, copies = paper(up=NAMES[:6]), Copies()
    with pytest.raises(UsageError, match=f"a copy is at {COPY}"):
        lower(cloud, operator, target, "20-msk", archive=True, copies=copies)
    assert operator.said == [f"sensors-sample is kept at {COPY}"]
    assert not cloud.log


def test_an_archive_made_before_is_named_when_kafka_goes(paper: Any, operator: Any, target: Any) -> None:
    lower(paper(up=NAMES[:4]), operator, target, "20-msk", archive=True, copies=Copies(there=True))
    assert f"a copy is at {COPY}" in operator.asked[0]


def test_an_archive_needs_the_task_of_the_services(paper: Any, operator: Any, target: Any) -> None:
    with pytest.raises(UsageError, match="copied by a task of 40-services, which is not up"):
        lower(paper(up=NAMES[:4]), operator, target, "20-msk", archive=True)


def test_an_archive_is_only_offered_where_the_log_goes(paper: Any, operator: Any, target: Any) -> None:
    with pytest.raises(UsageError, match="--archive copies the log of 20-msk"):
        lower(paper(up=NAMES), operator, target, "30-emr", archive=True)


def test_down_all_keeps_the_log_first_and_leaves_what_holds_data(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES)
    lower(cloud, operator, target, "all", archive=True)
    assert list(cloud.states) == ["00-state", "10-foundation"]
    assert operator.said[0] == f"sensors-sample is kept at {COPY}"
    assert operator.said[-1].startswith("00-state, 10-foundation hold data and cost cents")


def test_spark_goes_alone_and_nothing_else_is_touched(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES)
    lower(cloud, operator, target, "emr")
    assert cloud.log == ["begin 30-emr", "down 30-emr", "finish 30-emr"]


def test_what_holds_data_only_goes_where_the_environment_is_disposable(paper: Any, operator: Any, target: Any) -> None:
    with pytest.raises(UsageError, match=r"10-foundation holds data and env/dev\.tfvars does not say disposable"):
        lower(paper(up=NAMES[:2]), operator, replace(target, disposable=False), "10-foundation")


def test_the_foundation_stays_while_anything_stands_on_it(paper: Any, operator: Any, target: Any) -> None:
    with pytest.raises(UsageError, match=r"10-foundation stays while 20-msk is up: first `tacho aws down 20-msk`"):
        lower(paper(up=("00-state", "10-foundation", "20-msk")), operator, target, "foundation")


def test_a_stage_that_is_down_is_no_failure(paper: Any, operator: Any, target: Any) -> None:
    lower(paper(), operator, target, "30-emr")
    assert operator.said == ["30-emr is down"]


def test_without_consent_nothing_goes(paper: Any, operator: Any, target: Any) -> None:
    cloud = paper(up=NAMES[:5])
    operator.yes = False
    with pytest.raises(TachoError, match="30-emr was left as it is"):
        lower(cloud, operator, target, "30")
    assert not cloud.log


def test_the_idle_way_out_is_named_when_its_last_user_went(paper: Any, operator: Any, target: Any) -> None:
    lower(paper(up=NAMES[:5]), operator, target, "30-emr")
    assert operator.said[-1] == "15-egress still costs money and nothing uses it: `tacho aws down 15-egress`"
