"""All Dutch that the product itself says or listens for. Nothing else in the code is Dutch."""

from __future__ import annotations

from assistant.errors import WelwijzerError

# --- what a question asks for (matched on lower-case text, first match wins)

KIND_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "number",
        r"\b(cijfers over|wat zijn de cijfers|welke cijfers|hoeveel|hoe vaak|welk percentage|percentage|hoe groot|how many|how much)\b|%",
    ),
    (
        "definition",
        r"\b(wat (is|zijn|betekent|betekenen|houdt|verstaan|verstaat|bedoel\w*)|definitie|betekenis|what is|leg uit wat|waar staat .* voor)\b",
    ),
    ("comparison", r"\b(verschil|verschillen|vergelijk\w*|ten opzichte van|versus)\b"),
    ("why", r"\b(waarom|waardoor|hoe komt het|wat is de reden|why)\b"),
    ("when", r"\b(wanneer|sinds wanneer|vanaf wanneer|in welk jaar|welk jaar|welke datum|when)\b"),
    ("where", r"\b(waar (is|zit|staat|ligt|vind|kan ik|kun je)|in welke (stad|plaats)|where)\b"),
    ("who", r"\b(wie|welke persoon|welke organisaties?|who)\b"),
    ("example", r"\b(voorbeelden?|voorbeeldschool|welke scho(o)?l(en)?|praktijkvoorbeeld\w*|example)\b"),
    (
        "tool",
        r"\b(tools?|hulpmiddel\w*|instrument\w*|materia\w+|checklists?|spel|toolkit|handreiking\w*|lesmateriaal|lespakket\w*|vragenlijst\w*)\b",
    ),
    ("evidence", r"\b(bewezen|bewijs|onderzoek|wetenschap\w*|effect|effecten|effectief|evidence|werkt het)\b"),
    (
        "how_to",
        r"\b(hoe (kan|kun|moet|doe|ga|pak|zorg|krijg|maak|betrek|werk|begin|herken|voer|ondersteun|help|stel)|wat (kan|kun|moet|doe) (ik|je|we|wij|een|mijn|onze|de)|how (can|do|to))\b",
    ),
    ("list", r"\b(welke|noem|som op|opsomming|lijst|which)\b"),
    (
        "yes_no",
        r"^\s*(is|zijn|heeft|hebben|kan|kun|kunnen|mag|mogen|moet|moeten|werkt|helpt|klopt|bestaat|zit|geldt|do|does|can)\b",
    ),
)

SECTOR_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "po",
        r"\b(po|basisscho(ol|len)|basisonderwijs|primair onderwijs|lagere school|kleuter\w*|groep [1-8]|bovenbouw po|primary school)\b",
    ),
    (
        "vo",
        r"\b(vo|voortgezet onderwijs|middelbare\b(?! beroeps)|brugklas\w*|havo|vwo|vmbo|gymnasium|secondary school)\b",
    ),
    ("so", r"\b(so|vso|speciaal onderwijs|voortgezet speciaal onderwijs)\b"),
    ("mbo", r"\b(mbo|roc|middelbaar beroepsonderwijs|mbo-?student\w*|mbo'er\w*|bpv)\b"),
)

# How a follow-up was read, where its own words were not completed.
READ_BESIDE = "{question} (bij je vraag: ‘{earlier}’)"

# --- the answer

NO_EVIDENCE = "Daarover staat niets in de publicaties die ik ken."
PARTIAL = "Hierover vond ik in de bronnen maar een deel van wat je vraagt."
REFUSED = "Dat kan ik niet. Je kunt me vragen stellen over werken aan welbevinden op school."
CAN_ASK = (
    "Je kunt me bijvoorbeeld vragen wat welbevinden is, hoe je ouders betrekt, of welke tools er zijn voor een gesprek."
)
NOTICE_OTHER_SECTOR = (
    "Hierover vond ik niets voor het {sector}; wat hieronder staat komt uit publicaties voor andere sectoren."
)
NOTICE_PART_OTHER_SECTOR = (
    "Niet alles hieronder gaat over het {sector}: let bij elke zin op de publicatie waar hij uit komt."
)
NOTICE_EARLIER_DANGER = "Eerder in dit gesprek ging het over gevaar."
NOTICE_PRIVACY = "Laat persoonsgegevens van leerlingen weg. Ik heb ze uit je vraag gehaald: {kinds}."

