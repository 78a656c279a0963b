import pytest
from pydantic import SecretStr, ValidationError

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode
from tacho_dashboard.cli import main
from tacho_dashboard.kafka_options import kafka_options
from tacho_dashboard.reading.decoding import Decoder
from tacho_dashboard.serving import listen
from tacho_dashboard.settings import Settings, first_mistake


def test_a_setting_that_cannot_be_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_DASHBOARD_PORT", "http")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert first_mistake(refused.value).startswith("TACHO_DASHBOARD_PORT: ")


def test_a_port_that_is_taken_ends_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0, "port") as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("TACHO_DASHBOARD_PORT", str(port))
        assert main(["rehearse"]) == 2
    assert f"TACHO_DASHBOARD_PORT={port}: nothing can listen on 127.0.0.1:{port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("connection", "mechanism"),
    [
        (Connection(servers="b:1", mode=Mode.SCRAM, user="u", password=SecretStr("p")), "SCRAM-SHA-512"),
        (Connection(servers="b:1", mode=Mode.IAM, region="eu-central-1"), "OAUTHBEARER"),
    ],
)
def test_it_never_logs_in_in_the_clear(connection: Connection, mechanism: str) -> None:
    options = kafka_options(connection)
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", mechanism)
    assert options["ssl_context"].check_hostname


def test_an_open_broker_needs_no_login() -> None:
    assert set(kafka_options(Connection(servers="b:1"))) == {"bootstrap_servers", "client_id"}


@pytest.mark.parametrize("value", [None, b"", b"garbage", b"\xc3\x01" + b"x" * 8, b"x" * 70_000])
def test_garbage_is_counted_and_left_out(value: bytes | None) -> None:

    decoder = Decoder(load_catalogue().topics["samples-enriched"])
    assert decoder.decode(value) is None
    assert decoder.unreadable.total() == 1


def test_a_record_of_another_topic_is_garbage() -> None:

    decoder = Decoder(load_catalogue().topics["samples-enriched"])
    ack = {"episode_id": "e", "car_id": 1, "at": 0, "by": "", "note": ""}
    assert decoder.decode(Codec("AlertAck").encode(ack)) is None
    assert decoder.decode(Codec("Heartbeat").encode({"at": 5})) == ("Heartbeat", {"at": 5})
