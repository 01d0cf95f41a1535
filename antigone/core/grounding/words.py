"""Word lists: small data, French first. Words are folded (lower case, no accents) unless said otherwise."""

# ruff: noqa: SIM905 (a list of words reads best as a sentence)

# Full stops after these do not end a sentence.
ABBREVIATIONS = frozenset(
    "art av bd bld boul cf ch chap dr env ex fig hab ibid inc kg km max me mgr min mlle mm mme mr mrs no nos "
    "num op p pp par pl pr prof réf ref resp s sq st ste suiv sv t tél tel tj vol vs alin al".split()
)

# A line that ends with one of these goes on in the next one.
LINE_CARRIERS = frozenset(
    "le la les un une des du de d l au aux à a et ou où en par pour sur sous dans avec sans entre vers chez "
    "que qu qui dont si n ne se s ce cet cette ces son sa ses leur leurs mon ma mes notre nos votre vos "
    "est sont sera être avant après depuis dès jusqu jusque sauf selon lorsque quand non pas plus très "
    "the of to in on at and or for by with from is are not no that".split()
)

# Words that carry no fact of their own: articles, “de”, clitics. Everything else is compared, “à” and the
# auxiliaries too: “part de la gare” is not “part à la gare”, “a nommé” is not “est nommé”.
FUNCTION_WORDS = frozenset(
    "le la les l des du de d en et y c ce cet cette ces son sa ses leur leurs il elle ils elles "
    "ceci cela ca the an of in on at it its this that these those his her he she they "
    # links between sentences, which an answer may drop or add
    "ainsi donc toutefois cependant neanmoins egalement aussi enfin effectivement "
    "therefore also however thus moreover".split()
)

# Several words that mean one thing. Longest first is the reader's business; keys are folded words.
PHRASES: dict[str, str] = {
    "à partir de": "des_que", "à partir du": "des_que", "à partir des": "des_que", "à compter de": "des_que",
    "à compter du": "des_que", "à compter des": "des_que", "à dater du": "des_que", "à dater de": "des_que",
    "au moins": "minimum", "au minimum": "minimum", "à minima": "minimum", "at least": "minimum",
    "au plus": "maximum", "au maximum": "maximum", "tout au plus": "maximum", "at most": "maximum",
    "d apres": "selon", "conformement à": "selon", "conformement au": "selon", "conformement aux": "selon",
    "en application de": "selon", "en application du": "selon", "en vertu de": "selon",
    "en vertu du": "selon",
    "aux termes de": "selon", "aux termes du": "selon", "according to": "selon",
    "afin de": "pour", "afin d": "pour", "en vue de": "pour", "en vue d": "pour", "à destination de": "pour",
    "à destination des": "pour", "à l intention des": "pour",
    "à l exception de": "sauf", "à l exception du": "sauf", "à l exception des": "sauf",
    "à l exclusion de": "sauf", "à l exclusion des": "sauf", "à l exclusion du": "sauf",
    "tous les": "chaque", "toutes les": "chaque", "l ensemble des": "chaque", "la totalite des": "chaque",
    "ainsi que": "et", "de meme que": "et", "en effet": "et", "par ailleurs": "et", "en outre": "et",
    "par consequent": "et", "à savoir": "et", "il s agit de": "et", "c est à dire": "et",
    "c est": "et", "il y a": "et",
    "ou bien": "ou", "en particulier": "et", "pour %": "%", "parce que": "car", "du fait de": "car",
    "est tenu de": "doit", "sont tenus de": "doit", "est tenue de": "doit", "etes tenu de": "doit",
    "sont tenues de": "doit", "il faut": "doit", "est oblige de": "doit", "a l obligation de": "doit",
    "ont l obligation de": "doit", "a la possibilite de": "peut", "ont la possibilite de": "peut",
    "a le droit de": "peut", "ont le droit de": "peut",
    "au cours de": "pendant", "au cours du": "pendant", "au cours des": "pendant",
    "tout au long de": "pendant",
    "à l interieur de": "dans", "à l interieur du": "dans", "au sein de": "dans", "au sein du": "dans",
    "au sein des": "dans", "à hauteur de": "et", "s agissant de": "concernant",
    "s agissant des": "concernant",
    "en ce qui concerne": "concernant", "au sujet de": "concernant", "à propos de": "concernant",
    "aupres de": "aupres", "aupres du": "aupres", "aupres des": "aupres", "au dela de": "audela",
    "au dela du": "audela", "moins de": "moinsde", "plus de": "plusde", "à moins de": "amoinsde",
    "à moins que": "amoinsque", "sous reserve de": "sousreserve", "sous reserve du": "sousreserve",
    "sous reserve que": "sousreserve", "à condition de": "acondition", "à condition que": "acondition",
    "jusqu à": "jusque", "jusqu au": "jusque", "jusqu aux": "jusque", "jusqu en": "jusque",
    "ont lieu": "tenir", "a lieu": "tenir", "se tient": "tenir", "se tiennent": "tenir",
    "se deroule": "tenir",
    "se deroulent": "tenir", "est organise": "tenir", "est organisee": "tenir", "sont organises": "tenir",
    "sont organisees": "tenir", "se trouve": "situ", "se trouvent": "situ", "est situe": "situ",
    "est situee": "situ", "sont situes": "situ", "sont situees": "situ", "est sis": "situ",
    "est sise": "situ",
    "en cas de": "encas", "en cas d": "encas", "tous les ans": "annuel", "tous les mois": "mensuel",
    "toutes les semaines": "hebdomadaire", "tous les jours": "quotidien",
    "chaque annee": "annuel", "chaque mois": "mensuel", "chaque semaine": "hebdomadaire",
    "par an": "annuel", "par mois": "mensuel", "par semaine": "hebdomadaire", "chaque jour": "quotidien",
    "par jour": "quotidien",
    "à l exception du mois de": "sauf", "s il": "si", "s ils": "si", "s eleve": "coute", "s elevent": "coute",
    "est ouvert": "ouvert", "est ouverte": "ouvert", "sont ouverts": "ouvert", "sont ouvertes": "ouvert",
    "est ferme": "ferme", "est fermee": "ferme", "sont fermes": "ferme", "sont fermees": "ferme",
    "au moment de": "lors", "au moment du": "lors", "lors de": "lors", "lors du": "lors", "lors des": "lors",
    "au mois de": "et", "du mois de": "et", "le mois de": "et", "au mois d": "et", "du mois d": "et",
    "le mois d": "et", "a la possibilite d": "peut", "ont la possibilite d": "peut", "a le droit d": "peut",
    "ont le droit d": "peut", "est tenu d": "doit", "sont tenus d": "doit",
    "par deliberation": "pardeliberation",
    "bibliotheque municipale": "bibliotheque", "mediatheque municipale": "mediatheque",
    "piscine municipale": "piscine", "cantine municipale": "cantine",
}  # fmt: skip

