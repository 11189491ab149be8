"""What the Amazon Connect flow language asks of the actions that our flows use.

From the action pages of the Amazon Connect API reference (flow language 2019-10-30). Where the service is
known to be stricter than its page, the service counts: CheckMetricData needs NoMatchingCondition too, and a
transfer to a queue needs QueueAtCapacity.

The administrator guide, "Flow block: Loop prompts", lists the blocks that may not lead to loop prompts. The
way back to them is the end of the flow, after which the prompts go on by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.aws.connect_flow import FLOW_TYPES, TRANSFERS, Action, Flow

ANYWHERE = frozenset(FLOW_TYPES.values())
BEFORE_A_QUEUE = frozenset({"CONTACT_FLOW", "QUEUE_TRANSFER"})
IN_A_QUEUE = frozenset({"CUSTOMER_QUEUE"})

# What the call Lambda answers: design.md, "The contract".
ANSWER_KEYS = {
    "found", "extension", "agent_id", "agent_arn", "username", "display_name", "pk", "sk", "sk_value",
    "kind", "queue_arn", "forwarded_from", "matches", "offered",
    *(f"{key}_{place}" for key in ("name", "extension", "agent_id") for place in range(1, 6)),
}  # fmt: skip


@dataclass(frozen=True)
class Documented:
    """One action type: parameters it must and may have, errors it must handle, and where it works.

    `one_of` are parameters of which exactly one is set. `results` are the operands that its conditions
    may ask for; None where any text may be asked for. An action that `ends` needs no next one.
    """

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    results: frozenset[str] | None = frozenset()
    works_in: frozenset[str] = ANYWHERE
    ends: bool = False


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


STORING = Documented(
    required=names("StoreInput InputTimeLimitSeconds InputValidation"),
    optional=names("DTMFConfiguration"),
    one_of=names("Text SSML PromptId Media"),
    errors=names("NoMatchingError"),
)
MENU = Documented(
    required=names("StoreInput InputTimeLimitSeconds"),
    one_of=names("Text SSML PromptId Media"),
    errors=names("InputTimeLimitExceeded NoMatchingCondition NoMatchingError"),
    operators=names("Equals"),
    results=frozenset("0123456789*#"),
)
EARLY_KEYS = Documented(required=names("EnableDTMFBuffer"), errors=names("NoMatchingError"))
ACTIONS = {
    "MessageParticipant": Documented(
        one_of=names("Text SSML PromptId Media"), errors=names("NoMatchingError")
    ),
    "MessageParticipantIteratively": Documented(
        required=names("Messages"),
        optional=names("InterruptFrequencySeconds"),
        operators=names("Equals"),
        results=names("MessagesInterrupted"),
        works_in=IN_A_QUEUE,
    ),
    "Compare": Documented(
        required=names("ComparisonValue"),
        errors=names("NoMatchingCondition"),
        operators=names("Equals TextContains NumberGreaterOrEqualTo"),
        results=None,
    ),
    "InvokeLambdaFunction": Documented(
        required=names("LambdaFunctionARN InvocationTimeLimitSeconds InvocationType"),
        optional=names("LambdaInvocationAttributes ResponseValidation"),
        errors=names("NoMatchingError"),
    ),
    "Loop": Documented(
        required=names("LoopCount"), operators=names("Equals"), results=names("ContinueLooping DoneLooping")
    ),
    "CheckMetricData": Documented(
        required=names("MetricType"),
        optional=names("AgentId QueueId"),
        errors=names("NoMatchingCondition NoMatchingError"),
        operators=names("NumberGreaterThan"),
        results=frozenset("0"),
    ),
    "UpdateContactAttributes": Documented(
        required=names("Attributes"), optional=names("TargetContact"), errors=names("NoMatchingError")
    ),
    "UpdateContactTextToSpeechVoice": Documented(
        required=names("TextToSpeechVoice"),
        optional=names("TextToSpeechEngine TextToSpeechStyle"),
        errors=names("NoMatchingError"),
    ),
    "UpdateContactTargetQueue": Documented(one_of=names("QueueId AgentId"), errors=names("NoMatchingError")),
    "UpdateContactEventHooks": Documented(required=names("EventHooks"), errors=names("NoMatchingError")),
    "TransferContactToQueue": Documented(
        errors=names("QueueAtCapacity NoMatchingError"), works_in=BEFORE_A_QUEUE
    ),
    "DequeueContactAndTransferToQueue": Documented(
        one_of=names("QueueId AgentId"), errors=names("QueueAtCapacity NoMatchingError"), works_in=IN_A_QUEUE
    ),
    "DisconnectParticipant": Documented(ends=True),
    "UpdateContactCallbackNumber": Documented(
        required=names("CallbackNumber"),
        errors=names("InvalidCallbackNumber CallbackNumberNotDialable"),
        works_in=BEFORE_A_QUEUE | IN_A_QUEUE,
    ),
    "CreateCallbackContact": Documented(
        required=names("InitialCallDelaySeconds MaximumConnectionAttempts RetryDelaySeconds"),
        one_of=names("QueueId AgentId"),
        errors=names("NoMatchingError"),
        works_in=BEFORE_A_QUEUE | IN_A_QUEUE,
    ),
    "EndFlowExecution": Documented(works_in=IN_A_QUEUE, ends=True),
}
NEVER_BEFORE_LOOP_PROMPTS = {"GetParticipantInput", "Loop", "MessageParticipant", *TRANSFERS}


def documented(action: Action) -> Documented:
    """What the documentation says of an action."""
    if action.type == "GetParticipantInput" and "EnableDTMFBuffer" in action.parameters:
        return EARLY_KEYS
    if action.type == "GetParticipantInput":
        return STORING if action.parameters["StoreInput"] == "True" else MENU
    return ACTIONS[action.type]


def faults(flow: Flow) -> Iterator[str]:
    """What the flow's blocks get wrong, in words."""
    for action in flow.actions.values():
        for fault in action_faults(action, flow.type):
            yield f"{flow.name} {action.name}: {fault}"
        for way in action.ways_out - flow.actions.keys():
            yield f"{flow.name} {action.name}: leads to {way}, which is not there"
        for way in action.ways_out & {prompts.name for prompts in flow.of("MessageParticipantIteratively")}:
            if action.type in NEVER_BEFORE_LOOP_PROMPTS:
                yield f"{flow.name} {action.name}: {action.type} may not lead to the loop prompts {way}"


