"""The laws of what hall.toml promises: what no visitor could ever be given is named with its place, before it is promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.queue.mistakes import SAMPLE, changed, checked, place_of, problems, told

GUIDE = '\n[[consoles]]\nid = "guide"\n'


def opening(*lines: str) -> str:
    return changed("[rules]", "\n".join(["[opening]", *lines, "", "[rules]"]))


def pension(*lines: str, text: str = SAMPLE) -> str:
    """The sample hall with more about its first service."""
    return text.replace('name = "养老保险"\n', "\n".join(['name = "养老保险"', *lines, ""]), 1)


# --- counters ---------------------------------------------------------------------------------------


def test_a_service_that_only_green_counters_serve_is_named():
    text = changed('services = ["pension", "card"]', 'services = ["card"]')
    told(
        text,
        'id = "pension"',
        "only green counters serve 'pension': behind the green channel its other visitors might wait for ever; "
        "let one counter that serves it not be green",
    )


def test_a_counter_that_serves_nothing_is_named():
    text = changed("number = 1\nservices", "number = 7\n[[counters]]\nnumber = 1\nservices")
    text = text.replace("number = 7\n", 'number = 7\nzone = "main"\n')
    sentence = "counter 7 serves nothing; name its services, or write comprehensive = true"
    assert any(line.endswith(sentence) for line in problems(text))
    comprehensive = text.replace("number = 7\n", "number = 7\ncomprehensive = true\n")
    assert not any("serves nothing" in line for line in problems(comprehensive))


def test_a_service_of_a_zone_that_is_not_there_is_named():
    text = pension('zone = "mian"')
    told(
        text,
        'zone = "mian"',
        "service 'pension' has the zone 'mian', which is none; did you mean 'main'?",
    )


def test_a_special_service_at_a_counter_of_another_zone_is_named():
    text = pension('zone = "tax"') + '\n[[zones]]\nid = "tax"\nname = "办税区"\n'
    sentence = "stands in 'main', and 'pension' is special: only counters of 'tax' serve it"
    places = [place_of(text, '"pension"', nth) for nth in (2, 3)]
    assert problems(text) == tuple(
        f"hall.toml:{place}: counter {number} {sentence}" for number, place in enumerate(places, 1)
    )
    assert problems(pension('zone = "main"')) == ()


def test_a_comprehensive_counter_that_names_a_special_service_is_named():
    text = pension('zone = "main"').replace("number = 2\n", "number = 2\ncomprehensive = true\n")
    told(
        text,
        '"pension", "card"]',
        "counter 2 is comprehensive, and 'pension' is special, of zone 'main'; take one of them out",
    )


def test_a_general_service_needs_no_other_counter_than_a_comprehensive_one():
    text = changed('services = ["pension", "card"]', "comprehensive = true")
    assert problems(text) == ()


# --- hours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sessions", "where", "sentence"),
    [
        ('["12:00-09:00"]', '"12:00', "the session 12:00-09:00 ends before it begins"),
        ('["09:00-09:00"]', '"09:00', "the session 09:00-09:00 ends before it begins"),
        ('["13:00-17:00", "09:00-12:00"]', '"09:00', "the session 09:00-12:00 is earlier than 13:00-17:00; write it first"),
        ('["09:00-12:00", "11:30-17:00"]', '"11:30', "the session 11:30-17:00 begins before 09:00-12:00 has ended"),
        ('["09:00-12:00", "09:00-12:00"]', '"09:00-12:00"]', "the session 09:00-12:00 begins before 09:00-12:00 has ended"),
    ],
)  # fmt: skip
def test_sessions_that_are_no_hours_of_a_day_are_named(sessions: str, where: str, sentence: str):
    told(opening(f"sessions = {sessions}"), where, sentence)
    told(pension(f"sessions = {sessions}"), where, sentence)


def test_sessions_may_follow_each_other_at_once_and_last_until_midnight():
    assert problems(opening('sessions = ["00:00-12:00", "12:00-24:00"]')) == ()


@pytest.mark.parametrize("written", ["9:00-12:00", "09:00", "09:00-25:00", "24:00-24:00"])
def test_what_is_no_session_is_named_in_plain_words(written: str):
    told(
        opening(f'sessions = ["{written}"]'),
        f'"{written}"',
        f"item 1 of 'sessions' must be hours from and to, such as \"09:00-12:00\", not '{written}'",
    )


def test_a_session_that_is_over_before_its_first_ticket_is_named():
    sentence = (
        "the session 13:00-13:30 is no longer than the 30 minutes before its end in which no ticket of 'pension' "
        "is given: there would be none"
    )
    hours = 'sessions = ["09:00-12:00", "13:00-13:30"]'
    told(pension(hours, "last_ticket_min = 30"), "last_ticket_min", sentence)
    told(pension("last_ticket_min = 30", text=opening(hours)), "last_ticket_min", sentence)
    assert problems(pension(hours, "last_ticket_min = 29")) == ()


def test_a_day_that_is_closed_and_open_is_named():
    text = opening("closed_days = [2026-10-01, 2026-10-02]", "open_days = [2026-09-27, 2026-10-02]")
    told(text, "2026-10-02]", "2026-10-02 is an open day and a closed day; which?", nth=2)


# --- quotas, prefixes, names ------------------------------------------------------------------------


def test_a_slot_that_has_more_tickets_than_the_day_is_named():
    text = pension("quota_day = 10", "quota_slot = 11")
    told(
        text,
        "quota_slot",
        "'quota_slot' gives 11 tickets of 'pension', more than the 10 of the whole day",
    )
    for fair in (("quota_day = 10", "quota_slot = 10"), ("quota_slot = 11",), ("quota_day = 1",)):
        assert problems(pension(*fair)) == ()


def test_a_service_with_the_prefix_of_numbers_written_by_hand_is_named():
    sentence = "'card' has the prefix of numbers written by hand; give it, or 'hand_prefix' of [rules], another letter"
    told(changed('prefix = "B"', 'prefix = "X"'), 'prefix = "X"', sentence)
    told(changed("[rules]", '[rules]\nhand_prefix = "B"'), 'prefix = "B"', sentence, nth=2)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ('[[classes]]\nid = "green"\nname = "军人"\n' * 2, "two classes are called 'green'"),
        (
            '[[rating_reasons]]\nid = "cold"\nname = "大厅太冷"\n' * 2,
            "two rating reasons are called 'cold'",
        ),
        ('[[pauses]]\nid = "drill"\nname = "演练"\n' * 2, "two pauses are called 'drill'"),
        (GUIDE * 2, "two consoles are called 'guide'"),
    ],
)
def test_a_table_that_is_there_twice_is_named(tables: str, sentence: str):
    (line,) = problems(f"{SAMPLE}\n{tables}")
    assert line.endswith(f"{sentence} (2 times in all); each must be its own")


@pytest.mark.parametrize(
    ("name", "kind"), [("hall-1", "board"), ("voice-1", "device"), ("kiosk-1", "board")]
)
def test_a_console_with_the_name_of_a_board_or_a_device_is_named(name: str, kind: str):
    text = SAMPLE + GUIDE.replace("guide", name)
    (line,) = problems(text)
    assert line.endswith(
        f"the console {name!r} is called as a {kind} is; give it a name of its own"
    )
    assert problems(SAMPLE + GUIDE) == ()


def test_a_kiosks_green_key_needs_the_class_it_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = SAMPLE + '\n[[classes]]\nid = "elderly"\nname = "老年人"\n'
    status, lines = checked(tmp_path, text, capsys)
    where = place_of(text, "green = 26")
    sentence = "the key 'green' gives tickets of the class 'green', which is none; known here are: elderly; add it to [[classes]]"
    assert (status, lines) == (1, (f"hall.toml:{where}: {sentence}",))
    keyless = text.replace(", green = 26", "")
    assert checked(tmp_path, keyless, capsys)[0] == 0
