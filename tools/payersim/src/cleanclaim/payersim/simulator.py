"""The clearinghouse, the payers and the bank behind two mailbox folders, on virtual days."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec

from cleanclaim.payersim.bank import Credit, bai2
from cleanclaim.payersim.decisions import Decision, decide
from cleanclaim.payersim.remittances import Adjudicated, remittance
from cleanclaim.payersim.scenario import Payer, Scenario
from cleanclaim.x12 import (
    Acknowledgement999,
    Claim837P,
    ClaimDecision,
    ClaimStatus,
    Document,
    Envelope,
    Party,
    StatusCode,
    acknowledgements_for,
    build_277ca,
    build_835,
    build_999,
    claim_acknowledgement,
    parse,
)

CLEARINGHOUSE = "CLEARHOUSE"
SOURCE = Party(
    entity="AY", name="INVENTED CLEAR HOUSE", identifier_qualifier="46", identifier=CLEARINGHOUSE
)


class Memory(msgspec.Struct):
    """What the simulated world remembers between runs; kept in one JSON file."""

    seen: list[str] = []
    numbers: dict[str, int] = {}
    pending: dict[str, list[Adjudicated]] = {}
    decided: list[dict[str, str | int]] = []

    def next(self, kind: str) -> int:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]


class Simulator:
    """Answers the 837 files of one organization's mailbox; every answer is a file.

    `mailbox` and `bank_mailbox` are connection folders with `outbound` and `inbound`. Equal seeds,
    scenarios and claims give equal decisions, whatever the order of files and claims.
    """

    def __init__(
        self,
        *,
        mailbox: Path,
        bank_mailbox: Path,
        scenario: Scenario,
        seed: int,
        memory: Path,
    ) -> None:
        self._mailbox = mailbox
        self._bank = bank_mailbox
        self._scenario = scenario
        self._seed = seed
        self._memory_path = memory
        self._memory = (
            msgspec.json.decode(memory.read_bytes(), type=Memory) if memory.exists() else Memory()
        )

    def answer_outbound(self, *, today: date) -> list[str]:
        """Answer every 837 not seen before with a 999 and a 277CA; returns the files written."""
        written = []
        for path in sorted((self._mailbox / "outbound").glob("*")):
            if not path.is_file() or path.name.startswith("."):
                continue
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if digest not in self._memory.seen:
                self._memory.seen.append(digest)
                written += self._answer(parse(content), today)
        self._keep()
        return written

    def pay_until(self, *, today: date) -> list[str]:
        """Write the remittances and bank statements that are due by `today`; returns the files."""
        written = []
        for day in sorted(self._due_days(today)):
            written += self._pay(day)
        self._keep()
        return written

    def decisions(self) -> list[dict[str, str | int]]:
        """What was decided so far: rule, outcome, payer and cents of each claim, sorted."""
        return sorted(self._memory.decided, key=lambda one: json.dumps(one, sort_keys=True))

    def _answer(self, document: Document, today: date) -> list[str]:
        written = [self._put("999", self._functional(document, today))]
        accepted_sets = self._accepted_sets(document, acknowledgements_for(document))
        decided: list[tuple[Claim837P, Decision]] = []
        for claim in document.claims:
            decision = decide(claim, self._scenario, seed=self._seed)
            if claim.position.set_control_number not in accepted_sets:
                self._note(claim, decision, "reject_999")
                continue
            decided.append((claim, decision))
            self._note(claim, decision, decision.outcome)
        if decided:
            written.append(self._put("277CA", self._claim_answers(document, decided, today)))
        for claim, decision in decided:
            if decision.outcome in {"pay", "deny"}:
                self._remember_to_pay(claim, decision, today)
        return written

    def _accepted_sets(self, document: Document, answers: list[Acknowledgement999]) -> set[str]:
        """Sets that are well formed and that no rule of the scenario rejects."""
        readable = {
            one.control_number for answer in answers for one in answer.sets if one.status != "R"
        }
        rejected = {
            claim.position.set_control_number
            for claim in document.claims
            if self._rejects_set(claim)
        }
        return readable - rejected

    def _rejects_set(self, claim: Claim837P) -> bool:
        return decide(claim, self._scenario, seed=self._seed).outcome == "reject_999"

    def _functional(self, document: Document, today: date) -> bytes:
        answers = acknowledgements_for(document)
        accepted = self._accepted_sets(document, answers)
        for answer in answers:
            for one in answer.sets:
                if one.control_number not in accepted and one.status != "R":
                    one.status, one.codes = "R", ["5"]
            left = sum(1 for one in answer.sets if one.status in {"A", "E"})
            answer.sets_accepted = left
            if left < len(answer.sets):
                answer.status = "P" if left else "R"
        return build_999(answers, envelope=self._envelope(document, today))

    def _claim_answers(
        self, document: Document, decided: list[tuple[Claim837P, Decision]], today: date
    ) -> bytes:
        first = decided[0][0]
        answer = claim_acknowledgement(
            [_acknowledged(claim, decision, today) for claim, decision in decided],
            source=SOURCE,
            receiver=first.submitter,
            reference=f"CA{self._memory.next('277CA'):06d}",
            trace=_reference_of(document),
            received_on=today,
            processed_on=today,
        )
        return build_277ca(answer, envelope=self._envelope(document, today))

    def _envelope(self, document: Document | None, today: date) -> Envelope:
        number = self._memory.next("interchange")
        receiver = document.interchanges[0].sender.strip() if document else "DEMOCLINIC"
        return Envelope(
            sender=CLEARINGHOUSE,
            receiver=receiver,
            interchange_control_number=number,
            group_control_number=number,
            prepared_at=datetime.combine(today, time(18, 0)),
            usage="T",
            line_break="\n",
        )

    def _remember_to_pay(self, claim: Claim837P, decision: Decision, today: date) -> None:
        paid_on = _business_day(today + timedelta(days=decision.pays_after_days))
        key = f"{paid_on.isoformat()}|{decision.payer.identifier}|{claim.billing_provider.npi}"
        self._memory.pending.setdefault(key, []).append(
            Adjudicated(
                claim=claim,
                decision=decision,
                payer_claim_control_number=_payer_number(claim, self._seed),
            )
        )

    def _due_days(self, today: date) -> set[date]:
        days = {date.fromisoformat(key.split("|")[0]) for key in self._memory.pending}
        return {day for day in days if day <= today}

    def _pay(self, day: date) -> list[str]:
        written: list[str] = []
        deposits: list[Credit] = []
        for key in sorted(key for key in self._memory.pending if key.startswith(day.isoformat())):
            adjudicated = sorted(self._memory.pending.pop(key), key=lambda one: _sorting(one.claim))
            payer = adjudicated[0].decision.payer
            trace = f"EFT{day:%Y%m%d}{self._memory.next('trace'):04d}"
            head = remittance(payer, adjudicated, paid_on=day, trace_number=trace)
            written.append(self._put("835", build_835([head], envelope=self._envelope(None, day))))
            deposits += self._credits(payer, head.payment_cents, trace)
        if deposits:
            number = self._memory.next("statement")
            written.append(
                _write(
                    self._bank / "inbound",
                    f"BAI2_{number:06d}.bai",
                    bai2(deposits, on=day, file_number=number),
                )
            )
        return written

    def _credits(self, payer: Payer, amount_cents: int, trace: str) -> Iterator[Credit]:
        money = self._scenario.money
        if amount_cents == 0 or payer.identifier in money.omitted:
            return
        yield Credit(
            amount_cents=max(0, amount_cents - money.short_cents.get(payer.identifier, 0)),
            trace_number=trace,
            originating_company_id=payer.originating_company_id,
            payer_name=payer.name.upper(),
        )

    def _put(self, kind: str, content: bytes) -> str:
        number = self._memory.next("file")
        return _write(self._mailbox / "inbound", f"{kind}_{number:06d}.x12", content)

    def _note(self, claim: Claim837P, decision: Decision, outcome: str) -> None:
        self._memory.decided.append(
            {
                "patient_control_number": claim.patient_control_number,
                "payer": claim.payer.identifier,
                "outcome": outcome,
                "rule": decision.rule,
                "charge_cents": claim.charge_cents,
                "paid_cents": decision.paid_cents if outcome in {"pay", "deny"} else 0,
            }
        )

    def _keep(self) -> None:
        temporary = self._memory_path.with_suffix(".tmp")
        temporary.write_bytes(msgspec.json.encode(self._memory))
        temporary.replace(self._memory_path)


def _acknowledged(claim: Claim837P, decision: Decision, today: date) -> ClaimDecision:
    rejected = decision.outcome == "reject_277ca"
    code = StatusCode("A2", "20", "PR")
    if rejected:
        code = StatusCode(decision.category, decision.status, "85")
    status = ClaimStatus(
        codes=[code],
        effective_on=today,
        action="U" if rejected else "WQ",
        amount_cents=claim.charge_cents,
    )
    return ClaimDecision(claim=claim, statuses=[status])


def _reference_of(document: Document) -> str:
    for segment in document.segments:
        if segment.segment_id == "BHT":
            return str(segment.elements[3])
    return "UNKNOWN"


def _payer_number(claim: Claim837P, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}|{claim.patient_control_number}".encode()).hexdigest()
    return f"ICN{int(digest[:10], 16) % 10**12:012d}"


def _sorting(claim: Claim837P) -> tuple[str, str, int]:
    first = claim.lines[0].service_from_on
    return (claim.subscriber.party.identifier, str(first), claim.charge_cents)


def _business_day(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _write(folder: Path, name: str, content: bytes) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.tmp"
    temporary.write_bytes(content)
    temporary.replace(folder / name)
    return name
