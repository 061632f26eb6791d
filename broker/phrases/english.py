"""The same in English: a text of its own for every phrase of the Chinese table."""

from __future__ import annotations

from broker.phrases import chinese
from broker.phrases.english_kiosk import Kiosk

__all__ = ["English"]


class Day(chinese.Day, frozen=True):
    date: str = "{weekday} {day}/{month}"
    monday: str = "Monday"
    tuesday: str = "Tuesday"
    wednesday: str = "Wednesday"
    thursday: str = "Thursday"
    friday: str = "Friday"
    saturday: str = "Saturday"
    sunday: str = "Sunday"


class HallDisplay(chinese.HallDisplay, frozen=True):
    closed: str = "Closed"
    paused: str = "Paused"
    free: str = "Free"
    come: str = "Please come"
    serving: str = "In service"
    counter: str = "Counter {counter}"
    calling: str = "Now calling"
    before: str = "Called before"
    listen: str = "Please watch and listen for your number"
    window: str = "Counter"
    ticket: str = "Ticket"
    status: str = "Status"
    waiting: str = "Waiting"
    missed: str = "Missed"
    old: str = "This may not be up to date; please listen to the staff"
    old_since: str = "This may not be up to date (as of {at}); please listen to the staff"
    emergency_note: str = "Since {since}: please follow the staff"
    sent_home: str = (
        "{services}: closed for today, tickets not called are cancelled; please come another day"
    )
    rules: str = "In order of arrival; {first}; {missed}"
    first: str = (
        "green channel and due appointments go first, at most {most} times in a row at a counter"
    )
    but_green: str = " (but at green counters)"
    missed_void: str = "missed numbers are void, please take a new one"
    missed_calls: str = "a missed number is kept for {keep} calls of its service"
    missed_minutes: str = "a missed number is kept for {keep} minutes"
    missed_back: str = "a missed number goes back {keep} places"
    missed_guide: str = "please ask the staff about a missed number"


class RatingPad(chinese.RatingPad, frozen=True):
    counter: str = "Counter {counter}"
    idle: str = "You may rate the service here afterwards"
    very_satisfied: str = "Very satisfied"
    satisfied: str = "Satisfied"
    fairly_satisfied: str = "Fairly satisfied"
    dissatisfied: str = "Dissatisfied"
    very_dissatisfied: str = "Very dissatisfied"
    again: str = "Please choose again"
    add: str = "You may add what it is about"
    correct: str = "Correct it"
    skip: str = "Skip"
    done: str = "Done"


class CounterDisplay(chinese.CounterDisplay, frozen=True):
    come: str = "Please come here"
    serving: str = "In service"
    free: str = "Please wait for your number"
    paused: str = "Paused"
    until: str = "back at about {until}"
    closed: str = "Closed"
    go_to: str = "Please go to counter {counters}"
    go_elsewhere: str = "Please use another counter"
    number: str = "No. {number}"
    standard: str = "Time limits"
    limit: str = "Time limit"
    fee: str = "Fee"
    result: str = "Result"


class English(chinese.Phrases, frozen=True):
    call_shown: str = "Ticket {ticket} to counter {counter}"
    call_spoken: str = "Ticket {ticket}, please go to counter {counter}"
    serving: str = "Serving {ticket}"
    idle: str = "Counter {counter} {service}"
    general: str = "All services"
    paused: str = "Paused {reason} please use another counter"
    paused_until: str = "Paused {reason} back at {until} please use another counter"
    closed: str = "Counter {counter} closed"
    taken: str = "Your number is {ticket}"
    ahead: str = "{ahead} waiting ahead of you"
    rate: str = "Please rate this service"
    thanks: str = "Thank you for your rating"
    rating_kept: str = "Your rating is kept, thank you"
    emergency: str = "Emergency: please follow the instructions of the staff"
    day: Day = Day()
    hall_display: HallDisplay = HallDisplay()
    kiosk: Kiosk = Kiosk()
    rating_pad: RatingPad = RatingPad()
    counter_display: CounterDisplay = CounterDisplay()
