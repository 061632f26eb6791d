"""The laws of hall.toml: each mistake is named with its file, its place and its likely meaning, and stops the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broker.loading import SettingsFault, load, parse
from broker.phrases import English, Phrases, each_phrase, filled
from broker.settings import Hall, Kind
from firmware.check import main
from tests.queue.mistakes import SAMPLE, changed, checked, place_of, problems, told

# --- the sample hall ---------------------------------------------------------------------------------------


def test_the_sample_hall_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status, lines = checked(tmp_path, SAMPLE, capsys)
    # A sample grows old like any catalogue, and is then told so.
    told_of = [line for line in lines if "last reviewed" not in line]
    assert told_of == ["hall.toml: in order: 4 services, 3 counters, 5 boards, 10 devices"]
    assert status == 0


def test_the_sample_hall_has_every_kind_of_device_and_shows_each_choice():
    hall = parse(SAMPLE)
    assert {device.kind for device in hall.device.values()} == set(Kind)
    assert {counter.green for counter in hall.counters} == {False, True}
    assert {counter.serve_key for counter in hall.counters} == {False, True}
    assert hall.rated_counters == {1, 2, 3}


def test_what_is_loaded_from_a_file_is_what_its_text_says(tmp_path: Path):
    (tmp_path / "hall.toml").write_text(SAMPLE, encoding="utf-8")
    assert load(tmp_path / "hall.toml") == parse(SAMPLE)


# --- sense -------------------------------------------------------------------------------------------------


def test_a_service_that_no_counter_serves_is_named():
    text = SAMPLE.replace(', "relations"]', "]").replace('"relations", ', "")
    told(
        text,
        'id = "relations"',
        "no counter serves 'relations': its visitors would wait for ever; add it to a counter's services",
    )


def test_a_counter_that_serves_what_is_no_service_is_named():
    text = changed('"relations", "card"]', '"relations", "crad"]')
    told(text, '"crad"', "counter 3 serves 'crad', which is no service; did you mean 'card'?")


def test_a_group_that_services_are_listed_under_is_there():
    groups = '[[groups]]\nid = "social"\nname = "社会保障"\n\n'
    listed = groups + changed('prefix = "A"', 'prefix = "A"\ngroup = "social"')
    assert parse(listed).services[0].group == "social"
    text = groups + changed('prefix = "A"', 'prefix = "A"\ngroup = "socail"')
    told(
        text,
        'group = "socail"',
        "'pension' is listed under 'socail', which is no group; did you mean 'social'?",
    )


def test_two_services_with_one_prefix_would_share_numbers():
    text = changed('prefix = "B"', 'prefix = "A"')
    told(
        text,
        'prefix = "A"',
        "two services have the prefix 'A' (2 times in all); each must be its own",
        nth=2,
    )


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("number = 2", "number = 1", "there are two counters with the number 1"),
        ('id = "card"', 'id = "pension"', "two services are called 'pension'"),
        ('id = "counter-2"', 'id = "counter-1"', "two boards are called 'counter-1'"),
    ],
)
def test_what_must_be_its_own_is_not_there_twice(right: str, wrong: str, sentence: str):
    lines = problems(changed(right, wrong))
    assert any(f"{sentence} (2 times in all); each must be its own" in line for line in lines)


def test_a_device_on_two_boards_is_named_with_both():
    text = changed('id = "pad-2"', 'id = "pad-1"')
    told(
        text,
        'id = "pad-1"',
        "device 'pad-1' stands on two boards, 'counter-1' and 'counter-2'",
        nth=2,
    )


def test_a_device_that_is_twice_on_one_board_is_named_with_it():
    text = changed('id = "display-1"', 'id = "voice-1"')
    told(
        text,
        'id = "voice-1"',
        "device 'voice-1' stands twice on board 'hall-1'; give each its own id",
        nth=2,
    )


def test_a_panel_on_no_board_is_named_at_its_counter():
    text = changed(
        'id = "panel-2"\nkind = "caller_panel"\ncounter = 2',
        'id = "panel-2"\nkind = "hall_display"',
    )
    told(
        text,
        "number = 2",
        "the caller panel of counter 2 is on no board: nobody could call there; "
        'add a device of kind "caller_panel" to one of [[boards]]',
    )


def test_a_panel_without_its_counter_or_of_one_that_is_not_there_is_named():
    text = changed('kind = "rating_pad"\ncounter = 3', 'kind = "rating_pad"\ncounter = 7')
    told(
        text,
        "counter = 7",
        "device 'pad-3' needs the number of its counter; 7 is none (there are 1, 2, 3)",
    )


def test_two_pads_at_one_counter_are_named():
    text = changed('kind = "rating_pad"\ncounter = 3', 'kind = "rating_pad"\ncounter = 2')
    told(text, "counter = 2", "counter 2 has two of rating_pad: 'pad-2' and 'pad-3'", nth=3)


def test_a_zone_that_is_not_there_is_named():
    text = changed('zone = "main"\nclerk', 'zone = "mian"\nclerk')
    told(
        text, 'zone = "mian"', "counter 1 stands in 'mian', which is no zone; did you mean 'main'?"
    )
    text = changed('kind = "announcer"\nzone = "main"', 'kind = "announcer"\nzone = "mian"')
    told(
        text,
        'zone = "mian"',
        "device 'voice-1' stands in 'mian', which is no zone; did you mean 'main'?",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "key", "device"),
    [
        ('kind = "ticket_kiosk"', 'kind = "ticket_kiosk"\ncounter = 5', "counter", "'kiosk-1', of kind ticket_kiosk"),
        ('kind = "ticket_kiosk"', 'kind = "ticket_kiosk"\nzone = "foyer"', "zone", "'kiosk-1', of kind ticket_kiosk"),
        ('kind = "hall_display"', 'kind = "hall_display"\ncounter = 5', "counter", "'display-1', of kind hall_display"),
        ('kind = "caller_panel"', 'kind = "caller_panel"\nzone = "foyer"', "zone", "'panel-1', of kind caller_panel"),
        ('kind = "rating_pad"', 'kind = "rating_pad"\nzone = "foyer"', "zone", "'pad-1', of kind rating_pad"),
    ],
)  # fmt: skip
def test_a_counter_or_zone_that_a_device_does_not_read_is_named(
    right: str, wrong: str, key: str, device: str
):
    where = wrong.splitlines()[1]
    told(changed(right, wrong), where, f"{key!r} has no meaning for {device}; take it out")


def test_an_announcer_speaks_for_a_counter_that_is_there_or_for_a_zone():
    of_counter = changed('kind = "announcer"\nzone = "main"', 'kind = "announcer"\ncounter = 2')
    assert problems(of_counter) == ()
    told(
        changed('kind = "announcer"\nzone = "main"', 'kind = "announcer"\ncounter = 7'),
        "counter = 7",
        "device 'voice-1' needs the number of its counter; 7 is none (there are 1, 2, 3)",
    )
    told(
        changed('kind = "announcer"', 'kind = "announcer"\ncounter = 2'),
        'zone = "main"',
        "the announcer 'voice-1' speaks for counter 2 alone, or for a zone: take one of them out",
        nth=4,
    )


def test_two_announcers_of_one_counter_are_named():
    text = changed(
        'kind = "announcer"\nzone = "main"',
        'kind = "announcer"\ncounter = 2\n[[boards.devices]]\nid = "voice-2"\nkind = "announcer"\ncounter = 2',
    )
    told(text, "counter = 2", "counter 2 has two of announcer: 'voice-1' and 'voice-2'", nth=4)


@pytest.mark.parametrize("zone", ['\nzone = "main"', ""], ids=["its zone", "the whole hall"])
def test_two_announcers_that_would_speak_at_once_are_named(zone: str):
    more = (
        f'\n[[boards]]\nid = "box"\n[[boards.devices]]\nid = "voice-2"\nkind = "announcer"{zone}\n'
    )
    (line,) = problems(SAMPLE + more)
    assert "the announcers 'voice-1' and 'voice-2' would speak the same calls at once" in line


def test_a_counter_with_a_speaker_of_its_own_is_a_zone_of_its_own():
    own = '\n[[boards]]\nid = "box"\n[[boards.devices]]\nid = "voice-2"\nkind = "announcer"\ncounter = 2\n'
    hall = parse(SAMPLE + own)
    zone, counter = hall.device["voice-1"], hall.device["voice-2"]
    assert hall.announced_by(zone) == (1, 3)
    assert hall.announced_by(counter) == (2,)
    assert hall.announced_counters == {1, 2, 3}
    assert hall.watched_by(counter) == (2,)
    assert hall.watched_by(zone) == (1, 2, 3)  # its desk sees calls for help


def test_english_announcements_need_a_voice_for_them():
    told(
        changed('next_while_serving = "close"', "announce_english = true"),
        "announce_english = true",
        "no announcer could say a call in English: give those that are to a part 'voice_en'",
    )


def test_a_hall_display_may_stand_in_a_zone():
    assert problems(changed('kind = "hall_display"', 'kind = "hall_display"\nzone = "main"')) == ()


@pytest.mark.parametrize(
    ("zones", "where", "sentence"),
    [
        (
            '["mian"]',
            '"mian"',
            "device 'display-1' shows 'mian', which is no zone; did you mean 'main'?",
        ),
        ('["main",\n"main" ]', '"main" ]', "device 'display-1' shows 'main' twice; write it once"),
        (
            '["main"]\nzone = "main"',
            "zones = [",
            "device 'display-1' has 'zone' and 'zones'; write all that it shows into 'zones'",
        ),
    ],
)
def test_zones_that_a_display_cannot_show_are_named(zones: str, where: str, sentence: str):
    told(
        changed('kind = "hall_display"', f'kind = "hall_display"\nzones = {zones}'), where, sentence
    )


def test_two_clerks_with_one_number_and_two_displays_over_one_counter_are_named():
    text = changed("[[clerks]]\nid", '[[clerks]]\nid = "012"\n\n[[clerks]]\nid')
    (line,) = problems(text)
    assert "two clerks have the number '012'" in line
    over = '[[boards.devices]]\nid = "over-2"\nkind = "counter_display"\ncounter = 1\n'
    text = changed('[[boards]]\nid = "hall-1"\n', f'[[boards]]\nid = "hall-1"\n{over}')
    (line,) = problems(text)
    assert "counter 1 has two of counter_display: 'over-1' and 'over-2'" in line


def test_a_service_has_not_the_name_of_the_kiosks_green_key():
    told(
        SAMPLE.replace('"card"', '"green"'),
        'id = "green"',
        "a service cannot be called 'green': the kiosk's key of the green channel has that name; choose another",
    )


def test_a_service_that_a_counter_serves_twice_is_named():
    text = changed('services = ["pension", "card"]', 'services = ["pension",\n"card",\n"pension"]')
    told(text, '"pension"]', "counter 2 serves 'pension' twice; write it once")


def test_a_hall_without_boards_or_without_a_kiosk_would_be_dead():
    assert problems(SAMPLE[: SAMPLE.index("# --- boards")]) == (
        "hall.toml:1:1: there is no board: no device of this hall would run; add [[boards]]",
    )
    text = changed('kind = "ticket_kiosk"', 'kind = "hall_display"')
    (line,) = problems(text)
    assert "no ticket kiosk is on any board: nobody could take a ticket" in line


def test_an_unknown_time_zone_is_named():
    text = changed('"Asia/Shanghai"', '"Asia/Beijing"')
    told(text, "timezone =", "unknown time zone 'Asia/Beijing'; China's is 'Asia/Shanghai'")
    assert "unknown time zone '../../etc'" in problems(changed('"Asia/Shanghai"', '"../../etc"'))[0]
    assert "unknown time zone 'Asia'" in problems(changed('"Asia/Shanghai"', '"Asia"'))[0]
    endless = problems(changed('"Asia/Shanghai"', f'"Asia/{"x" * 300}"'))[0]
    assert "unknown time zone 'Asia/xxx" in endless


@pytest.mark.parametrize("line", ['id = "counter-2"', 'id = "sample"', 'host = "127.0.0.1"'])
def test_no_name_ends_in_a_new_line_which_would_write_rights_of_its_own(line: str):
    (problem,) = problems(changed(line, line[:-1] + '\\n"'))
    assert line.split(maxsplit=1)[0] in problem


def test_brackets_in_brackets_without_end_are_a_sentence():
    (problem,) = problems(SAMPLE + "x = " + "[" * 5000)
    assert problem.startswith("hall.toml: this is not TOML")


# --- phrases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "placeholder",
    ["{tikket}", "{ticket.x}", "{ticket[0]}", "{0}", "{}", "{ticket:>9}", "{ticket!r}"],
)
def test_a_placeholder_that_no_device_would_fill_is_named(placeholder: str):
    text = changed('one_as = "一"', f'serving = "请{placeholder}号"')
    told(
        text,
        'serving = "请',
        f"the phrase 'serving' has the placeholder {placeholder}, which nothing fills; it knows {{ticket}}, {{counter}}",
    )


def test_a_placeholder_of_another_phrase_is_unknown_here():
    (line,) = problems(changed('one_as = "一"', 'paused = "{ticket} 暂停"'))
    assert "which nothing fills; it knows {reason}, {counter}" in line


def test_a_brace_too_many_is_named():
    (line,) = problems(changed('one_as = "一"', 'closed = "{counter 未开放"'))
    assert "the phrase 'closed' has a brace too many or too few" in line


@pytest.mark.parametrize("table", [Phrases(), English()], ids=["chinese", "english"])
def test_the_usual_phrases_of_every_language_need_no_more_than_is_filled(table: Phrases):
    for path, template in each_phrase(table):
        assert "{" not in template.format(**dict.fromkeys(filled(path), "x"))


def test_a_phrase_of_a_devices_own_table_is_a_setting_in_either_language():
    text = changed('one_as = "一"', 'hall_display = { closed = "{ticket} 未开" }')
    (line,) = problems(text)
    assert "the phrase 'hall_display.closed' has the placeholder {ticket}" in line
    text = changed("[broker]", '[english.hall_display]\nfree = "Next, please"\n\n[broker]')
    assert parse(text).english.hall_display.free == "Next, please"
    assert parse(text).english.hall_display.closed == English().hall_display.closed


# --- files -------------------------------------------------------------------------------------------------


def test_what_is_not_toml_is_named_with_its_place():
    text = changed("recall_limit = 3", "recall_limit = often")
    told(text, "often", "this is not TOML: Invalid value")
    text = changed("[rules]", "[rules")
    (line,) = problems(text)
    assert line.startswith(
        f"hall.toml:{place_of(text, '[rules').partition(':')[0]}:7: this is not TOML: "
    )


def test_what_ends_too_soon_is_named_at_its_end():
    (line,) = problems('[hall]\nname = """大厅')
    assert line.startswith("hall.toml:2:13: this is not TOML: ")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "hall.toml"
    file.write_text("\ufeff" + SAMPLE, encoding="utf-8")
    assert load(file) == parse(SAMPLE)
    assert checked(tmp_path, "\ufeff" + SAMPLE, capsys)[0] == 0
    file.write_text("\ufeff[hal]", encoding="utf-8")
    assert main([str(file)]) == 1
    assert f"{file}:1:1: unknown key 'hal'; did you mean 'hall'?" in capsys.readouterr().out


