"""The problems that the operations of this service answer with, in its own words."""

from cleanclaim.chassis.problems import Responses, problems, said

LISTS: Responses = problems(422)
READS: Responses = problems(404, 422)
CREATES: Responses = problems(409, 422)
CHANGES: Responses = READS | {
    409: said("The state of the thing does not allow it, or somebody else was faster."),
}
REPLACES: Responses = CHANGES | problems(412)
UPLOADS: Responses = CREATES | {
    415: said("The content is not announced as application/edi-x12."),
}
