"""The example of the README is what the service answers."""

import json
import re
from pathlib import Path

from cleanclaim.chassis.testing import ServiceUnderTest

from .builders import a_clinic

README = Path(__file__).parents[1] / "README.md"


async def test_the_example_is_answered_as_written(service: ServiceUnderTest) -> None:
    written = README.read_text("utf-8")
    (request,) = re.findall(r"POST /v1/encounters:validate\n(\{.*?\})\n```", written, re.DOTALL)
    (answer,) = re.findall(r'```\n(\{"state".*?)\n```', written, re.DOTALL)
    async with a_clinic(service) as clinic:
        body = json.loads(request) | {"patient_id": await clinic.covered_patient()}
        checked = await clinic.post("/v1/encounters:validate", body, 200)
    promised = json.loads(answer.replace(", …", ""))
    (finding,) = checked["findings"]
    assert checked["state"] == promised["state"]
    assert promised["findings"][0].items() <= finding.items()