# One word for several of the same meaning; keys are stems as `fold_stem` makes them.
SYNONYMS_BY_MEANING: dict[str, str] = {
    "pendant": "pendant durant",
    "lorsque": "lorsque lorsqu quand when",
    "selon": "selon suivant",
    "seulement": "seulement uniquement exclusivement only",
    "sauf": "sauf excepte hormis hors except",
    "doit": "doit doivent devez devons dois must obligatoire obligatoirement",
    "peut": "peut peuvent pouvez pouvons peux may can possible",
    "doitfutur": "devra devront devrez",
    "peutfutur": "pourra pourront pourrez",
    "autoris": "autoris permettre permet permettent",
    "interdit": "interdit interdisent interdire prohib defendu",
    "chaque": "chaque",
    "ouvert": "ouvert ouvre ouvrent",
    "ferme": "ferme ferment fermer",
    "debute": "debute debuter debutent commence commencer commencent demarre demarrer demarrent",
    "termine": "termine terminer terminent acheve achever achevent finit finissent finir",
    "beneficie": "beneficie beneficier beneficient",
    "depose": "depose deposer deposent",
    "accueille": "accueille accueillent accueillir recoit recoivent recevoir",
    "versement": "verse verser versent",
    "enfant": "enfant",
    "annuel": "annuel annuellement",
    "mensuel": "mensuel mensuellement",
    "hebdomadaire": "hebdomadaire",
    "quotidien": "quotidien quotidiennement",
    "gratuit": "gratuit gratuitement free",
    "n:1": "un une one",
    "etre": "est sont etre is are be",
    "avoir": "a ont avoir has have",
    "se": "se s",
    "à": "à au aux",
    "qu": "que qu",
    "ne": "ne n",
    "je": "je j",
    "puisque": "puisque puisqu",
    "vous": "vous votre vos",
    "nous": "nous notre nos",
    "environ": "environ approximativement",
    "mediatheque": "mediatheque",
    "velo": "velo bicyclette",
    "assuj": "assujetti soumi",
    "article": "article art",
}
# The price itself is the fact: “coûte 4 €”, “le tarif est fixé à 4 €” and “s'élève à 4 €” say the same.
PRICE_WORDS = frozenset(
    "tarif prix montant coute coutent couter fixe fixes fixee fixees eleve elevent".split()
)

