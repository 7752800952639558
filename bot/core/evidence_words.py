"""Words that are weak evidence: everybody's words, names that are words, phrases of the language.

A word is in `COMMON_WORDS` when two readers of one book use it without having read each other.
"""

from __future__ import annotations

_COMMON_WORDS = """
a about above absolutely across act action actions actual actually add after again against ago
agree agreed ah all allow allowed almost alone along already also although always am among an
and another answer answers any anybody anymore anyone anything anyway apart appear appears are
aren't around as ask asked asking at attempt author authors away awful back bad based be
beautiful became because become becomes been before began begin beginning behind being belief
believe believed believes best better between beyond big bit both boy boys bring brings brought
but by call called came can can't cannot care case cause certain certainly chance change changed
changes chapter chapters character characters child children choice choose chose clear clearly
close come comes comment comments coming common complete completely could couldn't course cover
day days dead deal death deep did didn't die died different difficult disagree discuss
discussion do does doesn't doing don't done down during each early easily easy either else end
ended ending endings ends enjoy enjoyed enough entire especially even ever every everybody
everyone everything exactly example experience explain explained explains extremely eyes fact
facts family far father feel feeling feelings feels fell felt few fiction final finally find
finds finish finished first follow for form forward found four free friend friends from full
further future gave general get gets getting girl girls give given gives giving go goes going
gone gonna good got great group guess guy had hadn't half hand hands happen happened happens
happy hard has hasn't hate hated have haven't having he he'd he'll he's head hear heard heart
help her here hers herself high him himself his history hold home honest honestly hope hoped
hour hours house how however human i i'd i'll i'm i've idea ideas if imagine important in indeed
instead interest interested interesting into is isn't issue it it'd it'll it's its itself job
just keep kept kid kids kind knew know knowing known knows last late later least leave leaves
leaving led left less let lets level life like liked likely line lines list little live lived
lives living long longer look looked looking looks lose lost lot lots love loved main make makes
making man many matter may maybe me mean meaning means meant men message mind mine minutes miss
moment moments more most mother move much must my myself name nature near necessary need needed
needs never new next nice night no nobody none nor not nothing novel novels now number obvious
obviously of off often oh okay old on once one ones only open opinion or order other others our
ourselves out over own page pages paragraph part parts people perhaps person perspective piece
place places plain plot point points position possible possibly post posted posts power present
pretty probably problem put question questions quite rather reach read reader readers reading
reads real reality realize realized really reason reasons recommend remember reply review
reviews right room run said same saw say saying says scene scenes second see seem seemed seems
seen self sense sentence set several she she'd she'll she's short should shouldn't show shown
shows side simple simply since single small so some somebody somehow someone something sometimes
somewhere soon sort speak start started state stay still stop stories story strange strong style
such suggest sure take taken takes taking talk talking tell telling tells than thank thanks that
that'd that's the their theirs them theme themes themselves then there there's therefore these
they they'd they'll they're they've thing things think thinking thinks third this those though
thought thoughts three through throughout time times title to today together told tone too took
total totally toward towards tried true truly truth try trying turn turned turns two
understand understanding understood unless until up upon us use used using usually very view
voice wait want wanted wants was wasn't watch way ways we we'd we'll we're we've week well went
were weren't what what's whatever when where whether which while who who's whole whom whose why
will with within without woman women won't wonder wondered wonderful word words work worked
works world would wouldn't write writer writers writes writing written wrong wrote yeah year
years yes yet you you'd you'll you're you've young your yours yourself
"""
COMMON_WORDS = frozenset(_COMMON_WORDS.split())
"""Function words, the most frequent English words, and the words of every talk about books."""

