"""The problems that the operations of this service answer with, in its own words."""

from cleanclaim.chassis.problems import Responses, problems, said

LISTS: Responses = problems(422)
READS: Responses = problems(404, 422)
CHANGES: Responses = READS | {
    409: said("The state of the denial does not allow it, for example because it has ended."),
}
