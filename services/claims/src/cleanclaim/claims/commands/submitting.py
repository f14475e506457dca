"""Marks a submission as sent once its file is handed over, and tells of each claim in it."""

from datetime import datetime
from uuid import UUID

from cleanclaim.chassis import audit, raw_files
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.claims import events_out
from cleanclaim.claims.commands.preparing import Prepared
from cleanclaim.claims.commands.threads import story_of
from cleanclaim.claims.store import claims, directory, submissions


async def finish_submission(work: Work, *, submission_id: UUID, sent_at: datetime) -> bool:
    """Mark a prepared submission and its claims as sent and tell of each claim, once.

    Each claim is told on the thread of its own encounter. False where it was finished before.
    """
    submission = await submissions.mark_sent(work, submission_id, sent_at=sent_at)
    if submission is None:
        return False
    rows = await submissions.mark_claims_submitted(work, submission_id, submitted_at=sent_at)
    await audit.record(
        work,
        action="send",
        resource="Submission",
        resource_id=submission_id,
        count=len(rows),
    )
    for row in rows:
        fact = events_out.claim_submitted(
            claims.read_version(row),
            submission=submission,
            set_control_number=row["set_control_number"],
            warnings=claims.read_findings(row),
            submitted_at=sent_at,
        )
        work.tell(fact, cause=story_of(work, row["cause"]))
    return True


async def prepared_before(work: Work, *, vault: Vault) -> list[Prepared]:
    """What an interrupted run wrote and perhaps did not hand over, with its file."""
    found = []
    for row in await submissions.prepared_submissions(work):
        content = await raw_files.read(work, vault, row["raw_file_id"], purpose="handing_over")
        connection = await directory.connection_of(work, row["connection_id"])
        found.append(
            Prepared(
                submission_id=row["id"],
                connection=connection["name"],
                file_name=row["file_name"],
                content=content,
            )
        )
    return found
