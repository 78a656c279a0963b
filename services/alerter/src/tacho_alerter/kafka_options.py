"""The contracts' Connection in the words of each client library."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import partial
from typing import Any

from aiokafka.abc import AbstractTokenProvider
from faust.auth import OAuthCredentials, SASLCredentials
from faust.types.auth import CredentialsT

from tacho_alerter.outage import BROKER
from tacho_contracts.connection import Connection, Mode


def librdkafka_options(connection: Connection) -> dict[str, Any]:
    """Options of confluent-kafka's clients."""
    # librdkafka's own log repeats a refused connection 20 times a second; the same errors come to the callback.
    options: dict[str, Any] = {
        "bootstrap.servers": connection.servers,
        "log_level": 2,
        "error_cb": partial(BROKER.on_error, connection.servers),
    }
    if connection.mode is Mode.PLAINTEXT:
        return options
    options["security.protocol"] = "SASL_SSL"
    if connection.ca:
        options["ssl.ca.location"] = connection.ca
    if connection.mode is Mode.SCRAM and connection.password:
        credentials = {"sasl.username": connection.user, "sasl.password": connection.password.get_secret_value()}
        return options | credentials | {"sasl.mechanism": "SCRAM-SHA-512"}
    return options | {"sasl.mechanism": "OAUTHBEARER", "oauth_cb": lambda _: connection.token()}


def groupless(options: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Options of a consumer that reads by itself from where it says, and is told where a partition ends.

    `group` is never joined: the client wants one, and the service is allowed to know its own only.
    """
    return {
        **options,
        "group.id": group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
    }


def faust_credentials(connection: Connection) -> CredentialsT | None:
    """Faust's broker_credentials; None for an open broker."""
    if connection.mode is Mode.PLAINTEXT:
        return None
    context = ssl.create_default_context(cafile=connection.ca)
    if connection.mode is Mode.SCRAM and connection.password:
        password = connection.password.get_secret_value()
        return SASLCredentials(
            username=connection.user, password=password, mechanism="SCRAM-SHA-512", ssl_context=context
        )
    return OAuthCredentials(oauth_cb=_IamTokens(connection), ssl_context=context)


class _IamTokens(AbstractTokenProvider):  # type: ignore[misc]
    """Signs in with the process's AWS role; asked at each new connection, so a token is never an old one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def token(self) -> str:
        # Signing may ask AWS for credentials over the network, so it must not run on the loop.
        return (await asyncio.to_thread(self._connection.token))[0]
