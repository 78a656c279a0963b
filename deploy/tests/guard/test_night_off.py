"""The nightly off switch, with AWS's answers stubbed: what it asks for, in which order, and what it says."""

import pytest
from botocore.stub import ANY
from off.handler import NightOffError, run, settings_from

from deploy.tests.guard.stubs import (
    ALERTER,
    EMR,
    ENDED_EMR,
    ENDPOINT,
    MSK,
    NAT,
    PRODUCER,
    SERVERLESS,
    SETTINGS,
    Aws,
    Waiting,
    active,
)


def test_with_nothing_up_nothing_is_done_and_the_report_says_so() -> None:
    aws = Aws()
    aws.tagged()
    aws.tasks()
    aws.report("Night off: all is off", ANY)
    with active(aws):
        assert run(aws.clients, SETTINGS, Waiting().clock) == {"stopped": [], "costs": []}


def test_the_enricher_is_asked_and_awaited_before_services_go() -> None:
    aws, waiting = Aws(), Waiting()
    aws.tagged(EMR, ALERTER, PRODUCER)
    aws.cluster("j-NEW", "RUNNING")
    aws.steps("j-NEW", "enricher", "cars")
    aws.marker()
    for names in (("enricher",), ()):
        aws.cluster("j-NEW", "RUNNING")
        aws.steps("j-NEW", *names)
    aws.services(tacho_dev_alerter=1, tacho_dev_producer=1)
    aws.set_to_zero("tacho-dev-alerter")
    aws.set_to_zero("tacho-dev-producer")
    aws.cluster("j-NEW", "WAITING")
    aws.tasks()
    aws.report("Night off: 1 thing(s) still cost money", ANY)
    with active(aws):
        answer = run(aws.clients, SETTINGS, waiting.clock)
    assert answer["stopped"] == ["enricher", "tacho-dev-alerter", "tacho-dev-producer"]
    assert answer["costs"] == ["EMR cluster j-NEW"]
    assert waiting.seconds == 20.0


def test_without_an_enricher_no_marker_is_left_that_the_next_start_would_refuse() -> None:
    aws = Aws()
    aws.tagged(EMR)
    aws.cluster("j-NEW", "WAITING")
    aws.steps("j-NEW", "cars")
    aws.cluster("j-NEW", "WAITING")
    aws.tasks()
    aws.report("Night off: 1 thing(s) still cost money", ANY)
    with active(aws):
        assert run(aws.clients, SETTINGS, Waiting().clock)["stopped"] == []


def test_an_enricher_that_does_not_end_is_a_problem_and_services_go_all_the_same() -> None:
    aws, waiting = Aws(), Waiting()
    aws.tagged(EMR, ALERTER)
    looks = 1 + int(SETTINGS.patience_seconds / 10)
    for look in range(looks):
        aws.cluster("j-NEW", "RUNNING")
        aws.steps("j-NEW", "enricher")
        if look == 0:
            aws.marker()
    aws.services(tacho_dev_alerter=2)
    aws.set_to_zero("tacho-dev-alerter")
    aws.cluster("j-NEW", "RUNNING")
    aws.tasks()
    aws.report("Night off: 1 problem(s)", ANY)
    with active(aws), pytest.raises(NightOffError, match=r"enricher \(j-NEW/s-enricher\) was asked to stop 600 s ago"):
        run(aws.clients, SETTINGS, waiting.clock)


def test_the_enricher_on_emr_serverless_is_found_among_streaming_jobs() -> None:
    aws = Aws()
    aws.tagged(SERVERLESS)
    states = ["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING"]
    for look in range(2):
        runs = [_run("enricher")] if look < 1 else []
        for mode, found in (("STREAMING", runs), ("BATCH", [])):
            aws.stubs["emr-serverless"].add_response(
                "list_job_runs", {"jobRuns": found}, {"applicationId": "00app", "states": states, "mode": mode}
            )
    aws.marker()
    aws.tasks()
    aws.report("Night off: all is off", ANY)
    with active(aws):
        assert run(aws.clients, SETTINGS, Waiting().clock)["stopped"] == ["enricher"]