# --- errors: one Dutch line each

_ERRORS: dict[str, str] = {
    "error": "Er ging iets mis: {message}",
    "settings": "De instelling {name} klopt niet: {value} is geen map.",
    "question.empty": "Stel een vraag: er staat nu niets wat ik kan lezen.",
    "question.too_long": "Deze vraag is te lang ({length} tekens). Maak er hoogstens {limit} tekens van.",
    "question.unreadable": "Deze regel kan ik niet lezen: verwacht JSON met id en question, of id en turns.",
    "question.sector": "De sector {sector} ken ik niet. Kies uit po, vo, so of mbo.",
    "question.file": "Het bestand {file} kan niet worden geopend.",
    "library": "De bibliotheek kan niet worden gebruikt: {path}. Kijk of de map bestaat en schrijfbaar is.",
    "library_empty": "De bibliotheek is nog leeg. Draai eerst: python -m ingest build",
    "library_busy": "Een ander proces ({owner}) schrijft nu in de bibliotheek. Probeer het zo weer.",
    "unknown_source": "Er is geen document met de naam {id}. Kijk met: python -m ingest status",
    "model": "Het taalmodel {model} kan niet worden geladen. Kijk de instelling WELWIJZER_EMBEDDING_MODEL na.",
    "model_mismatch": (
        "De bibliotheek is gemaakt met het taalmodel {stored}, ingesteld is {model}. Draai: python -m ingest build"
    ),
    "indexing": "Een zoekindex klopt niet met de bibliotheek. Draai: python -m ingest build",
    "ingest": "Het document kan niet worden opgenomen: {message}",
    "ingest.already": "Dit document staat al in de bibliotheek, als {id}.",
    "ingest.gone": "Het document {id} hoort niet meer bij het corpus.",
    "ingest.shelf": "In de map {path} kan niet worden geschreven.",
    "ingest.incomplete": "Niet alle documenten zijn opgenomen: {count} mislukt.",
    "ingest.unsound": "Bibliotheek en zoekindexen kloppen niet: {count} keer. Draai: python -m ingest build",
    "ingest.url": "Het adres {url} is geen webadres. Gebruik een adres dat begint met https:// of http://.",
    "ingest.blocked": "Het adres {url} ligt niet op het openbare internet en wordt niet opgehaald.",
    "ingest.dns": "De website {host} is niet te vinden.",
    "ingest.robots": "De website staat niet toe dat {url} wordt opgehaald (robots.txt).",
    "ingest.redirects": "Het adres {url} verwijst te vaak door.",
    "ingest.status": "Het adres {url} geeft geen document (foutcode {status}).",
    "ingest.type": "Het adres {url} geeft een soort bestand dat ik niet ken ({type}). Gebruik tekst, html of pdf.",
    "ingest.web_too_large": "Het document op {url} is te groot.",
    "ingest.timeout": "Het adres {url} antwoordt niet op tijd.",
    "ingest.failed": "Het adres {url} kan niet worden opgehaald.",
    "manifest": "Er klopt iets niet in {file}: {entry}.",
    "correction": "Een vastgelegde correctie past niet meer op het origineel: {file}, regel {line}.",
    "questions": "Het bestand met vragen kan niet worden gebruikt: {file}, bij {where}.",
    "unreadable.empty": "Het bestand {file} is leeg.",
    "unreadable.binary": "Het bestand {file} is geen leesbare tekst.",
    "unreadable.encrypted": "Het bestand {file} is beveiligd met een wachtwoord. Maak er een versie zonder beveiliging van.",
    "unreadable.broken": "Het bestand {file} is beschadigd en kan niet worden gelezen.",
    "unreadable.no_text": "In {file} staat geen tekst die te lezen is (misschien een scan).",
    "unreadable.no_pages": "De pdf {file} heeft geen bladzijden.",
    "unreadable.kind": "Het soort bestand van {file} ken ik niet. Gebruik .txt, .md, .html of .pdf.",
    "unreadable.missing": "Het bestand {file} is er niet.",
    "unreadable.too_large": "Het bestand {file} is te groot.",
}


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def error_line(error: WelwijzerError) -> str:
    """One Dutch line for a named failure, chosen by its code and, where it has one, its `why`."""
    code = f"{error.code}.{error.details['why']}" if "why" in error.details else error.code
    template = _ERRORS.get(code) or _ERRORS.get(error.code) or _ERRORS["error"]
    return template.format_map(_Blank(error.details, message=str(error)))


