"""`tacho aws topics` and `schemas`: the contracts onto the cluster and into the registry."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tacho.aws.adapters.glue import GlueSchemas
from tacho.aws.adapters.msk import MskTopics
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment
from tacho.aws.commands.desk import Terminal, print_json
from tacho.aws.publishing import publication
from tacho.aws.stages import FOUNDATION, MSK
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.schemas import records, writer_schemas

_BROKERS = "Copies of each record; both sizes of 20-msk have three brokers or more."
Replication = Annotated[int, typer.Option(min=1, envvar="TACHO_REPLICATION_FACTOR", help=_BROKERS)]


def topics(
    replication: Replication = 3,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    as_json: options.Json = False,
) -> None:
    """Create the catalogue's topics on MSK and check the ones that are there."""
    deployment, desk = Deployment(env, region), Terminal()
    msk = MskTopics(deployment.client("kafka"), str(deployment.output("cluster_arn", MSK)))
    catalogue = load_catalogue().topics
    created = msk.ensure(catalogue.values(), replication, (lambda _: None) if as_json else desk.say)
    if as_json:
        print_json({"created": created, "topics": list(catalogue), "replication_factor": replication})
    else:
        desk.say(f"created {', '.join(created)}" if created else "all topics are there, as the catalogue says")


def schemas(
    check: Annotated[bool, typer.Option("--check", help="Say what is missing; publish nothing.")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    as_json: options.Json = False,
) -> None:
    """Publish new schema versions, in order; refuses one that some version could not read before AWS does."""
    deployment = Deployment(env, region)
    glue = GlueSchemas(deployment.client("glue"), str(deployment.output("registry_name", FOUNDATION)))
    # All are checked before the first is published: a refusal leaves everything as it was.
    found = [publication(record, writer_schemas(record), glue.versions(record)) for record in records()]
    if not check:
        for one in found:
            for schema in one.missing:
                glue.register(one.record, schema.version, schema.text)
        for record in records():
            for schema in writer_schemas(record):
                # Readers of TACHO_SCHEMAS=s3://<bucket>/schemas find it at their next start.
                deployment.bucket.write(f"schemas/{record}/v{schema.version}.avsc", schema.text.encode())
    rows: list[dict[str, Any]] = [
        {
            "record": one.record,
            "published": list(one.published),
            "missing" if check else "new": [schema.version for schema in one.missing],
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(*rows[0], box=None)
    for row in rows:
        table.add_row(*(value if isinstance(value, str) else ", ".join(map(str, value)) for value in row.values()))
    Console().print(table)
