from pathlib import Path
from typing import Any

import pytest

from tacho.aws.cost import as_of, daily, total
from tacho.aws.prices import Price, read_prices
from tacho.aws.resources import Resource, changes, from_plan, from_state
from tacho.errors import TachoError

PRICES = {
    "ec2.m5.xlarge": Price("instance", 0.192, "hour", "test", "2026-01-02"),
    "emr.m5.xlarge": Price("instance", 0.048, "hour", "test", "2026-01-01"),
    "msk.kafka.t3.small": Price("broker", 0.0456, "hour", "test", "2026-01-02"),
    "msk.storage": Price("GB", 0.10, "month", "test", "2026-01-02"),
    "vpc-endpoint": Price("zone", 0.01, "hour", "test", "2026-01-02"),
    "fargate.x86.vcpu": Price("vCPU", 0.04048, "hour", "test", "2026-01-02"),
    "fargate.x86.gb": Price("GB", 0.004445, "hour", "test", "2026-01-02"),
}


def one(type: str, **values: Any) -> Resource:
    return Resource(f"{type}.this", type, values)


def test_one_m5_xlarge_costs_5_76_a_day_and_not_the_seeds_23() -> None:
    cluster = one("aws_emr_cluster", master_instance_group=[{"instance_type": "m5.xlarge", "instance_count": 1}])
    assert total(daily([cluster], PRICES)) == pytest.approx(5.76)


def test_brokers_cost_their_hours_and_their_disks() -> None:
    group = {"instance_type": "kafka.t3.small", "storage_info": [{"ebs_storage_info": [{"volume_size": 10}]}]}
    cluster = one("aws_msk_cluster", number_of_broker_nodes=3, broker_node_group_info=[group])
    assert total(daily([cluster], PRICES)) == pytest.approx(3 * 0.0456 * 24 + 30 * 0.10 / 730 * 24)


def test_an_endpoint_costs_in_each_zone_and_a_gateway_one_nothing() -> None:
    interface = one("aws_vpc_endpoint", vpc_endpoint_type="Interface", subnet_ids=["a", "b", "c"])
    gateway = one("aws_vpc_endpoint", vpc_endpoint_type="Gateway", subnet_ids=None)
    assert total(daily([interface], PRICES)) == pytest.approx(0.72)
    assert daily([gateway], PRICES) == ()


def test_a_service_that_waits_for_its_first_release_is_counted_as_it_will_be() -> None:
    definition = one("aws_ecs_task_definition", family="tacho-dev-producer", cpu="256", memory="512")
    service = one("aws_ecs_service", name="tacho-dev-producer", desired_count=0, task_definition=None)
    (line,) = daily([service, definition], PRICES)
    assert line.usd_per_day == pytest.approx(24 * (0.25 * 0.04048 + 0.5 * 0.004445))


def test_what_the_list_does_not_have_is_named_and_not_taken_for_free() -> None:
    (line,) = daily([one("aws_nat_gateway")], PRICES)
    assert line.missing == ("nat",)


def test_figures_are_as_old_as_the_oldest_price() -> None:
    assert as_of(PRICES.values()) == "2026-01-01"


def test_a_plan_and_a_state_of_the_same_thing_cost_the_same() -> None:
    group = {"instance_type": "m5.xlarge", "instance_count": 1}
    values = {"master_instance_group": [group]}
    planned = {
        "planned_values": {
            "root_module": {
                "child_modules": [
                    {
                        "resources": [
                            {"address": "module.emr.aws_emr_cluster.this", "type": "aws_emr_cluster", "values": values}
                        ]
                    }
                ]
            }
        }
    }
    state = {
        "version": 4,
        "resources": [
            {"mode": "data", "type": "aws_emr_cluster", "name": "other", "instances": [{"attributes": values}]},
            {
                "mode": "managed",
                "module": "module.emr",
                "type": "aws_emr_cluster",
                "name": "this",
                "instances": [{"attributes": values}],
            },
        ],
    }
    assert from_plan(planned) == from_state(state)


def test_a_state_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(TachoError, match="format version 5 and this tool reads 4"):
        from_state({"version": 5})


def test_a_plan_is_told_in_counts() -> None:
    plan = {
        "resource_changes": [
            {"address": "a", "change": {"actions": ["create"]}},
            {"address": "b", "change": {"actions": ["delete", "create"]}},
            {"address": "c", "change": {"actions": ["no-op"]}},
            {"address": "d", "mode": "data", "change": {"actions": ["create"]}},
        ],
        "output_changes": {"x": {"actions": ["update"]}},
    }
    found = changes(plan)
    assert found.summary() == "1 to create, 1 to replace"
    assert found.outputs


def test_prices_are_read_by_dotted_name_and_remarks_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    entry = 'unit = "x"\nusd = 0.5\nper = "hour"\nsource = "list"\ndate = 2026-11-24\n'
    file.write_text(f'region = "us-east-1"\n[ec2.m5.xlarge]\n{entry}["nat"]\n{entry}', encoding="utf-8")
    found = read_prices(file)
    assert set(found) == {"ec2.m5.xlarge", "nat"}
    assert found["nat"].usd_per_day == 12.0


@pytest.mark.parametrize(
    ("text", "match"),
    [("[nat]\nusd = 1\n", "needs unit"), ('[nat]\nunit="x"\nusd=1\nper="week"\nsource=""\ndate=""\n', "per 'week'")],
)
def test_a_price_without_its_origin_is_refused(tmp_path: Path, text: str, match: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TachoError, match=match):
        read_prices(file)
