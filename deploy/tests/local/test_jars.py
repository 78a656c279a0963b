import hashlib
from pathlib import Path

import pyspark
import pytest

from tacho.errors import TachoError, UsageError
from tacho.local.jars import (
    Jar,
    WrongJarError,
    accept,
    counted,
    ensure_jars,
    ivy_module,
    locked_jars,
    missing,
    read_lock,
)

GROUPS = {"broker", "kafka", "iam", "s3"}
PYSPARK_JARS = Path(pyspark.__file__).parent / "jars"
CONTENT = b"a jar"
JAR = Jar("broker", "kafka-1.0.jar", "org.example", "kafka", "1.0", hashlib.sha256(CONTENT).hexdigest())


def put(folder: Path, content: bytes) -> None:
    (folder / JAR.group).mkdir(parents=True)
    (folder / JAR.group / JAR.file).write_bytes(content)


def test_every_locked_jar_has_the_file_name_its_coordinates_give() -> None:
    assert all(jar.file == f"{jar.name}-{jar.version}.jar" for jar in locked_jars(GROUPS))


def test_the_lock_holds_its_groups_and_no_jar_twice() -> None:
    jars = locked_jars(GROUPS)
    assert {jar.group for jar in jars} == GROUPS
    assert len({(jar.group, jar.file) for jar in jars}) == len(jars)


def test_a_laptop_fetches_only_what_it_runs() -> None:
    assert {jar.group for jar in locked_jars()} == {"broker", "kafka"}


def test_a_group_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"no group spark in jars\.lock: choose among broker, iam, kafka, s3"):
        locked_jars(["spark", "kafka"])


def test_spark_reaches_msk_and_s3_with_one_version_of_the_aws_sdk() -> None:
    sdk = {jar.version for jar in locked_jars({"iam", "s3"}) if jar.organisation == "software.amazon.awssdk"}
    assert len(sdk) == 1


def test_hadoop_aws_is_of_the_hadoop_inside_pyspark() -> None:
    (hadoop,) = (jar.version for jar in locked_jars({"s3"}) if jar.name == "hadoop-aws")
    assert (PYSPARK_JARS / f"hadoop-client-api-{hadoop}.jar").is_file()


@pytest.mark.parametrize("group", ["kafka", "iam", "s3"])
def test_no_locked_jar_shadows_one_that_pyspark_ships(group: str) -> None:
    shipped = {path.stem.rpartition("-")[0] for path in PYSPARK_JARS.glob("*.jar")}
    assert not {jar.name for jar in locked_jars({group})} & shipped


def test_a_lock_line_of_another_form_is_refused_by_its_number() -> None:
    with pytest.raises(TachoError, match="line 2"):
        read_lock("# comment\nbroker kafka.jar\n")


def test_a_jar_with_other_content_counts_as_missing(tmp_path: Path) -> None:
    put(tmp_path, b"half a j")
    assert missing(tmp_path, [JAR]) == (JAR,)


def test_a_fetched_jar_with_a_wrong_hash_is_refused_by_name_and_not_kept(tmp_path: Path) -> None:
    put(tmp_path / "work" / "out", b"evil")
    with pytest.raises(WrongJarError, match=r"kafka-1\.0\.jar"):
        accept(tmp_path / "work" / "out", tmp_path / "jars", [JAR])
    assert not list(tmp_path.rglob("*.jar"))


def test_a_fetched_jar_with_the_right_hash_is_put_in_its_group(tmp_path: Path) -> None:
    put(tmp_path / "work" / "out", CONTENT)
    accept(tmp_path / "work" / "out", tmp_path / "jars", [JAR])
    assert missing(tmp_path / "jars", [JAR]) == ()


def test_nothing_is_fetched_when_all_is_there(tmp_path: Path) -> None:
    put(tmp_path, CONTENT)
    said: list[str] = []
    assert ensure_jars(tmp_path, said.append, [JAR]) == 0.0
    assert said == []


def test_ivy_is_asked_for_exactly_the_locked_version_and_nothing_behind_it() -> None:
    assert 'name="kafka" rev="1.0" conf="broker->default" transitive="false"' in ivy_module([JAR])


@pytest.mark.parametrize(("count", "words"), [(1, "1 jar"), (2, "2 jars")])
def test_jars_are_counted_as_people_count(count: int, words: str) -> None:
    assert counted(count) == words
