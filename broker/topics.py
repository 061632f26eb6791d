"""Where each message travels: the one place that knows how topics are spelt."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Topics"]


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one hall. Commands and answers are never retained; states and presence always are."""

    hall: str

    def command(self, board: str) -> str:
        return f"jiaohao/{self.hall}/command/{board}"

    def answer(self, board: str) -> str:
        return f"jiaohao/{self.hall}/answer/{board}"

    def presence(self, board: str) -> str:
        return f"jiaohao/{self.hall}/board/{board}"

    @property
    def hub(self) -> str:
        return f"jiaohao/{self.hall}/state/hub"

    @property
    def queue(self) -> str:
        return f"jiaohao/{self.hall}/state/queue"

    @property
    def whole_hall(self) -> str:
        return f"jiaohao/{self.hall}/state/hall"

    def counter(self, number: int) -> str:
        return f"jiaohao/{self.hall}/state/counter/{number}"

    @property
    def every_counter(self) -> str:
        return f"jiaohao/{self.hall}/state/counter/+"

    def kiosk(self, device: str) -> str:
        return f"jiaohao/{self.hall}/state/kiosk/{device}"

    def card_key(self, board: str) -> str:
        """Nobody but this board may read it."""
        return f"jiaohao/{self.hall}/state/card_key/{board}"

    @property
    def every_presence(self) -> str:
        return self.presence("+")

    @property
    def every_command(self) -> str:
        return self.command("+")

    @staticmethod
    def last_level(topic: str) -> str:
        """The board in the topic of a command or a presence."""
        return topic.rpartition("/")[2]