NEGATIONS = frozenset(
    "ne pas point jamais aucun aucune ni non rien personne nul nulle sans interdit contrairement guere "
    "not no never none without neither nor cannot faux fausse inexact ".split()
)
# What narrows, conditions or turns a statement: never to be left out, even from a parenthesis.
QUALIFIERS = NEGATIONS | frozenset(
    "sauf encas lors si lorsque quand seulement minimum maximum moinsde plusde amoinsde amoinsque "
    "sousreserve acondition "
    "audela jusque avant apres des_que depuis pendant pour contre avec entre selon mais hors ou doit "
    "peut limite "
    "cas condition reserve exception exclusion derogation plus moins tous toutes tout certains plusieurs "
    "chaque environ ouvert ferme gratuit payant autoris facultatif obligatoire unless if until during only "
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout "
    "septembre octobre novembre decembre toutefois cependant neanmoins demande accord avis "
    "presentation".split()
)
# A clause that opens with one of these may move to the other end of its sentence.
MOVABLE = frozenset(
    "pardeliberation lors encas des_que depuis pendant pour lorsque si selon jusque avant apres sauf "
    "dans chez concernant acondition "
    "sousreserve amoinsque chaque sans avec car concernant en afin unless if when during since".split()
)
# A clause between commas that opens with one of these adds to its sentence and may be left out.
APPOSITIONS = frozenset("qui dont ou_lieu situ notamment comme tel telle tels telles".split())

# Words that only introduce what a source says. Others in an introduction must be in the source's title.
FRAME_WORDS = frozenset(
    "selon voici voila document documents texte textes source sources article articles page passage passages "
    "extrait reglement interieur deliberation arrete code loi guide fiche notice indique indiquent precise "
    "precisent prevoit prevoient dispose disposent stipule mentionne rappelle enonce lit ecrit on "
    "que qu suivant suivants suivante suivantes reponse repond information informations element elements "
    "according document says states it article source the that following here comme ce et tel ci dessous "
    "indiquant fourni fournis fournie fournies transmis consulte consultes".split()
)
NEUTRAL_OPENINGS = (
    "bonjour", "bonsoir", "merci", "n'hésitez pas", "je n'ai pas trouvé", "je ne trouve", "je ne sais",
    "je ne dispose", "je n'ai pas d'information", "je suis désolé", "désolé", "aucun passage",
    "aucun document",
    "aucune information", "aucune source", "les documents ne", "les sources ne", "les passages ne", "hello",
    "sorry", "i could not find", "i did not find", "je reste à votre disposition", "bonne journée",
    "cordialement",
    "j'espère", "je n'ai rien trouvé",
)  # fmt: skip

MONTHS = {
    name: number
    for number, names in enumerate(
        "janvier january|fevrier february|mars march|avril april|mai|juin june|juillet july|aout august|"
        "septembre september|octobre october|novembre november|decembre december".split("|"),
        start=1,
    )
    for name in names.split()
}
NUMBER_WORDS = {
    **{w: n for n, w in enumerate("zero _ deux trois quatre cinq six sept huit neuf dix onze douze".split())},
    **{w: n for n, w in enumerate("treize quatorze quinze seize".split(), start=13)},
    **{w: n for n, w in zip((20, 30, 40, 50, 60, 70, 80, 90),
        "vingt trente quarante cinquante soixante septante huitante nonante".split(), strict=True)},
    "vingts": 20, "octante": 80, "cent": 100, "cents": 100, "mille": 1000,
}  # fmt: skip
del NUMBER_WORDS["_"]
MULTIPLIERS = {
    "millier": 10**3, "milliers": 10**3, "mille": 10**3, "million": 10**6, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9, "k": 10**3, "m": 10**6, "md": 10**9, "mds": 10**9,
}  # fmt: skip
ORDINALS = {
    "premier": 1, "premiere": 1, "premiers": 1, "premieres": 1, "deuxieme": 2, "second": 2, "seconde": 2,
    "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9,
    "dixieme": 10, "onzieme": 11, "douzieme": 12, "treizieme": 13, "quatorzieme": 14, "quinzieme": 15,
    "seizieme": 16, "vingtieme": 20, "centieme": 100,
}  # fmt: skip
UNITS = {
    "euro": "€", "euros": "€", "eur": "€", "€": "€", "%": "%", "pourcent": "%", "pourcents": "%",
    "heure": "h", "heures": "h", "h": "h", "minute": "min", "minutes": "min", "min": "min", "mn": "min",
    "kilometre": "km", "kilometres": "km", "km": "km", "metre": "mètre", "metres": "mètre",
    "m2": "m²", "m3": "m³", "kilo": "kg", "kilos": "kg", "kilogramme": "kg", "kilogrammes": "kg", "kg": "kg",
    "tonne": "t", "tonnes": "t", "litre": "l", "litres": "l", "hectare": "ha", "hectares": "ha", "ha": "ha",
}  # fmt: skip
