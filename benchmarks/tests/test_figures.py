from benchmarks.figures import Reading, percentile, ratio, slope, spread
from benchmarks.rounds import interleaved


def test_rounds_run_there_and_back() -> None:
    order = [name for _, name in interleaved(("a", "b", "c"), 2)]
    assert order == ["a", "b", "c", "c", "b", "a"]


def test_a_percentile_needs_ten_samples_beyond_it() -> None:
    assert percentile(range(1, 1001), 0.99) == 990
    assert percentile(range(1, 1000), 0.99) is None


def test_a_percentile_of_nothing_is_no_figure() -> None:
    assert percentile([], 0.5) is None


def test_a_spread_names_the_median_and_both_extremes() -> None:
    found = spread([3.0, 9.0, 1.0])
    assert (found.median, found.low, found.high, found.rounds) == (3.0, 1.0, 9.0, 3)


def test_a_ratio_is_taken_round_by_round() -> None:
    # A machine that was half as fast in the second round changes neither ratio.
    assert ratio([100.0, 50.0], [10.0, 5.0]) == spread([10.0, 10.0])


def test_a_slope_leaves_out_the_warm_up_and_the_tail() -> None:
    readings = [Reading(0, 0, 0), Reading(10, 8, 200), Reading(17, 11.5, 900), Reading(40, 12, 1000)]
    found = slope(readings, 1000)
    assert found is not None
    assert (found.records, found.seconds, found.cpu) == (700, 7, 3.5)


def test_a_contender_that_was_stopped_is_measured_over_what_it_did() -> None:
    readings = [Reading(0, 0, 0), Reading(10, 10, 100)]
    found = slope(readings, 1000)
    assert found is not None
    assert (round(found.records), round(found.seconds)) == (70, 7)


def test_an_output_that_came_at_once_has_no_slope() -> None:
    assert slope([Reading(0, 0, 0), Reading(1, 1, 0)], 1000) is None