# --- ingest

QUESTIONS_GONE = "Bij dit citaat zijn vragen vastgelegd, maar het staat niet (meer) in de tekst: {quote}"
WARNING_PAGE_WITHOUT_TEXT = "Op pagina {page} staat geen tekst die te lezen is (misschien een afbeelding of een scan)."
UNKNOWN_PUBLISHER = "uitgever onbekend"
ADDED_RIGHTS = "Toegevoegd door een redacteur; rechten bij de uitgever. Alleen citeren met bronvermelding."
ADDED_KINDS = {"web": "webpagina", "file": "publicatie"}

INGEST_HELP = {
    "ingest": "Beheert de documenten waaruit de assistent citeert.",
    "build": "maak de bibliotheek gelijk aan de documenten",
    "add": "neem een bestand of webadres op, of haal een document van het corpus terug",
    "remove": "haal een document uit de bibliotheek",
    "status": "toon alle documenten",
    "show": "toon de opgenomen tekst van een document",
    "verify": "controleer de bibliotheek en de zoekindexen",
    "target": "bestand, webadres (http of https) of id van een document dat eruit gehaald is",
    "source_id": "id van het document (zie status)",
    "json": "uitvoer als JSON",
    "id": "leesbare id; anders gemaakt uit de titel",
    "title": "titel; anders zoals het document zelf zegt",
    "publisher": "uitgever; mag vaker",
    "published": "datum, zoals 2023, 2023-12 of 2023-12-31",
    "sector": "po, vo, so of mbo; mag vaker",
    "url": "webadres van de publicatie",
}
INGEST_BUILT = "Opgenomen: {taken_in}. Ongewijzigd: {unchanged}. Verwijderd: {removed}. Mislukt: {failed}."
INGEST_FAILED = "{id}: {line}"
INGEST_REMOVED = "{id} is uit de bibliotheek gehaald."
INGEST_WITHDRAWN = "{id} is uit de bibliotheek gehaald. Terughalen: python -m ingest add {id}"
INGEST_EMPTY = "De bibliotheek is leeg."
INGEST_LINE = "{id}\t{title}\tversie {version}\t{pages}\t{passages} passages"
INGEST_PAGES = "{count} pagina's"
INGEST_NO_PAGES = "geen pagina's"
INGEST_WARNING = "  let op: {warning}"
INGEST_WITHDRAWN_LINE = "{id}\teruit gehaald"
INGEST_SOUND = "In orde: {documents} documenten, {passages} passages, {windows} vectoren."
INGEST_PROGRESS = "embedden"
INGEST_STOPPED = "Afgebroken."
VERIFY = {
    "text": "{id}: de opgenomen tekst klopt niet met zijn versie",
    "passage": "{id}: passage {passage} staat niet zo in de tekst",
    "passage_version": "{id}: passage {passage} hoort bij een andere versie",
    "sentence": "{id}: een zin van passage {passage} valt buiten de passage",
    "windows": "{id}: de vectoren van passage {passage} dekken hem niet precies",
    "vector": "{id}: de vector van {window} is niet bruikbaar",
    "orphan": "{id}: vector {window} hoort bij geen passage",
    "own_words": "{id}: passage {passage} is niet te vinden met zijn eigen woorden",
    "original": "{id}: het origineel is veranderd of weg",
    "stale": "{id}: de bibliotheek is achter op het document; draai: python -m ingest build",
    "lost": "{id}: staat niet in de bibliotheek; draai: python -m ingest build",
    "unknown": "{id}: staat in de bibliotheek, maar niet meer bij de documenten",
    "doubled": "{id} en {other} hebben dezelfde tekst",
    "index": "zoekindex: {problem}",
}

