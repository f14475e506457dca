"""Every rule of the codec by name, with its source and its acknowledgement code.

TA105, AK905, IK502, IK304 and IK403 codes are those of 005010X231A1 (999) and X12.5 (TA1).
"""

from __future__ import annotations

from cleanclaim.x12.reporting import Rule

ENVELOPE = "X12.5 and X12.6 (interchange and group control)"
SYNTAX = "X12.6 (application control structure)"
DICTIONARY = "X12 005010 data element dictionary"
GUIDE = "implementation guide of the set"

# SNIP 1: the envelope
RUBBISH = Rule("outside-interchange", ENVELOPE, 1, "interchange", "022")
ISA_WIDTH = Rule("isa-width", "X12.5 ISA fixed widths", 1, "interchange", "022")
ISA_CONTROL = Rule("isa-control-number", "X12.5 ISA13", 1, "interchange", "018")
ISA_DUPLICATE = Rule("isa-duplicate", "X12.5 ISA13", 1, "interchange", "025")
ISA_DELIMITERS = Rule("isa-delimiters", "X12.5 ISA11, ISA16", 1, "interchange", "027")
IEA_MISSING = Rule("iea-missing", ENVELOPE, 1, "interchange", "023")
IEA_CONTROL = Rule("iea-control-number", "X12.5 IEA02 = ISA13", 1, "interchange", "001")
IEA_COUNT = Rule("iea-count", "X12.5 IEA01", 1, "interchange", "021")
TA1_CONTENT = Rule("ta1-content", "X12.5 TA1", 1, "interchange", "022")
GS_CONTENT = Rule("gs-content", "X12.5 GS", 1, "interchange", "024")
GS_VERSION = Rule("gs-version", "X12.22 GS08", 1, "group", "2")
GE_MISSING = Rule("ge-missing", ENVELOPE, 1, "group", "3")
GE_CONTROL = Rule("ge-control-number", "X12.22 GE02 = GS06", 1, "group", "4")
GE_COUNT = Rule("ge-count", "X12.22 GE01", 1, "group", "5")
ST_CONTENT = Rule("st-content", "X12.22 ST", 1, "set", "6")
ST_CONTROL = Rule("st-control-number", "X12.22 ST02", 1, "set", "7")
ST_DUPLICATE = Rule("st-duplicate", "X12.22 ST02 unique in its group", 1, "set", "23")
ST_UNSUPPORTED = Rule("set-unsupported", "this codec's guides", 1, "set", "1")
ST_GUIDE = Rule("guide-unsupported", "this codec's guides (ST03, else GS08)", 1, "set", "I6")
SE_MISSING = Rule("se-missing", ENVELOPE, 1, "set", "2")
SE_CONTROL = Rule("se-control-number", "X12.22 SE02 = ST02", 1, "set", "3")
SE_COUNT = Rule("se-count", "X12.22 SE01 counts ST to SE", 1, "set", "4")
OUTSIDE_SET = Rule("outside-set", ENVELOPE, 1, "interchange", "022")
UNENDED = Rule("segment-cut", SYNTAX, 1, "segment", "8")
TOO_LONG_SEGMENT = Rule("segment-too-long", "limit of this reader", 1, "segment", "8")
TOO_LONG_CLAIM = Rule("claim-too-long", "limit of this reader", 1, "segment", "5")
TOO_MANY_CLAIMS = Rule("too-many-claims", "005010X222A1 1.4.1", 1, "set", "5", "warning")
TOO_MANY_FINDINGS = Rule("too-many-findings", "limit of this reader", 1, "set", "5")

