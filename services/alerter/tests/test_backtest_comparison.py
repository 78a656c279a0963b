"""What counts as gained and lost, whose change is the largest, and which versions were in force."""

from hypothesis import given
from hypothesis import strategies as st

from tacho_alerter.backtest.comparison import Comparison, per_hour
from tacho_alerter.backtest.document import Extent, document, in_force
from tacho_alerter.backtest.matching import Spans
from tacho_alerter.backtest.progress import LINES_SECONDS, TERMINAL_SECONDS, Progress
from tacho_alerter.backtest.tally import Tally
from tacho_alerter.rules.ruleset import RuleSet

HOUR = 3_600_000


def spans(*pairs):
    made = Spans()
    for start, end in pairs:
        made.add(start, end)
    return made


def tally(alerts=(), episodes=()):
    made = Tally()
    made.alerts.update(dict(alerts))
    for key, start, end in episodes:
        made.episodes[key].add(start, end)
    return made


def test_an_episode_that_shares_one_moment_with_another_has_a_counterpart():
    assert spans((10, 20)).without_counterpart(spans((20, 30))) == 0
    assert spans((10, 20)).without_counterpart(spans((0, 10))) == 0
    assert spans((10, 20)).without_counterpart(spans((0, 9), (21, 30))) == 1


def test_a_late_episode_of_one_sample_has_a_counterpart_where_another_covers_its_moment():
    assert spans((15, 15)).without_counterpart(spans((10, 20))) == 0
    assert spans((15, 15)).without_counterpart(spans((16, 16))) == 1


def test_one_long_episode_is_the_counterpart_of_several_short_ones():
    assert spans((0, 5), (7, 9)).without_counterpart(spans((0, 20))) == 0
    assert spans((0, 20)).without_counterpart(spans((0, 5), (7, 9))) == 0


def test_a_long_episode_counts_though_a_short_one_within_it_began_later():
    assert spans((50, 60)).without_counterpart(spans((0, 100), (10, 11))) == 0


PAIRS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


@given(PAIRS, PAIRS)
def test_counterparts_are_those_that_looking_at_every_pair_finds(ours, theirs):
    alone = sum(not any(a <= d and c <= b for c, d in theirs) for a, b in ours)
    assert spans(*ours).without_counterpart(spans(*theirs)) == alone


def test_only_an_episode_of_the_same_car_and_rule_is_a_counterpart():
    comparison = Comparison(top=5)
    comparison.add(
        tally(episodes=[((1, "a"), 0, 10), ((2, "b"), 0, 10)]), tally(episodes=[((1, "b"), 0, 10), ((2, "a"), 0, 10)])
    )
    assert (comparison.totals.gained, comparison.totals.lost) == (2, 2)
    assert (comparison.rules["a"].gained, comparison.rules["a"].lost) == (1, 1)


def test_a_rule_adds_up_over_cars_and_partitions():
    comparison = Comparison(top=5)
    for car in (1, 2):
        comparison.add(
            tally([((car, "a"), 3)], [((car, "a"), 0, 10)]), tally([((car, "a"), 5)], [((car, "a"), 20, 30)])
        )
    found = comparison.rules["a"]
    assert (found.published.alerts, found.draft.alerts) == (6, 10)
    assert (found.published.episodes, found.draft.episodes, found.gained, found.lost) == (2, 2, 2, 2)


def test_the_cars_with_the_largest_change_are_named_and_those_without_one_only_count():
    comparison = Comparison(top=2)
    comparison.add(tally([((1, "a"), 3)]), tally([((1, "a"), 3)]))
    comparison.add(tally([((2, "a"), 3)]), tally([((2, "a"), 9)]))
    comparison.add(tally([((3, "a"), 3)]), tally([((3, "a"), 4)]))
    comparison.add(tally(), tally([((4, "a"), 1)], [((4, "a"), 0, 10)]))
    assert [car for car, _ in comparison.most_changed] == [4, 2]
    assert comparison.changed_cars == 3


def test_alerts_an_hour_are_those_of_log_time():
    assert per_hour(30, HOUR // 2) == 60.0
    assert per_hour(1, 7 * HOUR) == 0.14


def test_where_no_time_has_passed_there_is_no_rate():
    assert per_hour(5, 0) is None


VERSIONS = [(0, "first"), (100, "second"), (200, "withdrawn"), (200, "third")]


def named(versions):
    return [rules for _, rules in versions]


def test_versions_in_force_are_those_that_hold_at_some_moment_of_the_range():
    assert named(in_force(VERSIONS, 150, 250)) == ["second", "third"]
    assert named(in_force(VERSIONS, 200, 250)) == ["third"]
    assert named(in_force(VERSIONS, 10, 99)) == ["first"]


def test_before_the_first_version_the_first_holds():
    assert named(in_force([(100, "first"), (200, "second")], 10, 50)) == ["first"]
    assert in_force([], 10, 50) == []


def test_the_document_has_these_keys():
    extent = Extent(HOUR, 2 * HOUR, True, samples=10, unreadable=1, cars=2, wall_seconds=0.5)
    comparison = Comparison(top=1)
    comparison.add(tally(), tally([((1, "a"), 2)], [((1, "a"), HOUR, HOUR)]))
    side = {"alerts": 0, "alerts_per_hour": 0.0, "episodes": 0}
    gain = {"published": side, "draft": {"alerts": 2, "alerts_per_hour": 2.0, "episodes": 1}, "gained": 1, "lost": 0}
    assert document(comparison, extent, RuleSet((), "0123456789ab"), []) == {
        "since": "1970-01-01T01:00:00Z",
        "until": "1970-01-01T02:00:00Z",
        "log_seconds": 3600.0,
        "from_the_start": True,
        "draft": "0123456789ab",
        "published": [],
        "rules": [{"rule": "a", **gain}],
        "totals": gain,
        "cars": [{"car_id": 1, **gain}],
        "cars_changed": 1,
        "cars_read": 2,
        "samples": 10,
        "unreadable": 1,
        "wall_seconds": 0.5,
        "samples_per_second": 20,
    }


class Paper:
    """What was written where, as far as a stream is asked about it."""

    def __init__(self, terminal):
        self.text, self._terminal = "", terminal

    def isatty(self):
        return self._terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def told_every_second(terminal, seconds):
    paper, now = Paper(terminal), [0.0]
    progress = Progress(1000, paper, lambda: now[0])
    for _ in range(seconds):
        now[0] += 1
        progress.done(10)
    return paper, progress


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal():
    paper, _ = told_every_second(terminal=False, seconds=25)
    assert paper.text == "100 of 1,000 records, 10 a second\n200 of 1,000 records, 10 a second\n"
    assert LINES_SECONDS == 10


def test_progress_on_a_terminal_is_one_line_that_is_gone_in_the_end():
    paper, progress = told_every_second(terminal=True, seconds=5)
    assert paper.text.count("records") == 5 // TERMINAL_SECONDS
    assert "\n" not in paper.text
    progress.end()
    assert paper.text.endswith("\r\x1b[K")


def test_short_work_says_nothing():
    paper, progress = told_every_second(terminal=True, seconds=1)
    progress.end()
    assert paper.text == ""
