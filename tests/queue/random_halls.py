"""Random halls: counters of every kind, a special zone, and the rules in all their settings."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.queue.halls import Services, Window, text_of

__all__ = ["ALL", "HALLS", "OTHER_HALLS"]

ALL = ("pension", "card", "appeal")
ANNEX = Window(services=("appeal",), zone="annex")
# The special service has a counter in its zone; the quotas are met now and then.
SERVICES: Services = {
    "pension": "A",
    "card": {"prefix": "B", "quota_day": 30, "quota_slot": 20},
    "appeal": {"prefix": "C", "zone": "annex"},
}
WINDOWS = st.builds(
    Window,
    services=st.sampled_from([("pension", "card"), ("pension",), ("card",)]),
    comprehensive=st.booleans(),
    green=st.booleans(),
    serve_key=st.booleans(),
    pad=st.booleans(),
)
RULES = st.fixed_dictionaries(
    {
        "priority_in_a_row": st.integers(1, 3),
        "next_while_serving": st.sampled_from(["close", "refuse"]),
        "undo_s": st.sampled_from([0, 10, 10]),
        "one_per_person": st.booleans(),
        "no_show": st.fixed_dictionaries(
            {
                "mode": st.sampled_from(["void", "calls", "minutes", "back", "guide"]),
                "keep": st.integers(1, 3),
                "times": st.integers(1, 3),
                "behind": st.integers(0, 3),
            }
        ),
    }
)
OPENINGS = st.sampled_from(
    [
        {},
        {"sessions": ["08:00-09:05"], "at_closing": "cancel"},
        {"sessions": ["08:00-09:05"], "at_closing": "serve_on"},
    ]
)


def _text(windows: list[Window], rules: dict[str, object], opening: dict[str, object]) -> str:
    # The last but one serves every general service and is not green, so that nobody waits for ever.
    whole = (*windows, Window(services=(), comprehensive=True), ANNEX)
    return text_of(whole, SERVICES, opening=opening, **rules)


HALLS = st.builds(_text, st.lists(WINDOWS, max_size=2), RULES, OPENINGS)
OTHER_HALLS = (
    _text([], {"priority_in_a_row": 1, "no_show": {"mode": "calls", "behind": 1}}, {}),
    _text([Window(services=("card",), green=True)], {"next_while_serving": "refuse"}, {}),
)
