"""Words that people use around a name, in five languages: what a question or a search may drop.

They are dropped only where nobody is called so, or where it is clear from the words beside them.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


PLEASE = word_set("please pls plz kindly")
GREETINGS = word_set("hi yo hey hello heya hiya howdy greetings")
# Courtesies say nothing, wherever they stand. Some of them are names too: Grace Please, Hi Nguyen, Ty Cobb. A
# yo is one only before what asks, or alone.
COURTESY = (GREETINGS - {"yo"}) | PLEASE | word_set("thanks thank thx ty cheers")
_NAMES_TOO = word_set("please kindly hi ty cheers")

# Words that show that somebody is asking.
WHICH = word_set(
    """what whats what's wats whta waht which who whos who's whose where wheres where's hows how's when why
    whom"""
)
ASKING = WHICH | (COURTESY - _NAMES_TOO)
ASKING |= word_set(
    """is was were does did had have got get gets could would should cannot can't if whether know give send
    show find fetch need wondering trying wanted wants remind look looking looked lookup search
    searching dial dials dialling dialing call calls calling reach reaching rings contact speak talk
    through connect transfer assigned belong belongs belonging owns uses use used using picks answer
    answers answering sits taken i i'm i'd i've myself us we your they someone somebody anyone anybody
    it's its that that's this there idea possible quickly question people morning afternoon evening okay
    sorry missed rang called told there's they're available free busy online gimme lemme wrong you're
    don't dont doesn't doesnt didn't isn't isnt won't can't aren't haven't nobody"""
)
# Words that show it only next to others: alone they may be part of a name, as in Are Hansen.
HINTS = word_set(
    """are am has how it you u me one ok ring tell put want own any check quick like ask about in on at up
    out off and or behind under of for to by from with im not no work works working take anymore caller
    customer client asked asks asking wants asap urgent urgently offline away lunch lol keeps ringing pick
    picked start starts friend our be between swap
    here moved left page message share post notify previous"""
)
NOUNS = word_set(
    """ext exts extn exten extension extensions extention exension extenstion number numbers num nr no
    phone telephone tel digits office direct internal work name named called agent colleague person
    email e-mail line user username login cell mobile"""
)
# Words that say nothing either way.
WEAK = word_set("please kindly a the just also again now today right currently current then bot day new old")
AROUND_A_NAME = ASKING | HINTS | NOUNS | WEAK

# The same in Spanish, French, German and Portuguese. Such a word shows that somebody is asking.
NOUNS_ELSEWHERE = word_set(
    """extensión anexo interno número numero teléfono telefono poste numéro téléphone durchwahl nebenstelle
    nummer telefonnummer telefon ramal"""
)
ELSEWHERE = NOUNS_ELSEWHERE | word_set(
    """cuál é cual cuáles es está esta quién quien qué que dónde donde hablar cómo como puedo puedes podría
    tienes tiene necesito busco buscar dame dime llamar hola gracias libre libres disponible disponibles
    quel quelle quels est qui où comment puis-je peux-tu pouvez-vous avez-vous as-tu je j'ai cherche
    chercher besoin donne donne-moi donnez-moi appeler joindre parler s'il vous te plaît plait svp stp dispo
    bonjour salut merci wie ist lautet wer wo kann können könnten ich suche brauche hat haben gib gebt mir
    bitte anrufen erreiche erreichen sprechen gerade frei hallo danke guten tag qual quem onde posso pode
    podem preciso procuro procurar tem diga ligar falar livre disponível olá ola oi obrigado obrigada favor"""
)
# `My` in these languages: names too, but for a noun beside them.
OWN_ELSEWHERE = word_set("mi mis mon ma mes mein meine meiner meinen meu minha")
# Their small words, which many names have too (`Maria de la Cruz`): dropped only beside the others.
PARTICLES = word_set(
    """el la los las lo un una de del al por en con para le les l' une d' des du au aux à pour avec der die
    das den dem ein eine von vom zu zur für im am bei und mit o a os as um uma do da dos das no na"""
)

TITLES = word_set(
    """mr mrs ms mx miss dr prof professor sir madam herr frau mme mlle monsieur madame señor señora senor
    senora sr sra srta senhor senhora san sama sensei kun chan ji sahib saheb hanim bey ssi nim"""
)
POLITE = COURTESY | word_set("for of the name named called")
# Words that a search drops at both ends of a name.
ASIDES = POLITE | TITLES | word_set("ext extn extension number")

# At least one of these makes a text of such words a thank-you.
GRATEFUL = word_set(
    """thanks thank thx ty cheers ok okay k kk great perfect awesome cool nice sweet lovely brilliant super
    danke dank merci gracias obrigado obrigada brigado brigada valeu grazie bedankt tack bye goodbye np yes
    yep yeah no nope wow lol tysm tyvm thnx tnx tks thankyou nvm nevermind mind good
    haha hahaha lmao amazing excellent wonderful fantastic fast helped done love xoxo"""
)
# Words of a text that only thanks or agrees.
THANKFUL = GRATEFUL | word_set(
    """got it you u very much so many a lot bot for your the help that's that all fine problem have day one
    mate buddy dude never dir vielen schön schon sehr muchas mil beaucoup bcp bien muito mille was
    million advance in job well this i please"""
)

TEAM_WORDS = word_set(
    """team teams department dept group queue desk from in at of the with on within over everyone everybody
    all people agents colleagues list members member staff de del du da do von aus im equipo équipe equipe
    abteilung"""
)
# Words that make somebody else of the person named beside them.
ABOUT_ANOTHER = word_set(
    """manager managers boss assistant supervisor lead leader colleague replacement successor predecessor
    deputy backup secretary substitute replaced replaces replacing covers covering wife husband brother sister
    son daughter team except not without instead unlike formerly"""
)
BESIDE_A_NAME = AROUND_A_NAME | ELSEWHERE | PARTICLES | ASIDES

# Names that are such words too, and the words that show, by coming next, that they are no names.
ADDRESSED = word_set("you u i we this it someone somebody anyone anybody people they one")
SHOWN_BY = {
    **dict.fromkeys(("can", "will", "may", "do", "might", "shall"), ADDRESSED | {"take", "help", "change"}),
    **dict.fromkeys(("my", "an", "her", "his", "their", "our"), NOUNS | {"own"}),
    **dict.fromkeys(("hi", "so", "yo", "well"), ASKING | {"can", "do", "please", "bot"}),
    "desk": NOUNS,
    "hold": word_set("of"),
    "good": word_set("morning afternoon evening day"),
    "excuse": word_set("me"),
    "help": word_set("me us"),
    "many": NOUNS | word_set("people agents"),
    "wat": word_set("is are was my"),
    "por": word_set("favor"),
}
AFTER_A_NAME = NOUNS | WHICH | NOUNS_ELSEWHERE | COURTESY
AFTER_A_NAME |= word_set(
    """has have got gets use uses used using is on at in now today currently again reachable available
    free around taken assigned belong belongs me i you u that and an the her his bitte svp stp porfa favor"""
)
# What words around a name must have beside them to be no part of it: `... belong to`, `... for me`.
BEFORE_TO = word_set("belong belongs belonging assigned speak talk")
AFTER_FOR = word_set("me us")
WHOSE = word_set("me his her their")
SPOKEN_OF = word_set("she he they them her him there")
OF_QUESTIONS = (AROUND_A_NAME - NOUNS) | ELSEWHERE | SHOWN_BY.keys() | SPOKEN_OF
REACHING = word_set("reach call dial ring contact for on")
# A text that begins so goes on from the one before it: `or bob?`
GOING_ON = word_set("and or also but plus then")
# In a list of people these are a greeting: `hi all, ...`.
GREETED = (
    GREETINGS
    | COURTESY
    | word_set("good morning afternoon evening all team folks guys everyone everybody there")
)
# One of these is enough beside two words that may be a name: `jane doe ext`.
EXTENSION = word_set("ext extn extension extention number phone")
ADMINS = word_set("admin admins administrator administrators change changes")
LISTING = word_set("directory list phonebook everyone everybody all full whole complete entire link export")