def test_what_still_costs_is_named_with_the_command_that_ends_it() -> None:
    aws, said = Aws(), _Said()
    aws.tagged(ENDED_EMR, MSK, NAT, ENDPOINT)
    for _ in range(2):
        aws.cluster("j-OLD", "TERMINATED")
    aws.tasks(replay="family:tacho-dev-tacho", kept="service:tacho-dev-alerter")
    aws.stubs["ec2"].add_response(
        "describe_nat_gateways",
        {"NatGateways": [{"NatGatewayId": "nat-1", "State": "available"}]},
        {"Filter": [{"Name": "nat-gateway-id", "Values": ["nat-1"]}]},
    )
    aws.stubs["ec2"].add_response(
        "describe_vpc_endpoints",
        {"VpcEndpoints": []},
        {
            "Filters": [
                {"Name": "vpc-endpoint-id", "Values": ["vpce-1"]},
                {"Name": "vpc-endpoint-type", "Values": ["Interface"]},
            ]
        },
    )
    aws.report("Night off: 3 thing(s) still cost money", said)
    with active(aws):
        run(aws.clients, SETTINGS, Waiting().clock)
    for words in (
        "task/tacho-dev/replay",
        "aws ecs stop-task",
        "nat-1",
        "tacho aws down 15-egress",
        "cannot be paused",
    ):
        assert words in said.text
    assert "kept" not in said.text
    assert "j-OLD" not in said.text
    assert "vpce-1" not in said.text


def test_a_service_that_is_at_zero_is_left_alone() -> None:
    aws = Aws()
    aws.tagged(ALERTER)
    aws.services(tacho_dev_alerter=0)
    aws.tasks()
    aws.report("Night off: all is off", ANY)
    with active(aws):
        assert run(aws.clients, SETTINGS, Waiting().clock)["stopped"] == []


def test_what_fails_does_not_keep_the_rest_from_being_tried() -> None:
    aws, said = Aws(), _Said()
    aws.tagged(EMR, ALERTER)
    aws.stubs["emr"].add_client_error("describe_cluster", "ThrottlingException")
    aws.services(tacho_dev_alerter=1)
    aws.set_to_zero("tacho-dev-alerter")
    aws.cluster("j-NEW", "RUNNING")
    aws.tasks()
    aws.report("Night off: 1 problem(s)", said)
    with active(aws), pytest.raises(NightOffError, match="could not stop the enricher"):
        run(aws.clients, SETTINGS, Waiting().clock)
    assert "tacho-dev-alerter" in said.text


def test_the_environment_of_the_function_is_understood() -> None:
    environment = {
        "PROJECT": "tacho",
        "ENVIRONMENT": "dev",
        "BUCKET": "bucket",
        "STOP_KEY": "control/enricher/stop",
        "ECS_CLUSTER": "tacho-dev",
        "TOPIC_ARN": SETTINGS.topic_arn,
        "PATIENCE_SECONDS": "600",
    }
    assert settings_from(environment) == SETTINGS


class _Said:
    """Equal to whatever is published, which it remembers."""

    text = ""

    def __eq__(self, other: object) -> bool:
        self.text = str(other)
        return True

    __hash__ = None  # type: ignore[assignment]


def _run(name: str) -> dict[str, object]:
    return {
        "applicationId": "00app",
        "id": "run-1",
        "name": name,
        "arn": "arn:aws:emr-serverless:eu-central-1:123456789012:/applications/00app/jobruns/run-1",
        "createdBy": "arn:aws:iam::123456789012:user/operator",
        "createdAt": 0,
        "updatedAt": 0,
        "executionRole": "arn:aws:iam::123456789012:role/tacho-dev-emr-job",
        "state": "RUNNING",
        "stateDetails": "runs",
        "releaseLabel": "emr-spark-8.1.0",
        "mode": "STREAMING",
    }
