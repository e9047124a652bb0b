"""What the make-believe colleagues write into forms, decided by a seed; all of it is made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from bot.domain.messages import ChoiceField, DateField, Form, FormField, Option, PeopleField, TextField

_LEFT_OUT = 0.25  # how often what may be left out is
_AS_OFFERED = 0.7  # how often a choice stays what the form suggests
_ONE_PERSON = 0.75  # how often one is chosen where several could be

THANKS = (
    "Thank you for staying calm when the build broke on Tuesday.",
    "Your notes from the customer call saved me an afternoon.",
    "You asked the question nobody dared to ask. That helped all of us.",
    "Thanks for taking the early shift so that I could see the school play.",
    "The way you explained the migration made it click for me.",
    "You noticed I was stuck before I did. Thank you for the nudge.",
    "Thanks for reading my draft twice. It is so much clearer now.",
    "That handover note was a gift. I knew where everything was.",
    "You made room for me to finish my sentence in the meeting. I noticed.",
    "Thank you for the walk on Wednesday. I came back with a clear head.",
    "The release was boring, and that is down to your checklist.",
    "Thanks for showing me the profiler. I have used it every day since.",
    "You told me honestly that the plan had a hole, and then helped to mend it.",
    "Thank you for answering the same question three times and smiling each time.",
    "I could switch off on Friday because you had the pager. Thank you.",
    "Your drawing of the queue is on my wall. It is the first one I understood.",
    "Thanks for bringing the new colleague along to lunch.",
    "You cleaned up the test data nobody wanted to touch. What a relief.",
    "Thank you for saying no to the extra feature. We needed somebody to.",
    "The welcome you wrote for the customers made me proud to work here.",
    "Thanks for swapping days with me at such short notice.",
    "You remembered my exam and asked how it went. That was kind.",
    "Thank you for writing it down. Next time I will not have to ask.",
    "It was good to pair with you. I learned more than I let on.",
)
ANSWERS = (
    "A quiet week, and I got a lot finished.",
    "The handover from support was smooth this time.",
    "Too many meetings on Tuesday; otherwise good.",
    "I would like more time for the search rewrite.",
    "Pairing on the importer. We should do that more often.",
    "Nothing much. I am looking forward to the long weekend.",
    "The flaky test is gone, and so is my headache.",
    "Waiting for the review of the pricing page slowed me down a little.",
    "Lunch outside with half of the team.",
    "I finally understood how the billing export works.",
    "Honestly a bit tired, and glad the release is out.",
    "The new office plants. Really.",
    "A clear goal for the week helped a lot.",
    "Fewer interruptions in the morning would help me.",
    "I said yes to too much. My own doing.",
    "Good energy in the retro. I liked that everybody spoke.",
    "The heating in the back room, please.",
    "A customer wrote to say it works now. That made my day.",
    "I miss seeing the others; remote all week.",
    "One thing at a time would be lovely.",
    "The plan changed twice. I would like to hear the reasons earlier.",
    "Learned a lot from the incident review.",
    "Quieter than usual, in a good way.",
    "My tests run in half the time since Monday.",
    "More pairing, fewer threads.",
    "Still new, and everybody is patient with my questions.",
)


def fill(form: Form, *, others: Sequence[str], today: datetime, label: str) -> dict[str, str]:
    """What a colleague writes into a form: some of `others` for people, a day within the next two weeks.

    `label` names the seed, the person and what they were asked: the same label writes the same. Nothing else counts,
    the form's action least of all: it may carry a code that is another every time.
    """
    rng = Random(label)
    words = THANKS if any(isinstance(field, PeopleField) for field in form.fields) else ANSWERS
    typed: dict[str, str] = {}
    for field in form.fields:
        left_out = not field.required and rng.random() < _LEFT_OUT
        written = _written(field, rng, others=others, today=today, words=words)
        typed[field.name] = field.value if left_out else written
    if form.fields and not any(typed.values()):  # nobody sends an empty form
        first = form.fields[0]
        typed[first.name] = _written(first, rng, others=others, today=today, words=words)
    return typed


def _written(
    field: FormField, rng: Random, *, others: Sequence[str], today: datetime, words: Sequence[str]
) -> str:
    match field:
        case PeopleField():
            return _people(field, others, rng)
        case ChoiceField():
            return _choice(field, rng)
        case DateField():
            return (today + timedelta(days=rng.randint(1, 14))).date().isoformat()
        case TextField():
            return rng.choice(words)[: field.max_length]


def _people(field: PeopleField, others: Sequence[str], rng: Random) -> str:
    if field.value or not others:
        return field.value
    wanted = 1 if not field.many or rng.random() < _ONE_PERSON else 2
    return " ".join(f"<@{person}>" for person in rng.sample(list(others), min(wanted, len(others))))


def _choice(field: ChoiceField, rng: Random) -> str:
    """On a scale mostly something good; else what the form suggests, or any."""
    if not field.options:
        return ""
    if field.value and rng.random() < _AS_OFFERED:
        return field.value
    if _is_scale(field.options):
        steps = len(field.options)
        return rng.choices(field.options, weights=[*range(1, steps), max(steps - 1, 1)])[0].value
    return rng.choice(field.options).value


def _is_scale(options: Sequence[Option]) -> bool:
    return all(option.value.isdigit() for option in options)
