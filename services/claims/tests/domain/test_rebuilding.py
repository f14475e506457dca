"""What a ready encounter version means for the claim that is there, as a table."""

import pytest

from cleanclaim.claims.domain.rebuilding import Step, step_for
from cleanclaim.claims.domain.states import ClaimState

# state, on its way, billed version, ready version, self-pay, step
TABLE = """
-             no   0  1  no   build
-             no   0  1  yes  leave
held          no   1  2  no   rebuild
clean         no   1  2  no   rebuild
clean         yes  1  2  no   wait
clean         no   1  1  no   leave
clean         no   2  1  no   leave
clean         no   1  2  yes  void
held          no   1  2  yes  void
voided        no   1  2  no   rebuild
voided        no   1  2  yes  leave
rejected      no   1  2  no   resend
rejected      no   1  1  no   leave
rejected      no   1  2  yes  void
submitted     no   1  2  no   wait
acknowledged  no   1  2  no   wait
received      no   1  2  no   wait
accepted      no   1  2  yes  wait
adjudicated   no   1  2  no   wait
closed        no   1  2  no   wait
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row) for row in ROWS])
def test_the_table_of_steps(row: list[str]) -> None:
    state, on_its_way, billed, ready, self_pay, step = row
    found = step_for(
        None if state == "-" else ClaimState(state),
        on_its_way=on_its_way == "yes",
        billed_version=int(billed),
        ready_version=int(ready),
        self_pay=self_pay == "yes",
    )
    assert found is Step(step)