# --- app

APP_NAME = "Welwijzer"
APP_TITLE = "Vraag"
APP_HEADING = "Wat wil je weten over welbevinden op school?"
APP_NEW_CONVERSATION = "Nieuw gesprek"
APP_INPUT = "Stel je vraag"
APP_INPUT_NOTE = "Een machine antwoordt. Noem geen namen van leerlingen."
APP_SECTOR = "Onderwijssector"
APP_ALL_SECTORS = "alle"
APP_SOURCES = "Bronnen"
APP_SOURCES_CHOSEN = "Bronnen ({count})"
APP_SOURCES_LABEL = "Zoek alleen in"
APP_SOURCES_ALL = "alle publicaties"
APP_STARTERS_HEADING = "Begin bijvoorbeeld met"
APP_LOADING = "De zoekmachine wordt geladen. Je kunt je vraag al stellen."
APP_LOADING_ASKED = "De zoekmachine wordt nog geladen. Daarna komt je antwoord meteen."
APP_THINKING = "Ik zoek het op in de publicaties."
APP_EMPTY_HEADING = "De bibliotheek is nog leeg"
APP_NO_START_HEADING = "De zoekmachine kan niet starten"
APP_UNEXPECTED = "Er ging iets mis bij het zoeken. Probeer het opnieuw; je vraag staat hierboven nog."
APP_UNEXPECTED_START = "Er ging iets mis bij het laden. In het logboek van de server staat wat."
APP_RETRY = "Opnieuw proberen"
APP_NEAREST_REFERRAL = "Wat de bronnen zeggen over signaleren en hulp"
APP_ANSWER_READY = "Het antwoord staat er, met {count} verwijzingen naar bronnen."
APP_ANSWER_READY_ONE = "Het antwoord staat er, met 1 verwijzing naar een bron."
APP_ANSWER_NONE = "Er is geen antwoord in de bronnen gevonden."
APP_ANSWER_REFERRAL = "Lees eerst het blok met telefoonnummers bovenaan het antwoord."
APP_ANSWER_REFUSED = "Deze vraag kan ik niet beantwoorden."

# Who asks, an icon, and the question. Only questions that the library at hand answers are shown.
APP_STARTERS = (
    ("Leraar", "school", "Wat is mentaal welbevinden?"),
    ("Adviseur Gezonde School", "work", "Wat levert een schoolbrede aanpak van welbevinden op?"),
    ("Schoolleider", "groups", "Hoe ontwikkel je met je team een visie op welbevinden?"),
    ("Mentor of ib'er", "favorite", "Hoe signaleer je dat het niet goed gaat met een leerling?"),
    ("Leraar", "school", "Wat kan ik morgen al doen in mijn klas?"),
    ("Adviseur Gezonde School", "work", "Hoeveel leerlingen ervaren druk door schoolwerk?"),
    ("Mbo-docent", "groups", "Hoe betrek je ouders in het mbo?"),
)

