"""The closed word classes of English that follow-ups are made of, and verbs where no tagger is."""

from functools import lru_cache

WH = frozenset("who whom whose what which when where why how".split())
AUXILIARIES = frozenset(
    "did do does was were is are am will would has have had can could should may might must shall "
    "be been didn't doesn't don't wasn't weren't isn't aren't won't hasn't haven't hadn't can't "
    "couldn't".split()
)
MODALS = frozenset("will would can could should may might must shall".split())
BE = frozenset("was were is are am be been wasn't weren't isn't aren't".split())
PREPOSITIONS = frozenset(
    "about above across after against along among around as at before behind below beside between "
    "by during for from in inside into near of off on onto out over per since through to toward "
    "towards under until till up upon via with within without".split()
)
PLACE_PREPOSITIONS = frozenset("in at on near inside within".split())
DETERMINERS = frozenset(
    "a an the this that these those my our your his her its their some any each every no another "
    "both all".split()
)
POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they", "hers": "she"}
PRONOUNS = {
    "he": "he", "him": "he", "himself": "he", "his": "he",
    "she": "she", "her": "she", "herself": "she", "hers": "she",
    "it": "it", "itself": "it", "its": "it",
    "they": "they", "them": "they", "themselves": "they", "their": "they", "theirs": "they",
}  # fmt: skip
CONJUNCTIONS = frozenset(
    "and or but so nor that if whether because while when where why how than although though who "
    "which whom whose".split()
)
FILLERS = frozenset(
    "a about actually again already also am an and any anyone anything as at be been but by "
    "either else ever exactly for from here himself herself itself how i if in into just many me "
    "more most much my neither no not now of off on only or other others our out please really "
    "same so some someone something still such than that the then there these this those to too up "
    "us very we with yes yet you your long old far often".split()
)
LIGHT = frozenset(
    "happen happened happens say said says tell told tells do did done does think thinks thought "
    "mean means come came go went get got make made take took give gave one ones thing things "
    "people person persons someone somebody know known knows want wants call called next "
    "first last finally later before afterwards exactly time day year place way".split()
)
EVENTS = frozenset("happen happened happens occur occurred take took place come came".split())
"""The verbs of "when did that happen": they ask of what was said, not of a thing."""

PEOPLE_NOUNS = frozenset(
    "president minister premier chancellor leader king queen prince princess mayor governor "
    "senator ambassador diplomat spokesman spokeswoman spokesperson secretary director chairman "
    "chairwoman chief executive captain engineer geologist biologist scientist inspector doctor "
    "professor general colonel officer judge lawyer author writer novelist painter artist singer "
    "actor actress trainer coach player champion politician official man woman boy girl person "
    "founder owner teacher student journalist reporter editor driver bishop pope candidate rival "
    "commander negotiator analyst expert designer architect head".split()
)
THING_NOUNS = frozenset(
    "accord act agency agreement airline airport alliance army association authority bank basin "
    "bay bridge building bureau canal cape cathedral church city club college commission committee "
    "company conference congress convention corporation council country court cup dam department "
    "desk district election empire factory federation festival foods forest fund gallery "
    "government group harbour harbor hospital hotel house institute island islands journal "
    "kingdom lake law league library list ministry mission monitor mountain museum news "
    "newspaper office orchestra organization organisation park parliament party peninsula "
    "plant port post prize province railway region report republic river road school sea senate "
    "service society square stadium state states station street strait summit systems times "
    "tower town treaty tribunal trust tunnel union university valley village war works yard "
    "dairy act plan pact code office board".split()
)
"""The common nouns that end the name of something that is no person."""

SPEECH = frozenset(
    "said says say told tells announced added argued asked claimed denied explained noted stressed "
    "warned wrote declared stated called".split()
)
MALE = frozenset("he him his himself mr sir king prince lord spokesman chairman father son".split())
FEMALE = frozenset(
    "she her hers herself mrs ms miss queen princess lady spokeswoman chairwoman mother "
    "daughter actress".split()
)

