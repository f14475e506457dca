"""The guide from an empty system to the first claim leads there, typed as it stands."""

import re


def test_the_guide_leads_to_a_claim_file_in_the_mailbox(guide):
    assert guide.returncode == 0, f"{guide.stdout}\n{guide.stderr}"
    said = guide.stdout.splitlines()
    assert {"ready", "submitted", "2 added", "nothing waits"} <= set(said)
    (claim,) = re.findall(r"CLM\*[^~]+~", guide.stdout)
    assert "*128*" in claim
    for wanted in ("*T*:~", "Lakeside Mutual Health", "NM1*IL*1*Fernsby*Odette", "ABK:E119"):
        assert wanted in guide.stdout