APP_CARD = {
    "answer": "Antwoord",
    "asked": "Je vraag",
    "sources": "Bronnen",
    "nearest": "Wel gevonden, maar geen antwoord op je vraag",
    "followUps": "Vraag verder",
    "open": "Open de publicatie",
    "newTab": "opent in een nieuw tabblad",
    "close": "Sluiten",
    "show": "Toon de passage",
    "hint": "Kies een cijfer in het antwoord om de passage in de bron te lezen.",
    "repaired": "In dit stuk is een leesfout van het originele bestand hersteld.",
    "stale": "Deze publicatie is na dit antwoord vervangen of uit de bibliotheek gehaald.",
    "urgent": "Eerst dit",
    "notice": "Let op",
    "thinking": APP_THINKING,
}

# Words that Streamlit itself puts into the page, by their English form.
APP_STREAMLIT_WORDS = {
    "Send message": "Verstuur je vraag",
    "Chat input": "Je vraag",
    "Stop": "Stop",
    "Clear all": "Alles wissen",
    "Clear value": "Wissen",
    "Select all": "Alles kiezen",
    "No results": "Niets gevonden",
    "No options to select.": "Niets om te kiezen",
    "Close": "Sluiten",
    "Main menu": "Menu",
    "Skip to main content": "Naar de inhoud",
}

_APP_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def app_introduction(count: int, years: tuple[str, ...]) -> str:
    """What this is, from how many publications, that a machine answers, and as of when."""
    publications = "1 publicatie" if count == 1 else f"{count} publicaties"
    until = f", de nieuwste uit {years[-1]}" if years and count > 1 else f" uit {years[-1]}" if years else ""
    return (
        f"Welwijzer is een computerprogramma dat je vraag beantwoordt met letterlijke zinnen uit {publications} "
        f"over welbevinden in het onderwijs{until}. Bij elke zin zie je waar die staat."
    )


def app_source_number(number: int) -> str:
    """Name of a mark's source."""
    return f"Bron {number}"


def app_mark(number: int, title: str, place: str) -> str:
    """Accessible name of a citation mark."""
    return f"bron {number}: {title}, {place}" if place else f"bron {number}: {title}"


def app_date(published: str | None) -> str:
    """A year, month or day of publication as people write it; as it stands when it is something else."""
    parts = (published or "").split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return published or ""
    if len(parts) == 1 or not 1 <= int(parts[1]) <= 12:
        return published or ""
    return " ".join([*(str(int(part)) for part in parts[2:]), _APP_MONTHS[int(parts[1]) - 1], parts[0]])


# --- signs of an answer's form, and of sentences that lean on the one before (matched on lower-case text)

ANSWER_SIGNS: dict[str, str] = {
    "number": r"\d|\b(twee|drie|vier|vijf|zes|zeven|acht|negen|tien|helft|kwart|derde|meerderheid|merendeel)\b",
    "definition": (
        r"\b(is (de|het|een)|zijn (de|het)|bestaat uit|gaat (het )?(om|over)|verstaan (we|wij)|wordt .{0,40}(genoemd|bedoeld|"
        r"omschreven)|betekent|omvat|ook wel|houdt in|staat voor)\b"
    ),
    "why": r"\b(omdat|want|doordat|daardoor|hierdoor|namelijk|zorgt|leidt|draagt|dragen|daarmee|waardoor|immers)\b",
    "when": r"\b((19|20)\d\d|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b",
    "evidence": r"\b(onderzoek\w*|studies?|meta-analyse\w*|blijkt|bewezen|aangetoond|effect\w*|\d{4}\))",
    "how_to": r"\b(kun|kunt|kunnen|kan|door|gebruik|maak|vul|zorg|begin|werk|bekijk|breng|doe|betrek|stel)\b",
    "tool": r"\b(tool\w*|checklist|handreiking|kaart\w*|scan|spel|toolkit|praatplaat|video\w*|factsheet|wegwijzer|materia\w+|gereedschapskist|leidraad)\b",
    "example": r"\b(college|lyceum|school \w+|voorbeeld)\b",
}

