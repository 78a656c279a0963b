"""Bytes of samples, checked with the contracts' codec and examples."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho_contracts.codec import Codec
from tacho_contracts.examples import iter_examples
from tacho_producer.encoding import Encoding, avro_one_by_one, avro_together, encoder
from tacho_producer.log_records import decode_sample
from tacho_producer.samples import Sample, batch_of

SAMPLES = st.builds(
    Sample,
    st.integers(1_000_000, 9_999_999),
    st.integers(1, 2**62),
    st.integers(0, 2**45),
    st.integers(0, 4000).map(lambda tenths: tenths / 10),
    st.integers(0, 20_000),
    st.integers(0, 10),
)


@given(st.lists(SAMPLES, max_size=60))
def test_a_batch_laid_out_at_once_has_the_bytes_fastavro_writes(samples: list[Sample]) -> None:
    batch = batch_of(samples)
    assert avro_together()(batch) == avro_one_by_one()(batch)


@pytest.mark.parametrize("encoding", list(Encoding))
@given(samples=st.lists(SAMPLES, min_size=1, max_size=60))
def test_what_is_encoded_decodes_to_the_same_samples(encoding: Encoding, samples: list[Sample]) -> None:
    assert [decode_sample(value) for value in encoder(encoding)(batch_of(samples))] == samples


def test_avro_is_the_contracts_own_encoding() -> None:
    record = {"event_id": "1234567-5", "car_id": 1234567, "sequence": 5, "event_time": 1_795_000_000_123}
    record |= {"speed": 83.4, "rpm": 2210, "gear": 4}
    sample = Sample(1234567, 5, 1_795_000_000_123, 83.4, 2210, 4)
    assert encoder(Encoding.AVRO)(batch_of([sample])) == [Codec("SensorSample").encode(record)]


def test_json_has_exactly_the_contracts_fields() -> None:
    (value,) = encoder(Encoding.JSON)(batch_of([Sample(1234567, 5, 1_795_000_000_123, 83.4, 2210, 4)]))
    assert json.loads(value) == {
        "event_id": "1234567-5",
        "car_id": 1234567,
        "sequence": 5,
        "event_time": 1_795_000_000_123,
        "speed": 83.4,
        "rpm": 2210,
        "gear": 4,
    }


def test_every_published_good_example_can_be_written() -> None:
    examples = [example.payload for example in iter_examples("SensorSample") if example.passes]
    if not examples:
        pytest.skip("schemas/examples/SensorSample has no examples yet")
    for payload in examples:
        sample = Sample(*(payload[name] for name in ("car_id", "sequence", "event_time", "speed", "rpm", "gear")))
        (value,) = encoder(Encoding.AVRO)(batch_of([sample]))
        assert Codec("SensorSample").decode(value) == payload
