"""The nouns, one file a noun; states and their legal moves; the adapter promise; errors."""

from publisher.models.allowance import Allowance, DomainAllowance
from publisher.models.approval import Approval, Vote
from publisher.models.audience import Audience, KeyMessage
from publisher.models.audit import AuditRow, Via
from publisher.models.calendar_feed import CalendarFeed
from publisher.models.channel import Channel, Choice, Outlet
from publisher.models.circular import Circular
from publisher.models.delivery import IN_FLIGHT, Delivery, DeliveryState
from publisher.models.entry import Entry, Event, Picture
from publisher.models.epoch import Epoch
from publisher.models.feedback import Feedback, FeedbackKind
from publisher.models.figure import FigureKind, NetworkFigure
from publisher.models.hook import CallState, EventName, Hook, HookAttempt, HookCall
from publisher.models.intake import Intake, IntakeAnswer, IntakeState
from publisher.models.invitation import Invitation
from publisher.models.launch import Launch
from publisher.models.organisation import Organisation
from publisher.models.person import Person
from publisher.models.placement import LEGAL_MOVES, Occurrence, Placement, PlacementState
from publisher.models.plan_object import Owner, PlanObject
from publisher.models.program import KeptAnswer, Token
from publisher.models.proposal import Proposal, ProposalState
from publisher.models.reader import Consent, Reader, Suppression
from publisher.models.readers_file import ReadersFile, ReadersFileState
from publisher.models.registration import Occasion, Registration, Seat
from publisher.models.rendition import Rendition
from publisher.models.role import MAY, Act, Role, RoleName
from publisher.models.tally import Tally
from publisher.models.template import Template
from publisher.models.version import Version
from publisher.models.window import Window
from publisher.models.work_item import (
    Gathering,
    IndexedTitle,
    IndexedWord,
    WorkItem,
    WorkItemState,
)
from publisher.models.writing import Comment, Draft, LinkAnswer, Trial

__all__ = [
    "IN_FLIGHT",
    "LEGAL_MOVES",
    "MAY",
    "Act",
    "Allowance",
    "Approval",
    "Audience",
    "AuditRow",
    "CalendarFeed",
    "CallState",
    "Channel",
    "Choice",
    "Circular",
    "Comment",
    "Consent",
    "Delivery",
    "DeliveryState",
    "DomainAllowance",
    "Draft",
    "Entry",
    "Epoch",
    "Event",
    "EventName",
    "Feedback",
    "FeedbackKind",
    "FigureKind",
    "Gathering",
    "Hook",
    "HookAttempt",
    "HookCall",
    "IndexedTitle",
    "IndexedWord",
    "Intake",
    "IntakeAnswer",
    "IntakeState",
    "Invitation",
    "KeptAnswer",
    "KeyMessage",
    "Launch",
    "LinkAnswer",
    "NetworkFigure",
    "Occasion",
    "Occurrence",
    "Organisation",
    "Outlet",
    "Owner",
    "Person",
    "Picture",
    "Placement",
    "PlacementState",
    "PlanObject",
    "Proposal",
    "ProposalState",
    "Reader",
    "ReadersFile",
    "ReadersFileState",
    "Registration",
    "Rendition",
    "Role",
    "RoleName",
    "Seat",
    "Suppression",
    "Tally",
    "Template",
    "Token",
    "Trial",
    "Version",
    "Via",
    "Vote",
    "Window",
    "WorkItem",
    "WorkItemState",
]