# An asking word, and where a second question begins in one message ("… en hoe lang duurt dat?", "…? Wie doet dat?").
INTERROGATIVE = (
    r"\b(?:hoeveel|hoe|wat|wie|waar|wanneer|welke?|waarom|waardoor|waarvoor|what|who|where|when|why|how|which)\b"
)
SECOND_QUESTION = (
    r"(?:,? en(?: ook)? |[?;] (?:en )?|, )((?:(?:sinds|vanaf|tot|in|op|aan|om|voor|met|van|uit|bij|door) )?"
    r"(?:hoeveel|hoe|wat|wie|waar|wanneer|welke?|waarom|what|who|where|when|why|how)\b)"
)

LEANS_ON_PREVIOUS = (
    r"^(dit|deze|die|dat|daarnaast|daarbij|daarvoor|daarmee|daardoor|daarom|daarvan|hierbij|hierdoor|hiervan|hiermee|hierin|hiervoor|"
    r"bovendien|tegelijkertijd|zo|zij|ze|hij|hun|ook (dit|deze|dat|die|in dit)|evenals|maar ook|dus ook|en\b|of\b|want|maar|"
    r"bijvoorbeeld|voorbeelden (hiervan|daarvan|van deze)|het gaat (hierbij|hier|daarbij|om)|dergelijke|zulke|beide|verder|tot slot|"
    r"als gevolg|een (andere?|tweede|derde|volgende)|in sommige gevallen|daar waar|wel is|wel blijkt|vervolgens|inmiddels|toen|hieronder|er is namelijk|sommige)\b"
    r"|^(\w+ ){1,4}(is|zijn|was|ligt|geldt) (dit|dat|deze)\b|^(\w+ ){1,5}(daarom|daardoor|hierdoor)\b"
)

MORE_ELSEWHERE = (
    r"\b(klik hier|lees (hier|verder|meer)|meer lezen|meer weten|lees hier|bekijk hier|kijk naar het filmpje)\b"
)

# --- command line and answer card

SUPPORT_QUESTION = "Hoe signaleert de school problemen en verwijst zij leerlingen door naar hulp?"
FOLLOW_UP = "Wat staat er over ‘{heading}’?"
READ_AS = "Zo lees ik je vraag: {text}"
MISSING = "Niet gevonden: {missing}"
SOURCES = "Bronnen"
NEAREST = "Wel gevonden"
PAGE = "pagina {page}"
NO_DATE = "zonder datum"
WRONG_USAGE = "Verkeerd gebruik: {message}. Hulp: {program} --help"
USAGE = "gebruik: "
USAGE_GIVEN = "gegevens"
USAGE_OPTIONS = "opties"
USAGE_HELP = "toon deze hulp"
USAGE_ERRORS: tuple[tuple[str, str], ...] = (
    (r"unrecognized arguments: (.*)", r"onbekend: \1"),
    (r"the following arguments are required: (.*)", r"er ontbreekt: \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 kan niet \2 zijn (kies uit \3)"),
    (r"argument (.*): expected .*argument.*", r"bij \1 hoort een waarde"),
    (r"argument (.*): invalid .* value: (.*)", r"\1 kan niet \2 zijn"),
    (r"argument (.*): 1\.\.(\d+)", r"\1 moet een getal van 1 tot \2 zijn"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 en \2 gaan niet samen"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 kan \2 betekenen"),
)
HELP: dict[str, str] = {
    "assistant": "Vragen stellen aan Welwijzer.",
    "ask": "beantwoord een vraag met bronnen",
    "search": "zoek passages, zonder antwoord",
    "question": "de vraag, tussen aanhalingstekens",
    "sector": "antwoord voor deze sector",
    "source": "alleen uit dit document (mag vaker)",
    "batch": "een bestand met per regel JSON: id en question, of id en turns",
    "json": "schrijf JSON op standaarduitvoer",
    "k": "hoeveel passages (standaard 10)",
}
