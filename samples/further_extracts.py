"""The extracts that departments send besides the five of the main job, each made by a module of its own.

What belongs here: which there are, in which order and beside which others they are made. What does not: their content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from samples.civil_status import send_civil_status
from samples.dossier_digitisation import send_dossier_digitisations
from samples.dossier_payment import send_dossier_payments
from samples.dossier_spelling import World
from samples.dossier_step import send_dossier_steps
from samples.essential_service_report import send_essential_service_reports
from samples.insurance_participant import send_insurance_participants
from samples.land_change import send_land_changes
from samples.landing import Landing
from samples.population_check_result import send_population_checks
from samples.portal_reconciliation import send_portal_reconciliations
from samples.pupil import send_pupils
from samples.satisfaction_response import send_satisfaction_responses
from samples.shared_database import send_shared_databases
from samples.target_response import send_target_responses
from samples.taxpayer import send_taxpayers
from samples.welfare_payment import send_welfare_payments

Sender: TypeAlias = Callable[[Landing, World, int, float, float], None]
"""Sends a year of one extract: landing, the province with its dossiers, seed, scale, dirt."""

SENDERS: Final[tuple[Sender, ...]] = (
    send_essential_service_reports,
    send_population_checks,
    send_portal_reconciliations,
    send_satisfaction_responses,
    send_shared_databases,
    send_taxpayers,
    send_insurance_participants,
    send_land_changes,
    send_civil_status,
    send_dossier_digitisations,
    send_dossier_payments,
    send_dossier_steps,
    send_target_responses,
)
LISTS_OF_PEOPLE: Final[tuple[Sender, ...]] = (send_welfare_payments, send_pupils)
"""Further ones that take nearly as long as all others together, and can be made beside them."""