_NAMES_THAT_ARE_WORDS = """
abbey age ai al alas amber angel april art ash august aurora autumn bard baron basil bay bear beau
belle berry bill bishop blaze blue bob bonus booker books bookworm brandy brave breeze brook buck
bud buddy bunny candy carol cat chance charity chase chastity chip christian chuck clarity clay
cliff colt comma con conclusion constance context cookie cooper count crystal curt daisy dale dawn
dean death destiny diamond dick dog don dot drew duke dusk dusty earl earnest ebony echo ed eden
edit em ember ending eternity eve evening example faith fate fern finally first fleur flora forest
fox frank free freedom gale gay gene genesis ginger glen glory grace grant guy gypsy hank happy
harmony harry hazel heath heather heaven henna herb holly honey honor honour hope hunter iris
ivory ivy jack jade jasmine jay jersey jet jewel john joy judge june justice king lance lark
laurel leaf liberty life lily link lord lot lotus love loyal luck lucky lux magic major mama man
margin marigold mark marshal mason master mat max may me mead medium melody memory mercy merit
merry miles mo mom money moon morning mum myrtle nana nice nick noble note novel olive opal pa
page paige pansy parson pat patience peace pearl peg penny pepper pierce pip piper poet poppy
porter presence pride prince princess prudence ps psyche queen question quote rain randy raven ray
re read reader reality reed rein rich river rob robin rock rod roman rose rosemary rowan ruby
rusty sage sally sandy scarlet scout sea serenity shade shadow shepherd skip sky solace sonny
sorrow spike spoiler star sterling stone storm story sue summary summer sunny sunshine swan tad
teacher temperance thinker thought time title topaz true truth ty unity update valentine van
verity vesper victor victory violet virtue wade walker warden warning way web will willow win
winter wisdom wit wolf wren writer young zen zephyr
"""
NAMES_THAT_ARE_WORDS = frozenset(_NAMES_THAT_ARE_WORDS.split())
"""Given names, screen names and headings that open a sentence as a word just as well."""

TITLES_OF_PEOPLE = frozenset(
    ("dr", "jr", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "sir", "sr", "st")
)

_COMMON_PHRASES = """
a blessing in disguise
a breath of fresh air
a far cry from
a foregone conclusion
a matter of life and death
a page turner
a picture is worth a thousand words
a recipe for disaster
a slippery slope
a wolf in sheep's clothing
absence makes the heart grow fonder
absolute power corrupts absolutely
actions speak louder than words
all animals are equal but some animals are more equal than others
all that glitters is not gold
as far as i am concerned
as far as i'm concerned
barking up the wrong tree
beat around the bush
beating a dead horse
beauty is in the eye of the beholder
between a rock and a hard place
blood is thicker than water
by the skin of their teeth
coming of age
crocodile tears
don't judge a book by its cover
drop in the bucket
few and far between
food for thought
fish out of water
for all intents and purposes
from beginning to end
from cover to cover
happily ever after
hook line and sinker
ignorance is bliss
in the final analysis
it is a truth universally acknowledged that a single man in possession of a good fortune
it was the best of times it was the worst of times
jumping to conclusions
last but not least
leaves a bad taste in the mouth
let sleeping dogs lie
love is blind
more questions than answers
needle in a haystack
no man is an island
on the edge of my seat
once upon a time
out of sight out of mind
play devil's advocate
playing devil's advocate
read between the lines
same old same old
stiff upper lip
stream of consciousness
suspend my disbelief
suspension of disbelief
that is the question
the american dream
the banality of evil
the be all and end all
the bottom line
the devil is in the details
the elephant in the room
the end justifies the means
the exception that proves the rule
the fact of the matter
the grass is always greener on the other side
the greatest love story ever told
the human condition
the lesser of two evils
the light at the end of the tunnel
the loss of innocence
the moral of the story
the natural order of things
the pen is mightier than the sword
the pot calling the kettle black
the road to hell is paved with good intentions
the root of all evil
the straw that broke the camel's back
the stuff of nightmares
the stuff that dreams are made of
the suspension of disbelief
the tip of the iceberg
the whole is greater than the sum of its parts
the writing on the wall
time heals all wounds
tip of the iceberg
to be or not to be
to each his own
truth is stranger than fiction
tug at the heartstrings
turn a blind eye
two sides of the same coin
unreliable narrator
what goes around comes around
when all is said and done
with a grain of salt
with a pinch of salt
"""
COMMON_PHRASES = tuple(phrase.strip() for phrase in _COMMON_PHRASES.strip().splitlines())
"""Phrases of the language: two posts may share one and know nothing of each other."""
