"""The contracts' Connection in the words of aiokafka."""

import asyncio
import ssl
from typing import Any

from aiokafka.abc import AbstractTokenProvider

from tacho_contracts.connection import Connection, Mode


def kafka_options(connection: Connection) -> dict[str, Any]:
    """Options of aiokafka's clients."""
    options: dict[str, Any] = {"bootstrap_servers": connection.servers, "client_id": "tacho-dashboard"}
    if connection.mode is Mode.PLAINTEXT:
        return options
    options |= {"security_protocol": "SASL_SSL", "ssl_context": ssl.create_default_context(cafile=connection.ca)}
    if connection.mode is Mode.SCRAM and connection.password:
        credentials = {
            "sasl_plain_username": connection.user,
            "sasl_plain_password": connection.password.get_secret_value(),
        }
        return options | credentials | {"sasl_mechanism": "SCRAM-SHA-512"}
    return options | {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": _IamTokens(connection)}


class _IamTokens(AbstractTokenProvider):  # type: ignore[misc]
    """Signs in with the process's AWS role; asked at each new connection, so a token is never an old one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def token(self) -> str:
        # Signing may ask AWS for credentials over the network, so it must not run on the loop.
        return (await asyncio.to_thread(self._connection.token))[0]
