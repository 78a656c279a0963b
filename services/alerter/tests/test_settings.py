"""Settings, README and connection modes say the same thing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from faust.types.auth import AuthProtocol
from pydantic import SecretStr

from tacho_alerter.kafka_options import faust_credentials, librdkafka_options
from tacho_alerter.settings import Settings, variable
from tacho_contracts.connection import Connection, Mode

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_lists_exactly_the_settings_there_are():
    listed = re.findall(r"^\| `(TACHO_\w+)`", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [variable(name) for name in Settings.model_fields]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TACHO_ALERTER_SESSION_TIMEOUT_SECONDS", "1"),
        ("TACHO_KAFKA_MODE", "x"),
        ("TACHO_RESTARTS", "x"),
    ],
)
def test_a_wrong_setting_ends_with_code_2_and_one_sentence(variable, value):
    run = subprocess.run(
        [sys.executable, "-m", "tacho_alerter"], env={variable: value}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert variable in run.stderr


def test_a_rules_file_that_is_not_there_ends_with_code_2_and_one_sentence():
    run = subprocess.run(
        [sys.executable, "-m", "tacho_alerter", "check", "/no/such/file"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr == "/no/such/file: No such file or directory; name a readable file\n"


def test_an_open_broker_needs_no_credentials():
    connection = Connection(servers="b:9092", mode=Mode.PLAINTEXT)
    options = librdkafka_options(connection)
    assert {name for name in options if "." in name} == {"bootstrap.servers"}
    assert options["bootstrap.servers"] == "b:9092"
    assert faust_credentials(connection) is None


def test_scram_goes_over_tls_in_both_clients():
    connection = Connection(servers="b:9096", mode=Mode.SCRAM, user="u", password=SecretStr("p"))
    options = librdkafka_options(connection)
    assert (options["security.protocol"], options["sasl.mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    credentials = faust_credentials(connection)
    assert (credentials.protocol, credentials.username, credentials.password) == (AuthProtocol.SASL_SSL, "u", "p")


def test_iam_goes_over_tls_with_tokens_in_both_clients():
    connection = Connection(servers="b:9098", mode=Mode.IAM, region="eu-west-1")
    options = librdkafka_options(connection)
    assert (options["security.protocol"], options["sasl.mechanism"]) == ("SASL_SSL", "OAUTHBEARER")
    assert callable(options["oauth_cb"])
    assert faust_credentials(connection).protocol is AuthProtocol.SASL_SSL
