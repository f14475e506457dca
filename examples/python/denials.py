"""Print each denial as payers' answers come in: python denials.py [--stop-after N]."""

import argparse
import asyncio
import json
import os
import sys

from aiokafka import AIOKafkaConsumer

DENIED = "cleanclaim.postings", "cleanclaim.remittance.ClaimDenied.v1"


async def follow(stop_after: int | None) -> None:
    consumer = AIOKafkaConsumer(
        DENIED[0],
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        group_id="example-denials-python",  # progress is kept under this name
        auto_offset_reset="earliest",
    )
    seen: set[str] = set()  # delivered at least once: a real reader keeps this beside its results
    async with consumer:
        async for record in consumer:
            told = dict(record.headers)
            if told.get("ce_type", b"").decode() != DENIED[1] or record.value is None:
                continue  # other facts, unknown ones and tombstones are normal
            try:
                fact = json.loads(record.value)
            except ValueError:  # a real reader keeps it for people to look at
                print("set aside, no JSON:", record.partition, record.offset, file=sys.stderr)
                continue
            if fact["event_id"] not in seen:
                seen.add(fact["event_id"])
                dollars = f"{fact['denied_cents'] // 100}.{fact['denied_cents'] % 100:02d}"
                print(f"{fact['adjudicated_on']} {fact['scope']} denied: {dollars}", flush=True)
            if stop_after is not None and len(seen) >= stop_after:
                return


asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("--stop-after", type=int, metavar="N", help="end after N denials")
asyncio.run(follow(asked.parse_args().stop_after))
