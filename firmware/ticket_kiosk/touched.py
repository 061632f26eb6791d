"""What visitors do at the kiosk: touch, feel, scan, lay a card; each leads to a page, or to a wish, a notice, a guide."""

from __future__ import annotations

from broker.messages import (
    CallGuide,
    CommandRefused,
    GuideCalled,
    IssueTicket,
    Refusal,
    Reprint,
    ReturnTicket,
)
from broker.messages import Event as Written
from broker.settings import Hall
from firmware.device import CardShown, Effect, Failed, PrintNotice, Send
from firmware.hal.screen import KioskPage, Manner, Tone
from firmware.ticket_kiosk import check_in, help_pages
from firmware.ticket_kiosk.face import HOME_AFTER_S, SORRY_S, TAKEN_S, Face
from firmware.ticket_kiosk.keys import (
    BACK,
    CALL,
    CHOOSE,
    ELDERLY,
    GO_BACK,
    GREEN,
    HOME,
    LANGUAGE,
    NEXT,
    REPRINT,
    STANDING,
    TACTILE,
)
from firmware.ticket_kiosk.scans import Scans
from firmware.ticket_kiosk.walk import TYPING, walk
from firmware.ticket_kiosk.wish import ASK_LIVES_S, Wish

__all__ = ["Touched"]


