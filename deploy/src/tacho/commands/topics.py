"""`tacho topics`: what is in the catalogue, and creating it on a cluster."""

from typing import Annotated

import typer
from confluent_kafka.admin import AdminClient
from rich.console import Console
from rich.table import Table

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.kafka_options import client_options
from tacho.local.topics import ensure_topics, require_broker
from tacho_contracts.catalogue import load_catalogue


def topics(
    create: Annotated[bool, typer.Option("--create", help="Create the absent ones and check the others.")] = False,
    servers: options.Servers = None,
) -> None:
    """List the topics of the catalogue, or create them."""
    catalogue = load_catalogue()
    if create:
        connection = connection_to(servers)
        admin = AdminClient(client_options(connection))
        require_broker(admin, connection.servers)
        made = ensure_topics(admin, catalogue.topics.values())
        print(f"created {', '.join(made)}" if made else "all topics are there, as the catalogue says")
        return
    table = Table("topic", "record", "key", "parts", "written by", "read by", box=None)
    table.columns[0].no_wrap = True
    for topic in catalogue.topics.values():
        writers, readers = ", ".join(sorted(topic.senders)), ", ".join(sorted(topic.receivers))
        table.add_row(topic.name, ", ".join(topic.records), topic.key, str(topic.partitions), writers, readers)
    Console().print(table)
