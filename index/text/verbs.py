"""The irregular verbs of English that news is told with: their base and their past forms."""

_VERBS = (
    "meet met|win won|lose lost|become became|hold held|fall fell fallen|break broke "
    "broken|strike struck|leave left|send sent|sell sold|buy bought|build built|shoot shot|find "
    "found|lead led|give gave given|make made|say said|go went gone|come came|fight fought|steal "
    "stole stolen|sink sank sunk|fly flew flown|rise rose risen|speak spoke spoken|withdraw "
    "withdrew withdrawn|overthrow overthrew overthrown|catch caught|seek sought|drive drove "
    "driven|swear swore sworn|grow grew grown|write wrote written|see saw seen|pay paid|tell "
    "told|freeze froze frozen|bring brought|teach taught|run ran|draw drew drawn|choose chose "
    "chosen|keep kept|lay laid|flee fled|bear born bore|tear tore torn|hide hid hidden|undergo "
    "underwent|forbid forbade forbidden|know knew known|think thought|read|hear heard|sleep "
    "slept|stand stood|understand understood|sit sat|eat ate eaten|drink drank drunk|sing sang "
    "sung|shake shook shaken|wear wore worn|throw threw thrown|blow blew blown|hang hung|swing "
    "swung|stick stuck|spend spent|lend lent|bend bent|deal dealt|feel felt|mean meant|forget "
    "forgot forgotten|get got|take took taken|begin began begun|do did done|show shown|beat "
    "beaten|overcome overcame|undertake undertook undertaken|uphold "
    "upheld|hit|quit|cost|burst|spread|split|cast"
)
_FORMS = [line.split() for line in _VERBS.split("|")]
BASE = {form: forms[0] for forms in _FORMS for form in forms}
"""The base form of each form: "met" is of "meet"."""

PAST_FORMS = frozenset(form for forms in _FORMS for form in forms[1:] or forms)
"""Past tenses and participles; of a verb that has one form for all, that."""