_REGULAR = """
    accept accuse achieve acquire act add address admit adopt advise affect agree aim allow
    announce answer appear apply appoint approve argue arrest arrive ask assassinate attack attempt
    attend award ban base beat belong believe blame block board bomb book boycott call cancel
    capture carry cause celebrate change charge claim climb close collapse collect come commit
    compare compete complain complete condemn confirm connect consider contain continue control
    convict cost count cover crash create criticise criticize cross damage deal debate decide
    declare decline defeat defend delay deliver demand deny deploy describe design destroy detain
    develop die direct discover discuss dismiss divide donate double earn elect employ end
    enter escape establish estimate evacuate exceed expand expect expel explain explode export face
    fail fear fill fine finish fire follow found free gain govern grant grow guard handle happen
    harm head help hire host hope identify improve import imprison include increase influence inform
    injure inspect install intend interview introduce invade invent invest invite involve join
    judge jump kick kill land last launch learn leave lie like limit link live locate look manage
    mark marry measure mention merge move murder name need negotiate nominate note obtain occur
    offer open operate oppose order organise organize overflow own paint participate pass perform
    permit persuade place plan plant play pledge predict prefer prepare present prevent print
    produce promise propose protect protest prove provide publish punish purchase push raise
    reach react receive recognise recognize recommend record recover reduce refuse regard reject
    release remain remove reopen repair replace reply report represent request require rescue
    resign resist respond restore result retire retreat return reveal reverse rule sail save score
    search seize serve settle share shout sign solve spill start state stay stop store struggle
    study succeed suffer suggest support surrender survive suspect suspend talk target teach test
    threaten touch trade train transfer translate travel treat trust try turn unfold urge use visit
    vote wait walk want warn watch weigh welcome witness work worry wound yield
"""
_IRREGULAR = """
    become/became/become begin/began/begun break/broke/broken bring/brought/brought
    build/built/built buy/bought/bought catch/caught/caught choose/chose/chosen come/came/come
    cut/cut/cut do/did/done draw/drew/drawn drive/drove/driven eat/ate/eaten fall/fell/fallen
    feel/felt/felt fight/fought/fought find/found/found flee/fled/fled fly/flew/flown
    forbid/forbade/forbidden forget/forgot/forgotten get/got/got give/gave/given go/went/gone
    grow/grew/grown hang/hung/hung have/had/had hear/heard/heard hide/hid/hidden hit/hit/hit
    hold/held/held keep/kept/kept know/knew/known lead/led/led leave/left/left lend/lent/lent
    let/let/let lie/lay/lain lose/lost/lost make/made/made mean/meant/meant meet/met/met
    pay/paid/paid put/put/put read/read/read ride/rode/ridden rise/rose/risen run/ran/run
    say/said/said see/saw/seen seek/sought/sought sell/sold/sold send/sent/sent set/set/set
    shoot/shot/shot show/showed/shown shut/shut/shut sing/sang/sung sink/sank/sunk sit/sat/sat
    sleep/slept/slept speak/spoke/spoken spend/spent/spent split/split/split stand/stood/stood
    steal/stole/stolen strike/struck/struck swear/swore/sworn take/took/taken
    teach/taught/taught tell/told/told think/thought/thought throw/threw/thrown
    understand/understood/understood wear/wore/worn win/won/won withdraw/withdrew/withdrawn
    write/wrote/written beat/beat/beaten cost/cost/cost bear/bore/born spread/spread/spread
"""


@lru_cache(maxsize=1)
def verb_forms() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The base forms, the forms in -s, and past forms with participles, of common verbs."""
    bases = {*_REGULAR.split()}
    past = set()
    for line in _IRREGULAR.split():
        base, *rest = line.split("/")
        bases.add(base)
        past.update(rest)
    third = {_add_s(base) for base in bases}
    return frozenset(bases), frozenset(third), frozenset(past)


def _add_s(base: str) -> str:
    """The form of he, she and it."""
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{base}es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return f"{base}s"


_NO_PAST = frozenset("united red bed hundred need speed breed seed feed indeed sacred".split())


def is_past(word: str) -> bool:
    """Whether the word looks like a past form or a participle."""
    regular = word.endswith("ed") and len(word) > 3 and word not in _NO_PAST
    return regular or word in verb_forms()[2]


def is_base(word: str) -> bool:
    """Whether the word is the base form of a common verb."""
    return word in verb_forms()[0]


def is_third(word: str) -> bool:
    """Whether the word is the -s form of a common verb."""
    return word in verb_forms()[1]


def is_plural(phrase: str) -> bool:
    """Whether a phrase looks plural: its last word ends so, or it joins two."""
    words = phrase.lower().split()
    if not words:
        return False
    head = words[-1]
    for place, word in enumerate(words):
        if word == "of" and place:
            head = words[place - 1]
            break
    joined = "and" in words
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is", "’s", "'s"))
    return joined or plural or head in ("people", "men", "women", "children", "police")
