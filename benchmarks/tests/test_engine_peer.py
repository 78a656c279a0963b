from types import SimpleNamespace

from benchmarks.drives import enriched, eventful_drive
from benchmarks.peers.engine import Engine
from tacho_alerter.judge import Judge
from tacho_alerter.progress import Progress
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_alerter.state.restoring import Restored
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

CARS = 400


def test_the_engine_alone_sends_for_each_car_what_the_alerter_sends() -> None:
    codec = Codec("EnrichedSample")
    values = [codec.encode(sample) for sample in enriched(eventful_drive(), CARS, 40)]
    values.insert(900, Codec("Heartbeat").encode({"at": 1_750_000_000_500}))
    judge = Judge(Progress())
    judge.partitions.use(RulesHistory([(0, load_rules(PACKAGED_RULES, load_catalogue()))]))
    judge.partitions.restore({3: Restored(None, 0, [])}, "log")
    records = [
        SimpleNamespace(topic="samples-enriched", partition=3, offset=offset, timestamp=0, key=b"", value=value)
        for offset, value in enumerate(values)
    ]
    theirs = judge.outgoing(records)
    engine = Engine(PACKAGED_RULES)
    ours = [send for value in values for send in engine.outgoing(3, value)]
    assert len(ours) > CARS // 2
    # Large batches tell the events of different cars in another order.
    assert sorted(ours, key=lambda send: send.key) == sorted(theirs, key=lambda send: send.key)
