"""The language of the hall: every command, event, answer and state, once, for wire and journal alike.

Times are milliseconds since the epoch by the hub's clock, unless a field says otherwise. Each chapter's own list says what it gives.
"""

from broker.messages.asking import *
from broker.messages.commands import *
from broker.messages.commands.counters import *
from broker.messages.commands.hall import *
from broker.messages.commands.heard_and_rated import *
from broker.messages.commands.hub import *
from broker.messages.commands.kiosk_alone import *
from broker.messages.commands.tickets import *
from broker.messages.events import *
from broker.messages.events.counters import *
from broker.messages.events.day import *
from broker.messages.events.hall import *
from broker.messages.events.heard_and_rated import *
from broker.messages.events.kiosk_alone import *
from broker.messages.events.tickets import *
from broker.messages.states import *
from broker.messages.words import *
