"""The contracts' Connection in the words of each client library."""

import ssl
from typing import Any

from aiokafka.abc import AbstractTokenProvider
from faust.auth import OAuthCredentials, SASLCredentials
from faust.types.auth import CredentialsT

from tacho_contracts.connection import Connection, Mode


def librdkafka_options(connection: Connection) -> dict[str, Any]:
    """Options of confluent-kafka's clients."""
    options: dict[str, Any] = {"bootstrap.servers": connection.servers}
    if connection.mode is Mode.PLAINTEXT:
        return options
    options["security.protocol"] = "SASL_SSL"
    if connection.ca:
        options["ssl.ca.location"] = connection.ca
    if connection.mode is Mode.SCRAM and connection.password:
        credentials = {"sasl.username": connection.user, "sasl.password": connection.password.get_secret_value()}
        return options | credentials | {"sasl.mechanism": "SCRAM-SHA-512"}
    return options | {"sasl.mechanism": "OAUTHBEARER", "oauth_cb": lambda _: _iam_token(connection)}


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
    """Signs in with the process's AWS role."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def token(self) -> str:
        # Signing may ask AWS for credentials over the network, so it must not run on the loop.
        import asyncio

        return (await asyncio.to_thread(_iam_token, self._connection))[0]


def _iam_token(connection: Connection) -> tuple[str, float]:
    """A token and when it expires, in seconds since the epoch."""
    from aws_msk_iam_sasl_signer import MSKAuthTokenProvider

    token, expires_ms = MSKAuthTokenProvider.generate_auth_token(connection.region)
    return token, expires_ms / 1000.0
