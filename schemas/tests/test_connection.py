"""The environment describes one connection, completely or not at all."""

import pytest

from tacho_contracts.connection import Mode, connection_from_environment
from tacho_contracts.errors import ContractError


def test_without_settings_it_is_the_local_broker_in_the_clear() -> None:
    connection = connection_from_environment()
    assert (connection.servers, connection.mode) == ("127.0.0.1:9092", Mode.PLAINTEXT)


def test_scram_without_a_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_KAFKA_MODE", "scram")
    monkeypatch.setenv("TACHO_KAFKA_USER", "alerter")
    with pytest.raises(ContractError, match="TACHO_KAFKA_PASSWORD"):
        connection_from_environment()


def test_iam_without_a_region_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_KAFKA_MODE", "iam")
    with pytest.raises(ContractError, match="TACHO_KAFKA_REGION"):
        connection_from_environment()


def test_an_unknown_mode_is_refused_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_KAFKA_MODE", "kerberos")
    with pytest.raises(ContractError, match="TACHO_KAFKA_MODE"):
        connection_from_environment()


def test_the_password_does_not_show_in_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MODE": "scram", "USER": "alerter", "PASSWORD": "s3cret"}.items():
        monkeypatch.setenv(f"TACHO_KAFKA_{name}", value)
    assert "s3cret" not in repr(connection_from_environment())