# SNIP 1: segments and elements
SEGMENT_UNKNOWN = Rule("segment-unknown", SYNTAX, 1, "segment", "1")
ELEMENT_COUNT = Rule("too-many-elements", SYNTAX, 1, "element", "3")
COMPONENT_COUNT = Rule("too-many-components", SYNTAX, 1, "element", "13")
REPETITION_COUNT = Rule("too-many-repetitions", SYNTAX, 1, "element", "12")
TRAILING = Rule("trailing-separator", SYNTAX, 1, "element", "3", "warning")
TOO_SHORT = Rule("element-too-short", DICTIONARY, 1, "element", "4")
TOO_LONG = Rule("element-too-long", DICTIONARY, 1, "element", "5")
CHARACTERS = Rule("element-characters", DICTIONARY, 1, "element", "6")
BAD_DAY = Rule("no-such-day", DICTIONARY, 1, "element", "8")
BAD_TIME = Rule("no-such-time", DICTIONARY, 1, "element", "9")
NPI_DIGIT = Rule("npi-check-digit", "45 CFR 162.406; ISO 7812 check digit", 2, "element", "7")
PAIRED = Rule("element-paired", "X12 syntax note", 1, "element", "2")
EXCLUSIVE = Rule("element-excluded", "X12 syntax note", 1, "element", "10")

# SNIP 2: the guide
SEGMENT_FOREIGN = Rule("segment-not-in-set", GUIDE, 2, "segment", "6")
SEGMENT_UNEXPECTED = Rule("segment-unexpected", GUIDE, 2, "segment", "2")
SEGMENT_ORDER = Rule("segment-order", GUIDE, 2, "segment", "7")
SEGMENT_MISSING = Rule("segment-missing", GUIDE, 2, "segment", "3")
LOOP_MISSING = Rule("loop-missing", GUIDE, 2, "segment", "I7")
SEGMENT_TOO_OFTEN = Rule("segment-too-often", GUIDE, 2, "segment", "5")
LOOP_TOO_OFTEN = Rule("loop-too-often", GUIDE, 2, "segment", "4")
ELEMENT_MISSING = Rule("element-missing", GUIDE, 2, "element", "1")
ELEMENT_UNUSED = Rule("element-not-used", GUIDE, 2, "element", "I10")
CODE_UNUSED = Rule("code-not-used", GUIDE, 2, "element", "I6")
HL_NUMBER = Rule("hl-number", "X12 HL01: 1, then one more each", 2, "element", "7")
HL_PARENT = Rule("hl-parent", "X12 HL02 names the HL above", 2, "element", "7")
HL_CHILD = Rule("hl-child", "X12 HL04", 2, "element", "7")
LX_NUMBER = Rule("lx-number", "005010X222A1 2400 LX01", 2, "element", "7")
NOT_CENTS = Rule("amount-not-cents", "house rule: money is whole cents", 1, "element", "6")

# SNIP 3: balancing
CLAIM_LINES = Rule(
    "claim-balance", "005010X222A1, X223A2, X224A2 CLM02 = sum of the lines", 3, "element", "I12"
)
OTHER_PAYER = Rule("other-payer-balance", "005010X222A1 1.4.4, 2320 AMT*D", 3, "segment", "I6")
OTHER_PAYER_LINE = Rule("other-payer-line-balance", "005010X222A1 1.4.4, 2430", 3, "segment", "I6")
LINE_BALANCE = Rule("line-balance", "005010X221A1 1.10.2; RFI 2348, 2601", 3, "element", "I12")
PAID_BALANCE = Rule("claim-payment-balance", "005010X221A1 1.10.2; RFI 358", 3, "element", "I12")
LINES_PAID = Rule("claim-lines-balance", "005010X221A1 1.10.2; RFI 452", 3, "element", "I12")
TOTAL_BALANCE = Rule("transaction-balance", "005010X221A1 1.10.2", 3, "element", "I12")
NEGATIVE_TOTAL = Rule("negative-payment", "RFI 1756, 1604", 3, "element", "I12")
NOT_BALANCED = Rule("transaction-not-checked", "005010X221A1 1.10.2", 3, "element", "I12")
DUPLICATE_LINE = Rule("line-number-twice", "005010X222A1 2400 REF*6R", 3, "element", "I12")
TOTALS = Rule(
    "acknowledgement-totals", "005010X214 2200B, 2200C QTY, AMT", 3, "element", "I12", "warning"
)
NO_LINES = Rule("claim-without-lines", "RFI 2348", 3, "segment", "I6", "warning")
