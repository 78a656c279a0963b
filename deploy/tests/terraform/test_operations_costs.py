"""What docs/operations.md says of a stage's day is what its true plan costs."""

from typing import Any

import pytest

from deploy.tests.terraform.test_prices import usd_a_day
from tests.operations.documents import table

# Where a row has no settings, its are those of env/dev.
ROWS = {row[0]: row[2] for row in table("what is up")}


@pytest.mark.parametrize(
    ("row", "stage", "variables"),
    [
        ('`15-egress`, `mode = "nat"`', "15-egress", None),
        ('`15-egress`, `mode = "endpoints"`', "15-egress", {"mode": "endpoints"}),
        ('`20-msk`, `size = "demo"`', "20-msk", None),
        ('`20-msk`, `size = "standard"`', "20-msk", {"size": "standard"}),
        ("`30-emr`, m5.xlarge, as in the seed", "30-emr", None),
        ("`30-emr`, m5.2xlarge", "30-emr", {"instance_type": "m5.2xlarge"}),
        ('`30-emr`, `deployment = "serverless"`', "30-emr", {"deployment": "serverless"}),
        ("`40-services`", "40-services", None),
        ("`60-guard`", "60-guard", None),
    ],
)
def test_a_stages_day_in_the_guide_is_that_of_its_plan(row: str, stage: str, variables: dict[str, Any] | None) -> None:
    assert ROWS[row] == f"{usd_a_day(stage, variables):.2f}"
