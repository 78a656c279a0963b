from benchmarks.latency import Sent, certain_alerts, figures, sent_samples

SECOND = 1_000_000


def sample(number: int, sent_us: int) -> Sent:
    return Sent(f"1000000-{number}", sent_us, sent_us // 1000, speed=130.0, rpm=2000)


def test_the_journal_gives_what_was_sent_and_skips_a_line_cut_short() -> None:
    lines = ["sent,5000,5,1000000,7,4,50.5,2000,3\n", "acked,1000000,7,0,1\n", "sent,6000,6,1000000,8"]
    assert sent_samples(lines) == [Sent("1000000-7", 5000, 4, 50.5, 2000)]


def test_latency_counts_from_the_journalled_microsecond() -> None:
    sent = [sample(number, number * SECOND) for number in range(20)]
    arrived = {one.event_id: one.sent_us + 2500 for one in sent}
    found = figures(sent, arrived, set(arrived), [])
    assert (found.count, found.percentiles["p50"], found.percentiles["p99"]) == (20, 2.5, None)


def test_an_epochs_end_is_told_apart() -> None:
    sent = [sample(number, number * SECOND) for number in range(20)]
    arrived = {one.event_id: one.sent_us + 1000 for one in sent}
    arrived[sent[10].event_id] = sent[10].sent_us + 700_000
    found = figures(sent, arrived, set(arrived), [10 * SECOND])
    assert (found.longest, found.pauses, found.count) == (1.0, (700.0,), 14)


def test_an_alert_that_had_to_come_and_did_not_is_missing() -> None:
    sent = [sample(1, SECOND), sample(2, 2 * SECOND)]
    found = figures(sent, {sent[0].event_id: SECOND + 1000}, certain_alerts(sent), [])
    assert found.missing == 1
