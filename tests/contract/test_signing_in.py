"""Tokens against a broker that checks them: TLS, OAUTHBEARER, and a session that ends with its token."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from tacho.kafka_options import client_options
from tacho.local.broker import LocalBroker
from tacho.local.ports import free_port
from tacho_alerter.kafka_options import faust_credentials
from tacho_contracts.connection import Connection, Mode
from tacho_producer.kafka_options import kafka_options

PASSWORD = "changeit"
SESSIONS = 3
_SECURE = """
listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
controller.quorum.voters=1@127.0.0.1:{controller}
ssl.keystore.location={keystore}
ssl.keystore.password={password}
ssl.key.password={password}
listener.name.secure.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.secure.oauthbearer.sasl.jaas.config={module} required unsecuredLoginStringClaim_sub="broker";
listener.name.secure.connections.max.reauth.ms=60000
"""
_MODULE = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"


class SecureBroker(LocalBroker):
    """A local broker with a second listener as MSK's, its tokens unsigned."""

    secure = 0

    def prepare(self) -> None:
        super().prepare()
        self.secure = free_port()
        text = _SECURE.format(
            port=self.port,
            secure=self.secure,
            controller=free_port(),
            keystore=self.folder / "broker.p12",
            password=PASSWORD,
            module=_MODULE,
        )
        kept = [line for line in self.properties.read_text().splitlines() if line.split("=")[0] not in text]
        self.properties.write_text("\n".join(kept) + text)


def keytool(*arguments: str) -> None:
    subprocess.run(["keytool", *arguments, "-storepass", PASSWORD], check=True, capture_output=True)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory, broker_jars: Path) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("secure")
    store = ("-keystore", str(folder / "broker.p12"), "-alias", "broker")
    keytool("-genkeypair", *store, "-keyalg", "RSA", "-dname", "CN=broker", "-ext", "san=ip:127.0.0.1")
    keytool("-exportcert", *store, "-rfc", "-file", str(folder / "ca.pem"))
    with SecureBroker(folder, free_port(), broker_jars) as broker:
        admin = AdminClient({"bootstrap.servers": broker.servers})
        admin.create_topics([NewTopic("signed", 1, 1)], operation_timeout=30)["signed"].result(30)
        yield Connection(
            servers=f"127.0.0.1:{broker.secure}", mode=Mode.IAM, region="eu-central-1", ca=str(folder / "ca.pem")
        )


@pytest.mark.broker
@pytest.mark.parametrize("options", [kafka_options, client_options], ids=["producer", "tacho"])
def test_librdkafka_goes_on_sending_when_its_first_tokens_have_ended(
    options: Any, connection: Connection, signer: Any
) -> None:
    producer = Producer(options(connection))
    sent, failed = 0, []
    end = time.monotonic() + SESSIONS * signer.seconds
    while time.monotonic() < end:
        producer.produce("signed", b"x", on_delivery=lambda error, _: failed.append(error) if error else None)
        sent += 1
        producer.poll(0.1)
    assert producer.flush(30) == 0
    assert not failed
    assert sent > SESSIONS
    assert len(signer.tokens) > SESSIONS - 1


@pytest.mark.broker
def test_faust_s_client_goes_on_sending_when_its_first_tokens_have_ended(connection: Connection, signer: Any) -> None:
    async def send() -> None:
        login = dict(credentials_to_aiokafka_auth(faust_credentials(connection)))
        producer = AIOKafkaProducer(bootstrap_servers=connection.servers, acks="all", **login)
        await producer.start()
        try:
            end = time.monotonic() + SESSIONS * signer.seconds
            while time.monotonic() < end:
                await producer.send_and_wait("signed", b"x")
                await asyncio.sleep(0.1)
        finally:
            await producer.stop()

    asyncio.run(send())
    assert len(signer.tokens) > SESSIONS - 1


@pytest.mark.broker
def test_a_token_that_has_ended_is_refused(connection: Connection, signer: Any) -> None:
    signer.seconds = -60.0
    options = kafka_options(connection) | {"oauth_cb": lambda _: (connection.token()[0], time.time() + 60)}
    producer = Producer(options | {"message.timeout.ms": 3000})
    failed: list[Any] = []
    producer.produce("signed", b"x", on_delivery=lambda error, _: failed.append(error))
    producer.flush(10)
    assert len(failed) == 1
    assert failed[0] is not None