def test_a_key_given_twice_is_not_toml():
    text = changed("recall_limit = 3\n", "recall_limit = 3\nrecall_limit = 4\n")
    assert "this is not TOML: Cannot overwrite a value" in problems(text)[0]


def test_a_file_that_is_not_there_or_no_text_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    absent, binary = tmp_path / "absent.toml", tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for file, why in (
        (absent, ": cannot be read: No such file"),
        (binary, ":1:1: this is not UTF-8; save the file as UTF-8"),
    ):
        assert main([str(file)]) == 1
        assert capsys.readouterr().out.startswith(f"{file}{why}")
        with pytest.raises(SettingsFault, match=re.escape(why)):
            load(file)


def test_a_fault_says_everything_that_is_wrong_a_line_each():
    with pytest.raises(SettingsFault) as fault:
        parse(
            SAMPLE.replace('"Asia/Shanghai"', '"Asia/Beijing"').replace(
                'prefix = "B"', 'prefix = "A"'
            )
        )
    assert len(fault.value.lines) == 2
    assert str(fault.value).splitlines() == list(fault.value.lines)


def test_a_hall_reads_the_same_however_its_tables_are_written():
    dotted = changed('[broker]\nhost = "127.0.0.1"\nport = 1883', "").replace(
        "[hall]", 'broker.host = "127.0.0.1"\nbroker.port = 1883\n[hall]', 1
    )
    assert parse(dotted) == parse(SAMPLE)
    assert isinstance(parse(dotted), Hall)
