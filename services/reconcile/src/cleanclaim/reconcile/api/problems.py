"""The problems that the operations of this service answer with, in its own words."""

from cleanclaim.chassis.problems import Responses, problems

LISTS: Responses = problems(422)
READS: Responses = problems(404, 422)
WRITES: Responses = problems(409, 422)
CHANGES: Responses = READS | WRITES