def action_faults(action: Action, flow_type: str) -> Iterator[str]:
    rule, given = documented(action), action.parameters.keys()
    if flow_type not in rule.works_in:
        yield f"{action.type} does not work in a {flow_type}"
    if missing := rule.required - given:
        yield f"lacks {sorted(missing)}"
    if unknown := given - rule.required - rule.optional - rule.one_of:
        yield f"has {sorted(unknown)}, which {action.type} does not take"
    if rule.one_of and len(rule.one_of & given) != 1:
        yield f"needs exactly one of {sorted(rule.one_of)}"
    if missing := rule.errors - action.errors.keys():
        yield f"does not say where {sorted(missing)} leads"
    if rule.ends == bool(action.ways_out) and not action.holds:
        yield "leads on after its end" if rule.ends else "leads nowhere"
    yield from condition_faults(action)
    yield from value_faults(action)


def condition_faults(action: Action) -> Iterator[str]:
    rule = documented(action)
    for operator, operand, _ in action.conditions:
        if operator not in rule.operators:
            yield f"compares by {operator}"
        if rule.results is not None and operand not in rule.results:
            yield f"waits for {operand}, which {action.type} never says"
    if action.type == "Loop" and action.on_result.keys() != rule.results:
        yield "does not say where both results of a loop lead"
    if action.type == "MessageParticipantIteratively" and bool(action.conditions) == action.holds:
        yield "is interrupted and does not say where that leads, or the other way round"


def value_faults(action: Action) -> Iterator[str]:
    """Values that the documentation limits, and text: every number in a flow is written as text."""
    given = action.parameters
    if action.type == "InvokeLambdaFunction" and not 1 <= int(given["InvocationTimeLimitSeconds"]) <= 8:
        yield "waits for a Lambda longer than the 8 seconds there are"
    if action.type == "InvokeLambdaFunction" and given["InvocationType"] != "SYNCHRONOUS":
        yield "does not wait for the answer"
    if (
        action.type == "MessageParticipantIteratively"
        and int(given.get("InterruptFrequencySeconds", 21)) <= 20
    ):
        yield "is interrupted while an agent may still pick up, which takes up to 20 seconds"
    if action.type == "Loop" and not 0 <= int(given["LoopCount"]) <= 100:
        yield "loops more than 100 times"
    if documented(action) is STORING and "MaximumLength" not in given["InputValidation"]["CustomValidation"]:
        yield "stores input without a length"
    if "InputTerminationSequence" in given.get("DTMFConfiguration", {}):
        yield "has InputTerminationSequence, which the importer rejects"
    if action.type == "UpdateContactEventHooks" and len(given["EventHooks"]) != 1:
        yield "sets more than one event hook"
    if not all(isinstance(leaf, str) for leaf in leaves(given)):
        yield "has a value that is not text"


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value
