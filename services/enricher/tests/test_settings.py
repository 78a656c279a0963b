"""The environment in, settings or one sentence out."""

import pytest

from tacho_contracts.errors import ContractError
from tacho_enricher.s3 import require_s3_jars
from tacho_enricher.session import spark_conf, task_slots
from tacho_enricher.settings import Query, Settings, Trigger, settings_from_environment


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TACHO_ENRICHER_{name.upper()}", raising=False)


def test_without_an_environment_all_queries_run_in_real_time() -> None:
    settings = settings_from_environment()
    assert settings.queries == tuple(Query)
    assert settings.trigger is Trigger.REALTIME


def test_queries_are_named_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHO_ENRICHER_QUERIES", "windows, alert-windows")
    assert settings_from_environment().queries == (Query.WINDOWS, Query.ALERT_WINDOWS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUERIES", ""),
        ("QUERIES", "enrich,enrich"),
        ("QUERIES", "enlarge"),
        ("TRIGGER", "sometimes"),
        ("EPOCH_SECONDS", "1"),
        ("MEMORY", "much"),
        ("GEAR_POLICY", "guess"),
        ("WINDOW_SECONDS", "0"),
        ("WINDOW_SLIDE_SECONDS", "7"),
    ],
)
def test_a_bad_setting_is_told_by_name_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TACHO_ENRICHER_{name}", value)
    with pytest.raises(ContractError, match=f"TACHO_ENRICHER_{name}") as raised:
        settings_from_environment()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TACHO_RESTARTS", "x"), ("TACHO_ENRICHER_EPOCH_SECONDS", "1"), ("TACHO_ENRICHER_QUERIES", "enrich,enlarge")],
)
def test_a_bad_setting_is_told_by_its_own_name_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ContractError, match=f"^{name}: .*, got '{value.rpartition(',')[2]}'$"):
        settings_from_environment()


def test_a_window_slides_by_its_own_size_unless_told() -> None:
    assert Settings(window_seconds=600).slide_seconds == 600


def test_real_time_mode_has_a_slot_for_each_partition_and_some_for_the_rest() -> None:
    assert task_slots(Settings(), partitions=6) > 6
    assert task_slots(Settings(queries=(Query.WINDOWS,)), partitions=6) == task_slots(
        Settings(trigger=Trigger.MICRO), partitions=6
    )


@pytest.mark.parametrize("master", [None, "", "local[3]"])
def test_every_jvm_refuses_the_sizes_that_hostile_avro_claims(master: str | None) -> None:
    conf = spark_conf(Settings(master=master), partitions=6)
    for kind in ("string", "bytes", "collectionItems"):
        assert f"org.apache.avro.limits.{kind}.maxLength=65536" in conf["spark.driver.extraJavaOptions"]


def test_an_empty_master_leaves_master_and_memory_to_spark_submit() -> None:
    conf = spark_conf(Settings(master=""), partitions=6)
    assert not {"spark.master", "spark.driver.memory"} & set(conf)


def test_s3_without_its_jars_is_refused_with_the_command_that_fetches_them() -> None:
    settings = Settings(checkpoints="s3://fleet/checkpoints")
    with pytest.raises(ContractError, match=r"CHECKPOINTS=s3://fleet/checkpoints needs .*`tacho jars --group s3`"):
        require_s3_jars(settings, ["spark-avro_2.13-4.1.1.jar"])
    require_s3_jars(settings, ["hadoop-aws-3.4.2.jar"])
