"""The laws of the access rules: each identity writes as itself alone, and reads what its devices show."""

from __future__ import annotations

import pytest

from broker.loading import parse
from broker.mosquitto import COORDINATOR, access_rules, names, rights
from broker.topics import Topics
from tests.queue.mistakes import SAMPLE, changed

HALL = parse(SAMPLE)
RIGHTS = rights(HALL)
TOPICS = Topics("sample")
OTHERS = [name for name in RIGHTS if name != COORDINATOR]


def test_everybody_who_has_an_identity_has_rights_and_nobody_else():
    assert set(RIGHTS) == set(names(HALL))


@pytest.mark.parametrize("name", OTHERS)
def test_whoever_is_not_the_coordinator_writes_its_own_commands_and_presence_alone(name: str):
    assert set(RIGHTS[name].writes) == {TOPICS.command(name), TOPICS.presence(name)}


@pytest.mark.parametrize("name", OTHERS)
def test_whoever_is_not_the_coordinator_reads_no_answer_but_its_own_and_no_command(name: str):
    reads = RIGHTS[name].reads
    assert [topic for topic in reads if "/answer/" in topic] == [TOPICS.answer(name)]
    assert not [topic for topic in reads if "/command/" in topic or "#" in topic]


def test_a_board_reads_its_own_counters_and_kiosks_and_no_other():
    assert TOPICS.counter(2) in RIGHTS["counter-2"].reads
    assert TOPICS.counter(1) not in RIGHTS["counter-2"].reads
    readers = [name for name, its in RIGHTS.items() if TOPICS.kiosk("kiosk-1") in its.reads]
    assert readers == ["kiosk-1"], "what a kiosk owes paper for has the tickets' codes in it"


def test_the_days_key_is_read_by_boards_with_a_card_reader_alone_and_only_where_persons_count():
    assert not [topic for its in OTHERS for topic in RIGHTS[its].reads if "card_key" in topic]
    limited = rights(parse(changed("rating_s = ", "one_per_person = true\nrating_s = ")))
    readers = {
        name: topic for name, its in limited.items() for topic in its.reads if "card_key" in topic
    }
    assert readers == {"kiosk-1": TOPICS.card_key("kiosk-1")}
    writers = [name for name, its in limited.items() if TOPICS.card_key("+") in its.writes]
    assert writers == [COORDINATOR]


def test_the_rules_name_no_topic_for_all_and_nothing_for_the_silenced():
    rules = access_rules(HALL, {"counter-2"})
    assert rules.startswith("user ")
    assert "pattern" not in rules
    assert "user counter-2" not in rules
    assert "command/counter-2" not in rules
    assert "user counter-1\n" in rules


@pytest.mark.parametrize("taken", ["coordinator", "broker", "technician", "hub"])
def test_no_board_takes_the_name_of_the_hubs_own(taken: str):
    hall = parse(changed('[[boards]]\nid = "kiosk-1"', f'[[boards]]\nid = "{taken}"'))
    with pytest.raises(ValueError, match=f"'{taken}': a board or console has the name of another"):
        names(hall)