class Touched:
    """Its caller hears nothing of a visitor while a number is asked for or printed."""

    def __init__(self, hall: Hall, device: str, face: Face, wish: Wish) -> None:
        self._hall, self._device, self._face, self._wish = hall, device, face, wish
        self._scans = Scans()
        self._notice: PrintNotice | None = None
        self._calls = False

    @property
    def prints_a_notice(self) -> bool:
        return self._notice is not None

    # --- keys -------------------------------------------------------------------------------------------

    def pressed(self, key: str) -> tuple[Effect, ...]:
        """A touch counts as what the visitor saw: a key that stands on no page any more does nothing."""
        face, self._calls = self._face, False
        if key in TACTILE:
            return self._felt(key)
        on_page = any(stop.key == key for stop in face.shown.stops)
        if not (on_page or key in STANDING or key in self._hall.service):
            return ()
        if key == REPRINT:
            return self._wish.copy()
        if key == CALL:
            return self._calls_a_guide()
        if key == LANGUAGE:
            return face.other_language()
        return self._touched(key)

    def _touched(self, key: str) -> tuple[Effect, ...]:
        face = self._face
        if key == HOME:
            self._wish.forget_offer()
        asked = walk(face.view, face.visit, face.shown.screens, key)
        if isinstance(asked, IssueTicket):
            return self._wish.ticket(asked)
        if isinstance(asked, PrintNotice):
            return self._prints(asked)
        return face.turns() if asked is None else self.brings_back(asked)

    def _felt(self, key: str) -> tuple[Effect, ...]:
        """The first tactile key begins the audio guide."""
        face, visit = self._face, self._face.visit
        if visit.manner is not Manner.HEARD:
            visit.manner = Manner.HEARD
            visit.goes_home()
            return face.turns()
        stops = [stop.key for stop in face.shown.stops]
        if key == GO_BACK:
            back = face.special is not None or len(visit.path) == 1
            return self._touched(HOME) if back else self._touched(BACK)
        if not stops:
            return ()
        at = stops.index(face.shown.page.at)
        if key == CHOOSE:
            return self.pressed(stops[at])
        visit.at = stops[(at + (1 if key == NEXT else -1)) % len(stops)]
        return face.moves()

    # --- a code, a card ----------------------------------------------------------------------------------

    def scanned(self, code: str) -> tuple[Effect, ...]:
        face = self._face
        read = self._scans.read(face.view, code)
        if isinstance(read, IssueTicket):
            visit = face.visit
            return self._wish.ticket(
                IssueTicket(
                    service="",
                    green=visit.green,
                    appointment=read.appointment,
                    person=visit.person,
                    english=visit.is_english,
                )
            )
        if isinstance(read, ReturnTicket):
            return self.brings_back(read)
        return face.tell(read or face.pages.unknown_code(), SORRY_S)

    def carded(self, card: CardShown) -> tuple[Effect, ...]:
        """Of a card counts its holder's age where the hall has that class, the person where the rules ask for it."""
        face, visit = self._face, self._face.visit
        self._wish.forget_offer()
        if self._hall.rules.appointment_by_card and visit.here.key in TYPING:
            return self._finds(card)
        chosen = GREEN if visit.green == GREEN else ""
        elderly = card.elderly and ELDERLY in self._hall.priority_class
        visit.green = ELDERLY if elderly else chosen
        visit.person = card.person if self._hall.rules.one_per_person else ""
        if elderly and visit.manner is Manner.USUAL:
            visit.manner = Manner.LARGE
        if elderly or visit.person:
            return face.turns()
        return face.tell(face.pages.no_card_needed(), SORRY_S)

    def _finds(self, card: CardShown) -> tuple[Effect, ...]:
        """The ticket for the appointment that was booked with a card; without the day's key nobody knows whose it is."""
        face, visit = self._face, self._face.visit
        if face.alone is not None:
            return face.tell(self._scans.no_appointments(face.view), SORRY_S)
        if not card.person:
            return face.tell(face.pages.unknown_card(), SORRY_S)
        wanted = IssueTicket(
            service="", green=visit.green, person=card.person, english=visit.is_english
        )
        return self._wish.ticket(wanted)

    # --- a missed number ---------------------------------------------------------------------------------

    def brings_back(self, command: ReturnTicket) -> tuple[Effect, ...]:
        """No printer is needed for it to wait again."""
        asking = check_in.asking(self._face.view, command)
        return (Send(command, ASK_LIVES_S), *self._face.tell(asking, HOME_AFTER_S))

    def came_back(
        self, command: ReturnTicket, events: tuple[Written, ...], *, busy: bool
    ) -> tuple[Effect, ...]:
        face = self._face
        answer = self._scans.answered(face.view, command, events)
        # Somebody else may have touched a service's key meanwhile: his number comes first.
        if busy:
            return ()
        if isinstance(answer, Reprint):
            return self._wish.offer(answer)
        if answer is None and check_in.is_wrong_code(events):
            return self._types_again(command)
        return self._checked_in(answer or check_in.answered(face.view, command, events))

    def not_answered(self, command: ReturnTicket, *, busy: bool) -> tuple[Effect, ...]:
        return () if busy else self._checked_in(check_in.unanswered(self._face.view, command))

    def _types_again(self, command: ReturnTicket) -> tuple[Effect, ...]:
        visit = self._face.visit
        visit.to(f"missed:{command.ticket}")
        visit.wrong = True
        return self._face.turns()

    def _checked_in(self, page: KioskPage) -> tuple[Effect, ...]:
        if page.tone is Tone.GOOD:
            self._face.visit.goes_home()
            return self._face.tell(page, TAKEN_S)
        return self._face.tell(page, HOME_AFTER_S)

    # --- a guide -------------------------------------------------------------------------------------------

    def _calls_a_guide(self) -> tuple[Effect, ...]:
        face = self._face
        if face.alone is not None:
            return face.tell(help_pages.no_guide(face.view), SORRY_S)
        self._calls = True
        ask = Send(CallGuide(kiosk=self._device), ASK_LIVES_S)
        return (ask, *face.tell(help_pages.calling(face.view), HOME_AFTER_S))

    def guide_answered(self, events: tuple[Written, ...], *, busy: bool) -> tuple[Effect, ...]:
        """One who was called already is on the way, too. Whoever went on to something else is not disturbed."""
        calls, self._calls = self._calls and not busy, False
        if not calls:
            return ()
        face = self._face
        if any(_is_on_the_way(event) for event in events):
            return face.tell(help_pages.guide_comes(face.view), TAKEN_S)
        return face.tell(help_pages.no_guide(face.view), SORRY_S)

    # --- an item's notice ----------------------------------------------------------------------------------

    def _prints(self, notice: PrintNotice) -> tuple[Effect, ...]:
        self._notice = notice
        return (notice, *self._face.tell(self._face.pages.printing_notice(), 0))

    def printed(self, notice: PrintNotice) -> tuple[Effect, ...]:
        if notice != self._notice:
            return ()
        self._notice = None
        face = self._face
        return face.tell(face.pages.notice_printed(face.visit.here.key), TAKEN_S)

    def not_printed(self, notice: PrintNotice, failed: Failed) -> tuple[Effect, ...]:
        if notice != self._notice:
            return ()
        self._notice = None
        face = self._face
        return face.tell(face.pages.notice_failed(failed.trouble), SORRY_S)


def _is_on_the_way(event: Written) -> bool:
    match event:
        case GuideCalled() | CommandRefused(code=Refusal.ALREADY_SO):
            return True
        case _:
            return False
