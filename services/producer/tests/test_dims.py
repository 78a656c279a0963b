"""Dims from a folder and from S3."""

from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.server import ThreadedMotoServer

from tacho_producer.dims import load_dims
from tacho_producer.errors import SettingsError


@mock_aws
def test_dims_on_s3_are_the_same_as_in_a_folder(dims_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    client = boto3.client("s3")
    client.create_bucket(Bucket="fleet", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for path in dims_folder.rglob("*.csv"):
        client.upload_file(str(path), "fleet", f"a/dims/{path.relative_to(dims_folder).as_posix()}")
    client.put_object(Bucket="fleet", Key="a/dims/cars/_SUCCESS", Body=b"")
    assert load_dims("s3://fleet/a/dims") == load_dims(str(dims_folder))


def test_dims_on_a_server_that_speaks_s3_are_read_by_setting_alone(
    dims_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "us-east-1"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        client = boto3.client("s3")
        client.create_bucket(Bucket="fleet")
        for path in dims_folder.rglob("*.csv"):
            client.upload_file(str(path), "fleet", f"data/dims/{path.relative_to(dims_folder).as_posix()}")
        assert load_dims("s3://fleet/data/dims") == load_dims(str(dims_folder))
    finally:
        server.stop()


@mock_aws
def test_a_bucket_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with pytest.raises(SettingsError, match="s3://nowhere/dims"):
        load_dims("s3://nowhere/dims")


def test_a_missing_cars_folder_is_named(dims_folder: Path) -> None:
    (dims_folder / "cars" / "cars.csv").unlink()
    with pytest.raises(SettingsError, match=r"cars holds no \.csv"):
        load_dims(str(dims_folder))


def test_cars_may_be_in_several_files(dims_folder: Path) -> None:
    more = "car_id,driver_id,model_id,color_id\n9999999,123456789,1,1\n"
    (dims_folder / "cars" / "more.csv").write_text(more)
    assert load_dims(str(dims_folder)).cars[-1] == (9999999, 1)


@pytest.mark.parametrize("car", ["123456", "12345678", "0123456"])
def test_a_car_id_without_7_digits_is_refused(dims_folder: Path, car: str) -> None:
    (dims_folder / "cars" / "cars.csv").write_text(f"car_id,driver_id,model_id,color_id\n{car},123456789,1,1\n")
    with pytest.raises(SettingsError, match="7 digits"):
        load_dims(str(dims_folder))


def test_a_car_whose_model_has_no_drivetrain_is_named(dims_folder: Path) -> None:
    (dims_folder / "cars" / "cars.csv").write_text("car_id,driver_id,model_id,color_id\n1234567,123456789,99,1\n")
    with pytest.raises(SettingsError, match="model 99 of car 1234567"):
        load_dims(str(dims_folder))
