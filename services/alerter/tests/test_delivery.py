"""Delivered means that every delivery report came without an error."""

import asyncio

import pytest

from tacho_alerter.delivery import Delivery, DeliveryAbandoned, DeliveryFailed
from tacho_alerter.outgoing import Outgoing

NOBODY = {"bootstrap.servers": "127.0.0.1:9", "log_level": 0}


class ScriptedProducer:
    """Answers each record with the next of the given errors, at the next poll."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.reports = []

    def produce(self, _topic, _value, _key, _partition, on_delivery):
        self.reports.append(on_delivery)

    def poll(self, _seconds):
        self.reports.pop(0)(self.errors.pop(0), None)


class Refusal:
    def str(self):
        return "message too large"


def send(delivery, count):
    asyncio.run(delivery.send([Outgoing("alert-data", b"k", b"v")] * count))


def test_sending_returns_after_the_last_report():
    delivery = Delivery(NOBODY)
    delivery.producer = ScriptedProducer(None, None, None)
    send(delivery, 3)
    assert delivery.producer.reports == []


def test_one_refused_record_among_delivered_ones_fails_the_batch():
    delivery = Delivery(NOBODY)
    delivery.producer = ScriptedProducer(None, Refusal(), None)
    with pytest.raises(DeliveryFailed, match="message too large"):
        send(delivery, 3)


def test_stopping_ends_the_wait_for_a_broker_that_is_away():
    async def stopped_while_waiting():
        delivery = Delivery(NOBODY)
        sending = asyncio.create_task(delivery.send([Outgoing("alert-data", b"k", b"v")]))
        await asyncio.sleep(0)
        delivery.stop()
        await asyncio.wait_for(sending, 5)

    with pytest.raises(DeliveryAbandoned):
        asyncio.run(stopped_while_waiting())
