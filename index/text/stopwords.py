"""Words that say nothing of what a text is about."""

# Words that a question is made of rather than about. Names of months and persons stay out of the
# list, and so do "not", "first", "most" and the like.
_SAY_NOTHING = """
    a about after all also am an and any are as at be became because become been before being
    between both but by can could d did do does doing done during each either else ever for from
    get gets give given gives got had happen happened happens has have having he her here hers him
    his how i if in into is it its itself just ll m many me more much must my no nor of off on or
    other our ours out over own please re s said say saying says shall she should so some such t
    tell than that the their theirs them then there these they this those through to too under
    until up upon us ve very was we were what whatever when whenever where which while who whom
    whose why will with within would you your yours
    а без бы был была были было быть в вам вас во все где да для до его ее ей если есть еще же за и
    из или им их к ка как какая какие какой каком когда кого кому который кто куда ли мне мы на над
    не него ней нет ни них но ну о об он она они оно от откуда по под почему при про с сколько со
    так там то того тоже той только том ты у уже чего чей чем что чтобы чья эта эти это этой этом
    этот я
"""
_STOP_WORDS = frozenset(_SAY_NOTHING.split())

QUESTION_WORDS = frozenset(
    "who whom whose what when where why how which кто кого кому чей что когда где куда откуда "
    "почему зачем как какой какая какие сколько".split()
)

AUXILIARIES = frozenset(
    "did do does was were is are has have had will would can could should may might must be "
    "been".split()
)

DETERMINERS = frozenset("the a an its his her their our this that another".split())

NEGATIONS = frozenset(
    "not no never none without neither nor non cannot can't didn't wasn't".split()
)

SMALL_WORDS = frozenset(
    "a an and any are as at be been being by can could date did do does for from had has have he "
    "her "
    "him his how in into is it its may might of on or our shall she should so some such than that "
    "the their them then there these they this those to was we were what when where which who "
    "whom whose why will with would you your".split()
)

COURTESIES = frozenset(
    "hello hi hey thanks thank please help ok okay yes no bye goodbye i me my we us "
    "mine yours".split()
)
"""What people say to each other; a question of nothing else is about no article."""

ADDRESSES = COURTESIES - {"help", "no", "please", "us", "we"} | {"you", "your"}
"""Those that speak to whoever answers; "When was it, please?" is about what was asked before."""


def is_stop_word(word: str) -> bool:
    """Whether a word in lower case says nothing of what a question is about."""
    return word in _STOP_WORDS
