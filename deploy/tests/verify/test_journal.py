"""Reading the producer's journal."""

import pytest

from tacho.verify.errors import CannotVerify
from tacho.verify.journal import Journal

SENT = "sent,1795340000000123,1795340000000,1000001,1,1795339999960,50.25,2000,3\n"


def read(*lines, complete=True):
    journal = Journal(complete)
    journal.read("journal-00000001.csv", lines)
    return journal


def test_a_confirmed_sample_has_its_values_and_its_place():
    journal = read(SENT, "acked,1000001,1,4,17\n")
    entry = journal[journal.find(1_000_001, 1)]
    assert entry == (1_000_001, 1, 1_795_340_000_000, 1_795_339_999_960, 50.25, 2000, 3, 4, 17)
    assert (len(journal), journal.acked, entry.acked) == (1, 1, True)


def test_a_sample_without_a_word_from_the_broker_is_not_confirmed():
    journal = read(SENT, "failed,1000001,1,Local: Message timed out\n")
    assert (journal.acked, journal.failed, journal[0].acked) == (0, 1, False)


def test_a_line_cut_short_by_a_kill_does_not_count():
    assert len(read(SENT, SENT.replace(",1,", ",2,")[:-1])) == 1


def test_a_sample_that_was_never_sent_is_not_found():
    assert read(SENT).find(1_000_001, 2) is None
    assert read(SENT).find(1_000_002, 1) is None


@pytest.mark.parametrize("line", ["sent,1\n", "hello\n", "acked,1000001,9,0,0\n", SENT])
def test_a_damaged_journal_proves_nothing(line):
    with pytest.raises(CannotVerify, match=r"journal-00000001\.csv, line 2"):
        read(SENT, line)


def test_a_confirmation_whose_segment_was_deleted_is_passed_over():
    assert read(SENT, "acked,1000001,9,0,0\n", complete=False).acked == 0
