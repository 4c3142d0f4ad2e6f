"""All Dutch that the product itself says or listens for. Nothing else in the code is Dutch."""

from __future__ import annotations

from collections.abc import Sequence

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

# Words that a sentence may not have beside its source, whatever a model for inference says: when, how often, what kind of school.
DECIDING = (
    r"\b(januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|(maan|dins|woens|donder|vrij|zater|zon)dag\w*|"
    r"dag(en|elijkse?)?|wee?k|weken|wekelijkse?|maand\w*|kwarta(al|len)\w*|ja(ar|ren)|jaarlijkse?|schooljaar|u(ur|ren)|minu(ut|ten)|halfjaar\w*|"
    r"ochtend\w*|middag\w*|avond\w*|lente|voorjaar|zomer|herfst|najaar|winter|eerste?|tweede|derde|laatste|"
    r"kinderopvang|voorschoolse?|peuters?|kleuters?|hbo|wo|hoger|universit\w*|wetenschappelijk|onderbouw|bovenbouw|brugklas\w*|"
    r"(po|vo|so|vso|mbo|basis)-\w+)\b"
)
# "primair en voortgezet onderwijs" names two sectors; the first of them without its noun.
SECTORS_JOINED = (r"\b(primair|voortgezet|speciaal)(,| en| of| én)(?= [\w ]{0,30}\bonderwijs\b)", r"\1 onderwijs\2")

# How a follow-up was read, where its own words were not completed.
READ_BESIDE = "{question} (bij je vraag: ‘{earlier}’)"

# --- the answer

NO_EVIDENCE = "Daarover staat niets in de publicaties die ik ken."
PARTIAL = "Hierover vond ik in de bronnen maar een deel van wat je vraagt."
REFUSED = "Dat kan ik niet. Je kunt me vragen stellen over werken aan welbevinden op school."
CAN_ASK = (
    "Je kunt me bijvoorbeeld vragen wat welbevinden is, hoe je ouders betrekt, of welke tools er zijn voor een gesprek."
)
# To thanks, a greeting, and the question who answers here.
COURTESIES: dict[str, str] = {
    "thanks": "Graag gedaan. Heb je nog een vraag, stel hem gerust.",
    "greeting": "Hallo. Stel je vraag over werken aan welbevinden op school.",
    "self": "Ik ben Welwijzer, een computerprogramma. Ik antwoord met wat in de publicaties staat, en bij elke zin zie je waar.",
}
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
    "settings.days": "De instelling {name} klopt niet: {value} is geen aantal dagen.",
    "settings.chat_model": "De instelling {name} klopt niet: {value}. Schrijf aanbieder:model, zoals ollama:gemma3.",
    "settings.chat_provider": "De instelling {name} klopt niet: de aanbieder {provider} ken ik niet.",
    "settings.chat_package": "Voor {value} ontbreekt een pakket. Installeer de extra van deze aanbieder; README zegt hoe.",
    "settings.chat_key": "Het taalmodel {value} kan niet worden gebruikt: de sleutel of het adres van {provider} ontbreekt of klopt niet.",
    "settings.nli_model": "De instelling {name} klopt niet: het model {value} kan niet worden geladen. Geef een map of een naam.",
    "settings.nli_labels": "De instelling {name} klopt niet: {value} is geen model dat zegt of een zin uit een andere volgt.",
    "settings.tokens": "De instelling {name} klopt niet: {value} is geen aantal tokens.",
    "settings.access": "De toegang is niet goed ingesteld ({name} in de secrets van Streamlit). Niemand kan er nu in.",
    "question.empty": "Stel een vraag: er staat nu niets wat ik kan lezen.",
    "question.too_long": "Deze vraag is te lang ({length} tekens). Maak er hoogstens {limit} tekens van.",
    "question.unreadable": "Deze regel kan ik niet lezen: verwacht JSON met id en question, of id en turns.",
    "question.sector": "De sector {sector} ken ik niet. Kies uit po, vo, so of mbo.",
    "question.file": "Het bestand {file} kan niet worden geopend.",
    "question.unwritable": "Het bestand {file} kan niet worden geschreven. Kijk of de map bestaat en schrijfbaar is.",
    "question.themes": "Kies hoogstens {limit} thema's; dit zijn er {count}.",
    "library": "De bibliotheek kan niet worden gebruikt: {path}. Kijk of de map bestaat en schrijfbaar is.",
    "library.full": "De schijf is vol: {path} kan niet worden geschreven. Er is niets veranderd; maak ruimte en probeer het opnieuw.",
    "library_damaged": (
        "De bibliotheek is beschadigd: {path}. De documenten zelf zijn er nog; maak haar opnieuw met: python -m ingest rebuild"
    ),
    "library_empty": "De bibliotheek is nog leeg. Draai eerst: python -m ingest build",
    "library_busy": "Een ander proces ({owner}) schrijft nu in de bibliotheek. Probeer het zo weer.",
    "unknown_source": "Er is geen document met de naam {id}. Kijk met: python -m ingest status",
    "model": "Het taalmodel {model} kan niet worden geladen. Kijk de instelling WELWIJZER_EMBEDDING_MODEL na.",
    "model_mismatch": (
        "De bibliotheek is gemaakt met het taalmodel {stored}, ingesteld is {model}. Draai: python -m ingest build"
    ),
    "indexing": "Een zoekindex klopt niet met de bibliotheek. Draai: python -m ingest build",
    "ingest": "Het document kan niet worden opgenomen: {message}",
    "ingest.no_chat_model": "Hiervoor is een taalmodel nodig. Stel WELWIJZER_CHAT_MODEL in; README zegt hoe.",
    "ingest.spent": "Je tegoed bij het taalmodel is voor vandaag op.",
    "ingest.no_section": "{id} heeft geen onderdeel met de kop ‘{section}’.",
    "ingest.already": "Dit document staat al in de bibliotheek, als {id}.",
    "ingest.near": (
        "Dit document is bijna gelijk aan {id} ({share} % dezelfde tekst). Een nieuwe versie daarvan? Gebruik --replace {id}."
        " Toch apart opnemen? Gebruik --yes."
    ),
    "ingest.meanwhile": "{id} is intussen door een ander veranderd. Er is niets gedaan; probeer het opnieuw.",
    "ingest.no_previous": "Van {id} is geen eerdere versie bewaard.",
    "ingest.circle": "{newer} is zelf al vervangen door {id}.",
    "ingest.nothing": "Er is niets opgegeven om te veranderen. Hulp: python -m ingest edit --help",
    "ingest.many_removed": (
        "Hiermee zouden {count} van de {total} documenten uit de bibliotheek verdwijnen. Klopt dat? Gebruik dan --yes."
    ),
    "ingest.full": "De schijf is vol: in {path} kan niet worden geschreven. Er is niets veranderd; maak ruimte en probeer het opnieuw.",
    "ingest.gone": "Het document {id} hoort niet meer bij het corpus.",
    "ingest.shelf": "In de map {path} kan niet worden geschreven.",
    "ingest.incomplete": "Niet alle documenten zijn opgenomen: {count} mislukt.",
    "ingest.unsound": "Bibliotheek en zoekindexen kloppen niet: {count} keer. Draai: python -m ingest build",
    "ingest.url": "Het adres {url} is geen webadres. Gebruik een adres dat begint met https:// of http://.",
    "ingest.blocked": "Het adres {url} ligt niet op het openbare internet en wordt niet opgehaald.",
    "ingest.dns": "De website {host} is niet te vinden.",
    "ingest.robots": "De website staat niet toe dat {url} wordt opgehaald (robots.txt).",
    "ingest.redirects": "Het adres {url} verwijst te vaak door.",
    "ingest.credentials": "In het adres op {host} staat een naam of wachtwoord. Gebruik het adres zonder dat deel.",
    "ingest.port": "Het adres {url} gebruikt een poort ({port}) die niet voor websites is en wordt niet opgehaald.",
    "ingest.not_found": "De pagina {url} bestaat niet (meer): foutcode {status}.",
    "ingest.login": "De website geeft {url} niet aan iedereen (foutcode {status}). Sla de pagina zelf op en voeg het bestand toe.",
    "ingest.server": "De website van {url} heeft nu een storing (foutcode {status}). Probeer het later opnieuw.",
    "ingest.empty": "Op {url} staat niets: de website geeft een lege pagina.",
    "ingest.status": "Het adres {url} geeft geen document (foutcode {status}).",
    "ingest.type": "Het adres {url} geeft een soort bestand dat ik niet ken ({type}). Gebruik een webpagina, pdf, Word-bestand of tekst.",
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
    "unreadable.no_content": "De webpagina {file} is leeg: er staat geen tekst in om op te nemen.",
    "unreadable.script": (
        "De webpagina {file} toont haar tekst pas met JavaScript. Sla haar in de browser op als PDF en voeg die toe."
    ),
    "unreadable.moved": "De webpagina {file} stuurt door naar een andere. Open haar in de browser en gebruik het adres van die pagina.",
    "unreadable.no_pages": "De pdf {file} heeft geen bladzijden.",
    "unreadable.kind": "Het soort bestand van {file} ken ik niet. Gebruik .docx, .pdf, .html, .txt of .md.",
    "unreadable.old_word": "{file} is een oud Word-bestand (.doc). Sla het in Word op als .docx of PDF en voeg dat toe.",
    "unreadable.rtf": "{file} is een RTF-bestand. Sla het in Word op als .docx of PDF en voeg dat toe.",
    "unreadable.text_document": "{file} is een OpenDocument-bestand. Sla het op als .docx of PDF en voeg dat toe.",
    "unreadable.slides": "{file} is een presentatie. Sla die op als PDF en voeg dat toe.",
    "unreadable.sheet": "{file} is een rekenblad. Sla het op als PDF en voeg dat toe.",
    "unreadable.missing": "Het bestand {file} is er niet.",
    "unreadable.too_large": "Het bestand {file} is te groot.",
    "unreadable.too_heavy": "Het lezen van {file} kost te veel tijd of geheugen. Misschien is het bestand beschadigd.",
    "ocr_unavailable": "Gescande bladzijden kan ik niet lezen: installeer Tesseract met Nederlands (tesseract-ocr en tesseract-ocr-nld).",
}


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def error_line(error: WelwijzerError) -> str:
    """One Dutch line for a named failure, chosen by its code and, where it has one, its `why`."""
    code = f"{error.code}.{error.details['why']}" if "why" in error.details else error.code
    template = _ERRORS.get(code) or _ERRORS.get(error.code) or _ERRORS["error"]
    return template.format_map(_Blank(error.details, message=str(error)))


# --- answers by a chat model

# Why an answer is not written by the model; what follows are sentences of the sources themselves.
CHAT_FAILURES: dict[str, str] = {
    "refused": "Het taalmodel is niet bereikbaar. Hieronder staan zinnen uit de bronnen zelf.",
    "slow": "Het taalmodel antwoordt niet op tijd. Hieronder staan zinnen uit de bronnen zelf.",
    "busy": "Het is te druk bij het taalmodel. Hieronder staan zinnen uit de bronnen zelf.",
    "broken": "Het taalmodel heeft een storing. Hieronder staan zinnen uit de bronnen zelf.",
    "cut": "Het antwoord van het taalmodel brak af. Hieronder staan zinnen uit de bronnen zelf.",
    "rejected": "Het taalmodel weigert de aanvraag. Hieronder staan zinnen uit de bronnen zelf.",
    "unreadable": "Het taalmodel gaf geen leesbaar antwoord. Hieronder staan zinnen uit de bronnen zelf.",
    "empty": "Het taalmodel gaf geen antwoord. Hieronder staan zinnen uit de bronnen zelf.",
    "language": "Het taalmodel antwoordde niet in het Nederlands. Hieronder staan zinnen uit de bronnen zelf.",
    "unproven": "Het antwoord van het taalmodel is niet te staven. Hieronder staan zinnen uit de bronnen zelf.",
    "spent": "Je tegoed bij het taalmodel is voor vandaag op. Hieronder staan zinnen uit de bronnen zelf.",
}
CHAT_PLACE = "Een taalmodel schrijft het antwoord ({model}). Je vraag gaat naar {place}, zonder persoonsgegevens."
CHAT_MODEL = "Een taalmodel schrijft het antwoord. Je vraag gaat naar {model}, zonder persoonsgegevens."
CHAT_UNUSABLE = "Het ingestelde taalmodel is niet te gebruiken. Daarom krijg je letterlijke zinnen; er gaat niets naar een taalmodel."
CHAT_NOTHING_LEAVES = "Je kiest letterlijke zinnen: er gaat niets naar een taalmodel."
CHAT_VERBATIM = "Letterlijke zinnen"
CHAT_VERBATIM_HELP = "Zet dit aan voor een antwoord in de zinnen van de publicaties zelf, zonder taalmodel."
CHAT_WRITTEN = (
    "Verwoord door een taalmodel. Elke zin is getoetst aan de bron: kies een cijfer voor de letterlijke tekst."
)
# While an answer is being written.
CHAT_WRITING = {
    "first": "Het antwoord wordt geschreven. Elke zin wordt eerst getoetst aan de bronnen.",
    "more": "Er komt nog meer. Elke zin wordt eerst getoetst aan de bronnen.",
    "stopping": "Ik stop. Hieronder komen zinnen uit de bronnen zelf.",
}


def chat_place(model: str, place: str) -> str:
    """Where questions go; the model's name alone as long as its address is not known."""
    return CHAT_PLACE.format(model=model, place=place) if place else CHAT_MODEL.format(model=model)


def struck(count: int) -> str:
    """How many sentences of a model were left out because no source supports them."""
    return "1 zin weggelaten: niet te staven." if count == 1 else f"{count} zinnen weggelaten: niet te staven."


# --- ingest


def page_ranges(numbers: Sequence[int]) -> str:
    """Physical pages as people write them: "pagina 3", "pagina's 3-5 en 8"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    told = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" en {parts[-1]}"
    return f"pagina {told}" if len(numbers) == 1 else f"pagina's {told}"


QUESTIONS_GONE = "Bij dit citaat zijn vragen vastgelegd, maar het staat niet (meer) in de tekst: {quote}"
WARNING_PAGE_WITHOUT_TEXT = (
    "Niet gelezen: {pages}. Daar staat geen tekst die te lezen is (misschien een afbeelding of een slechte scan)."
)
WARNING_PICTURE_PAGES = "Op {pages} staan alleen afbeeldingen, zoals grafieken; wat daarin staat is niet opgenomen."
WARNING_OCR = "Gelezen van een scan: {pages} (zekerheid {percent} %). Kijk citaten daaruit na."
WARNING_NO_OCR = (
    "Niet gelezen: {pages}. Dat zijn scans, en die kan ik niet lezen: installeer Tesseract met Nederlands"
    " (tesseract-ocr en tesseract-ocr-nld) en voeg het document opnieuw toe."
)
WARNING_TRACKED_DELETIONS = (
    "Het Word-bestand heeft wijzigingen die nog niet zijn aanvaard: wat verwijderd is, is niet gelezen ({count} keer)."
)
WARNING_FOR_SEARCH_ENGINES = "Van deze pagina komen antwoorden uit haar gegevens voor zoekmachines ({count} keer). Kijk of ze ook op de pagina staan."
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
    "edit": "verander titel, uitgever, datum, sector of adres van een document",
    "supersede": "leg vast dat een document vervangen is door een ander; het blijft, en elke verwijzing ernaar zegt het",
    "undo": "zet de versie van voor de laatste verandering terug",
    "rebuild": "maak een beschadigde bibliotheek opnieuw uit de originelen",
    "propose": "laat een taalmodel vragen voorstellen die een document beantwoordt; je bevestigt ze een voor een",
    "section": "alleen voor het onderdeel met deze kop",
    "replace": "dit is de nieuwe versie van het document met deze id",
    "yes": "stel geen vragen",
    "newer": "id van het document dat ervoor in de plaats komt",
    "none": "het document is niet meer vervangen",
    "date": "sinds wanneer, zoals 2023, 2023-12 of 2023-12-31",
    "sectors": "po, vo, so of mbo; mag vaker; vervangt wat er stond",
    "publishers": "uitgever; mag vaker; vervangt wat er stond",
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
INGEST_READING = "lezen"
INGEST_LEFT = "nog {remaining}"
INGEST_REPLACED = "{id} is vervangen. De vorige versie terugzetten: python -m ingest undo {id}"
INGEST_EDITED = "{id} is veranderd. Terugdraaien: python -m ingest undo {id}"
INGEST_UNCHANGED = "{id} was al zo; er is niets veranderd."
INGEST_UNDONE = "{id} is weer zoals voor de laatste verandering."
INGEST_SUPERSEDED = "{id} is vastgelegd als {words}."
INGEST_SUPERSEDE_USAGE = "geef óf een NEW (met --date als die bekend is), óf --none"
INGEST_NOT_SUPERSEDED = "{id} geldt niet meer als vervangen."
INGEST_SUPERSEDED_LINE = "  {words}"
INGEST_CONFIRM = "Klopt dit? Enter neemt over wat er staat; typ anders iets anders, of - voor niets."
INGEST_FIELDS = {
    "title": "Titel",
    "publishers": "Uitgever",
    "published": "Datum",
    "url": "Adres",
    "sectors": "Sector (po, vo, so, mbo)",
}
INGEST_NO_VALUE = "onbekend"
INGEST_NO_DATE = "Schrijf de datum als 2023, 2023-12 of 2023-12-31."
INGEST_NO_SECTOR = "Kies uit po, vo, so en mbo, met komma's ertussen."
INGEST_NEAR = {
    "text": "Dit lijkt op ‘{title}’ ({id}): {share} % van de tekst is hetzelfde.",
    "file": "Er is al een document met deze bestandsnaam: ‘{title}’ ({id}).",
    "title": "Er is al een document met deze titel: {id}.",
    "url": "Er is al een document van dit adres: ‘{title}’ ({id}).",
}
INGEST_NEAR_HINT = (
    "Is dit een nieuwe versie? Draai dan: python -m ingest remove {new}, en voeg het toe met --replace {id}."
)
INGEST_REPLACE_QUESTION = "Vervangt dit {id}? [v] vervangen, [a] apart opnemen, [s] stoppen: "
INGEST_REPLACE_ANSWERS = {"v": "replace", "a": "apart", "s": "stop"}
PROPOSED = "{section}\n  Vraag: {text}\n  Antwoord: {sentence}"
PROPOSED_NONE = "Er is geen vraag voorgesteld die de toets doorstaat."
PROPOSED_UNCONFIRMED = "Niets bewaard: alleen wie aan een terminal zit, kan vragen bevestigen."
PROPOSED_ASK = "  Bewaren? [j] ja, [n] nee, [s] stoppen: "
PROPOSED_ANSWERS = {"j": "yes", "n": "no", "s": "stop"}
INGEST_MANY_REMOVED = "Hiermee verdwijnen {count} van de {total} documenten uit de bibliotheek: {names}."
INGEST_MAY_REMOVE = "Doorgaan? [j/N] "
INGEST_YES = ("j", "ja")
DIFFERENCES = {
    "entry": "{id}: de gegevens bij dit toegevoegde document zijn niet te lezen",
    "not_built": "{id}: staat nog niet in de bibliotheek; draai: python -m ingest build",
    "missing": "{id}: het origineel is weg",
    "changed": "{id}: het origineel is veranderd; draai: python -m ingest build",
    "stale": "{id}: de bibliotheek is achter op het document; draai: python -m ingest build",
    "unknown": "{id}: staat in de bibliotheek, maar niet meer bij de documenten; draai: python -m ingest build",
    "successor": "{id}: is vervangen door {other}, maar dat document staat niet in de bibliotheek",
}
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
    "damaged": "bibliotheek beschadigd ({problem}); draai: python -m ingest rebuild",
    "doubled": "{id} en {other} hebben dezelfde tekst",
    "index": "zoekindex: {problem}",
}

# --- app

APP_NAME = "Welwijzer"
APP_TITLE = "Vraag"
APP_DEFAULT_PAGE = "vraag"  # its address, which Streamlit itself does not know for the page that it shows first
APP_NO_SCRIPT = "Zet JavaScript aan om Welwijzer te gebruiken."
APP_HEADING = "Wat wil je weten over welbevinden op school?"
APP_NEW_CONVERSATION = "Nieuw gesprek"
APP_INPUT = "Stel je vraag"
APP_INPUT_NOTE = "Een machine antwoordt. Noem geen namen van leerlingen."
APP_SECTOR = "Onderwijssector"
APP_ALL_SECTORS = "alle"
APP_SOURCES = "Publicaties"
APP_SOURCES_CHOSEN = "Publicaties ({count})"
APP_SOURCES_LABEL = "Zoek alleen in"
APP_SOURCES_ALL = "alle publicaties"
APP_STARTERS_HEADING = "Begin bijvoorbeeld met"
APP_LOADING = "De zoekmachine wordt geladen. Je kunt je vraag al stellen."
APP_LOADING_ASKED = "De zoekmachine wordt nog geladen. Daarna komt je antwoord meteen."
APP_THINKING = "Ik zoek het op in de publicaties."
APP_BUSY = "Het is even druk: meer mensen vragen tegelijk iets. Je antwoord komt zo."
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

# Asked behind the scenes when the program has started, so that the first misspelled question does not wait for the words.
APP_WARM_UP = "Hoe verbter je het welbevidnen op shcool?"

# The pages by their address, and what stands in the navigation.
APP_PAGES = {
    "vraag": "Vraag",
    "adviesgesprek": "Adviesgesprek",
    "bronnen": "Bronnen",
    "kwaliteit": "Kwaliteit",
    "over": "Over",
}
APP_NAVIGATION = "Pagina's"
APP_CONVERSATION = "Je gesprek"
APP_FILTERS = "Beperk je vraag"
APP_DOWNLOAD = "Bewaren"
APP_DOWNLOAD_NOTE = "Het hele gesprek, met een genummerde bronnenlijst."
APP_DOWNLOAD_WORD = "Word-bestand"
APP_DOWNLOAD_MARKDOWN = "Markdown"
APP_DOWNLOAD_NAME = "gesprek-welwijzer-{date}"
APP_PAGE_IMAGE = "De pagina in het document"

ACCESS_HEADING = "Deze pagina is niet voor iedereen"
ACCESS_LINES = {
    "ask": "Je hebt geen toegang tot Welwijzer. Vraag de beheerder om je adres toe te voegen.",
    "brief": "Een adviesgesprek voorbereiden kan alleen wie als adviseur of redacteur is aangemeld.",
    "manage": "Dit deel is voor redacteuren. Vraag de beheerder om toegang als je hier hoort te kunnen.",
}
ACCESS_WELCOME = "Log in om vragen te stellen over welbevinden op school. Een computerprogramma antwoordt, met zinnen uit publicaties."
ACCESS_UNKNOWN = "Je bent ingelogd, maar dit adres heeft geen toegang. Vraag de beheerder om het toe te voegen."
ACCESS_LOGIN = "Inloggen"
ACCESS_LOGIN_WITH = "Inloggen met {name}"
ACCESS_LOGOUT = "Uitloggen"

# Why an answer was no good, by the name of the reason.
FEEDBACK_REASONS = {
    "off_topic": "Het is geen antwoord op mijn vraag",
    "incomplete": "Het is niet volledig",
    "wrong": "Het klopt niet of is verouderd",
    "wrong_sector": "Het past niet bij mijn sector",
    "unclear": "Het is niet duidelijk",
}
FEEDBACK_FAILED = "Je oordeel kon niet worden bewaard. Probeer het later nog eens."
APP_FEEDBACK = {
    "group": "Wat vind je van dit antwoord?",
    "up": "Nuttig",
    "down": "Niet nuttig",
    "missing": "Meld dat dit ontbreekt",
    "why": "Wat is er niet goed?",
    "comment": "Toelichting (mag leeg blijven)",
    "about": "Bewaard worden je vraag zonder namen, de bronnen, je oordeel en je toelichting, een jaar lang. Noem geen namen.",
    "send": "Versturen",
    "cancel": "Annuleren",
    "thanks_up": "Dank je. Je oordeel is bewaard.",
    "thanks_down": "Dank je. De redactie kan hiermee verder.",
    "thanks_missing": "Dank je. De redactie ziet dat dit ontbreekt.",
    "withdraw": "Wissen",
    "withdrawn": "Je oordeel is gewist.",
    "copy": "Kopieer",
    "link": "Kopieer link",
    "copied": "Gekopieerd",
    "notCopied": "Kopiëren kan hier niet. Selecteer de tekst zelf.",
}

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
    "viewPage": "Bekijk pagina",
    "hint": "Kies een cijfer in het antwoord om de passage in de bron te lezen.",
    "repaired": "In dit stuk is een leesfout van het originele bestand hersteld.",
    "stale": "Deze publicatie is na dit antwoord vervangen of uit de bibliotheek gehaald.",
    "urgent": "Eerst dit",
    "notice": "Let op",
    "thinking": APP_THINKING,
    "stop": "Stop",
    "stopNote": "Stop het taalmodel en toon zinnen uit de bronnen zelf",
}

# Words that Streamlit itself puts into the page, by their English form.
APP_STREAMLIT_WORDS = {
    "Send message": "Verstuur je vraag",
    "Chat input": "Je vraag",
    "Stop": "Stop",
    "Choose an option": "Kies",
    "Shortcut 1": "Sneltoets 1",
    "Shortcut 2": "Sneltoets 2",
    "Shortcut 3": "Sneltoets 3",
    "Shortcut B": "Sneltoets B",
    "Shortcut S": "Sneltoets S",
    "progress": "voortgang",
    "Clear all": "Alles wissen",
    "Clear value": "Wissen",
    "Select all": "Alles kiezen",
    "No results": "Niets gevonden",
    "No options to select.": "Niets om te kiezen",
    "Close": "Sluiten",
    "Main menu": "Menu",
    "Skip to main content": "Naar de inhoud",
    "Page not found": "Deze pagina is er niet",
    "The page that you have requested does not seem to exist. Running the app's main page.": "Je ziet nu de vraagpagina.",
    "Fullscreen": "Groot beeld",
    "Remove": "Weghalen",
    "Dismiss": "Sluiten",
    "Upload": "Kies een bestand",
    "Browse files": "Kies een bestand",
    "Drag and drop file here": "Sleep een bestand hierheen",
    "Drag and drop here": "Sleep een bestand hierheen",
    "Open": "Openen",
}

_APP_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def app_introduction(count: int, years: tuple[str, ...], fluent: bool = False) -> str:
    """What this is, from how many publications, that a machine answers, and as of when; `fluent`: a chat model words it."""
    publications = "1 publicatie" if count == 1 else f"{count} publicaties"
    until = f", de nieuwste uit {years[-1]}" if years and count > 1 else f" uit {years[-1]}" if years else ""
    if fluent:
        return (
            f"Welwijzer is een computerprogramma dat je vraag beantwoordt uit {publications} over welbevinden in het "
            f"onderwijs{until}. Een taalmodel verwoordt het antwoord; een zin blijft alleen staan als een bron hem staaft. "
            "Bij elke zin open je de letterlijke tekst van de bron."
        )
    return (
        f"Welwijzer is een computerprogramma dat je vraag beantwoordt met letterlijke zinnen uit {publications} "
        f"over welbevinden in het onderwijs{until}. Bij elke zin zie je waar die staat."
    )


def app_provenance(count: int, years: tuple[str, ...], fluent: bool = False) -> str:
    """The same in one line above a conversation, for who came in by a link."""
    publications = "1 publicatie" if count == 1 else f"{count} publicaties"
    until = f", de nieuwste uit {years[-1]}" if years and count > 1 else f" uit {years[-1]}" if years else ""
    if fluent:
        return f"Een taalmodel antwoordt, met zinnen die getoetst zijn aan {publications}{until}."
    return f"Een computerprogramma antwoordt, met letterlijke zinnen uit {publications}{until}."


def app_page_image(page: str, title: str) -> str:
    """What the picture of a page shows."""
    return f"Pagina {page} van ‘{title}’"


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


# Beside the picture of a page: with a mark, and where its place is not certain.
APP_SHEET = {
    "marked": "Het citaat is op de pagina gemarkeerd.",
    "unmarked": "Het citaat staat op deze pagina, maar de plaats is niet met zekerheid te vinden. Daarom is er niets gemarkeerd.",
    "failed": "Deze pagina kan nu niet worden getoond. Open de publicatie zelf.",
    "gone": "Het originele bestand is na dit antwoord vervangen of weggehaald. Daarom is er geen pagina te tonen.",
    "larger": "Vergroot",
    "smaller": "Hele pagina",
    "quote": "Geciteerd: {quote}",
}


def superseded_by(title: str, on: str | None) -> str:
    """What stands beside a publication that another one replaces."""
    return f"vervangen door ‘{title}’" + (f" ({app_date(on)})" if on else "")


def superseded_notice(old: str, title: str, on: str | None) -> str:
    """The same as a sentence for above an answer."""
    return f"De publicatie ‘{old}’ is {superseded_by(title, on)}."


# --- app: the page on which an adviser makes a brief

BRIEF_PAGE: dict[str, str] = {
    "title": "Adviesgesprek voorbereiden",
    "intro": "Kies de sector en de thema's. Je krijgt een brief met citaten om mee te nemen, die je nog kunt aanpassen.",
    "form": "De school",
    "sector": "Sector",
    "themes": "Thema's",
    "themes_note": "Kies niets voor alle vier de pijlers.",
    "principles": "Hele pijler, of alleen:",
    "own_theme": "Een ander thema, in eigen woorden",
    "context": "De situatie van de school",
    "context_hint": "Bijvoorbeeld: veel eerstejaars haken af, en ouders zijn moeilijk te bereiken.",
    "context_note": "Noem geen namen van leerlingen.",
    "make": "Maak de brief",
    "make_again": "Maak de brief opnieuw",
    "replaces": "Opnieuw maken vervangt de brief hiernaast met je wijzigingen.",
    "no_sector": "Kies eerst de sector van de school.",
    "empty_heading": "Nog geen brief",
    "empty": (
        "Hier komt de brief: wat de bronnen zeggen per pijler, vragen aan de school, tools, voorbeeldscholen en"
        " aandachtspunten. Je schrapt, verplaatst en becommentarieert zelf de regels."
    ),
    "thinking": "Ik zoek per thema de regels bij elkaar. Dat duurt een paar tellen.",
    "loading": "De zoekmachine wordt nog geladen. Daarna maak ik de brief meteen.",
    "failed": "Er ging iets mis bij het maken van de brief. Probeer het opnieuw; wat je invulde staat er nog.",
    "failed_heading": "De brief kan niet worden gemaakt",
    "word": "Word",
    "markdown": "Markdown",
    "file": "adviesgesprek-{sector}",
    "ready": "De brief staat er, met {lines} regels.",
    "connect": "Met verbindende zinnen van een taalmodel",
    "connect_note": "De citaten en de kopjes gaan naar {place}; de situatie van de school niet.",
    "connecting": "De citaten staan klaar. Een taalmodel schrijft verbindende zinnen; elke zin wordt aan de citaten getoetst.",
    "stop": "Stop: maak de brief zonder die zinnen",
    "stopping": "Ik maak de brief zonder verbindende zinnen af.",
}

BRIEF_WRITTEN = "Lopende tekst boven de citaten: verwoord door een taalmodel en getoetst aan de citaten eronder."
# The words on the paper itself and on its buttons.
BRIEF_PAPER: dict[str, str] = {
    "hint": "Wijs een regel aan om hem te schrappen, te verplaatsen of er een notitie bij te zetten.",
    "actions": "Deze regel",
    "strike": "Schrappen",
    "restore": "Terugzetten",
    "up": "Omhoog",
    "down": "Omlaag",
    "note": "Notitie",
    "noteLabel": "Jouw notitie bij deze regel",
    "save": "Bewaren",
    "cancel": "Annuleren",
    "undo": "Ongedaan maken",
    "struckDone": "De regel is geschrapt.",
    "restoreDone": "De regel staat er weer.",
    "upDone": "De regel is omhoog verplaatst.",
    "downDone": "De regel is omlaag verplaatst.",
    "noteDone": "De notitie is bewaard.",
    "undoDone": "De laatste wijziging is ongedaan gemaakt.",
    "struck": "Geschrapt",
    "own": "Eigen tekst",
    "written": "Verwoord door een taalmodel",
    "ownNote": "Cursief met een streepje ervoor: vaste tekst van Welwijzer, geen citaat.",
}

# --- app: the page with figures, for editors

QUALITY: dict[str, str] = {
    "title": "Kwaliteit",
    "intro": "Meet of de antwoorden kloppen, kijk wat er misging, en zie wat mensen niet konden vinden.",
    "part": "Onderdeel",
    "figures": "Cijfers",
    "compare": "Vergelijken",
    "label": "Beoordelen",
    "gaps": "Gemist",
    "set": "Vragen",
    "all_sets": "alle vragen ({count})",
    "one_set": "{label} ({count})",
    "run": "Meting starten",
    "cancel": "Stoppen",
    "running_left": "{done} van {total} vragen gesteld, nog {left}",
    "preparing": "De meting begint. De zoekmachine wordt klaargezet.",
    "finishing": "Alle vragen zijn gesteld. De cijfers worden uitgerekend.",
    "cancelling": "De meting stopt na deze vraag.",
    "cancelled": "De meting is gestopt. Er is niets bewaard.",
    "by": "Deze meting draait door, ook als je deze pagina verlaat.",
    "busy": "Er loopt al een meting. Wacht tot die klaar is, of stop haar.",
    "failed": "De meting is mislukt: {line}",
    "unexpected": "De meting is mislukt. In het logboek van de server staat wat er misging.",
    "stale": "Bij {count} vragen is de bron veranderd; die staan in het rapport.",
    "cases_wrong": "De vragen kunnen niet worden gelezen. Eerst dit herstellen:",
    "no_runs_heading": "Nog geen meting",
    "no_runs": "Kies welke vragen je stelt en start een meting. Alle vragen samen kosten ongeveer een minuut.",
    "shown_run": "Meting",
    "run_name": "{when} · {what} · {count} vragen",
    "sets_together": "{count} sets",
    "everything": "alle vragen",
    "verdict": "{passed} van de {count} antwoorden zijn helemaal goed",
    "verdict_share": "{share}, {between}",
    "between": "tussen {low} en {high}",
    "no_change": "nog niets om mee te vergelijken",
    "same": "gelijk aan de vorige meting",
    "change": "{sign}{points} punt sinds {when}: {verdict}",
    "lower": "lager is beter",
    "failed_cases": "Wat er misging",
    "failed_of": "{failed} van de {count} vragen",
    "nothing_failed": "Niets: elke vraag kreeg een goed antwoord.",
    "filter": "Waardoor",
    "filter_all": "alle redenen",
    "reason_count": "{reason} ({count})",
    "more": "Toon er nog {count}",
    "passed_cases": "Toon ook wat goed ging ({count})",
    "report": "Rapport (HTML)",
    "report_file": "kwaliteit-{name}.html",
    "remove": "Meting weggooien",
    "remove_sure": "Deze meting weggooien? Dat kan niet ongedaan worden gemaakt.",
    "remove_yes": "Ja, weggooien",
    "removed": "De meting is weggegooid.",
    "not_writable": "Dat lukte niet: de map met gegevens kan niet worden beschreven.",
    "needs_two": "Om te vergelijken zijn twee metingen nodig. Start er nog een bij Cijfers.",
    "before": "Eerste meting",
    "after": "Tweede meting",
    "same_run": "Kies twee verschillende metingen.",
    "nothing_shared": "Deze twee metingen hebben geen vragen gemeen.",
    "broken": "Ging goed, gaat nu fout",
    "fixed": "Ging fout, gaat nu goed",
    "none": "Geen.",
    "differences": "Cijfers naast elkaar",
    "left_out": "Niet vergeleken: {changed} vragen zijn gewijzigd, {before} staan alleen in de eerste meting, {after} alleen in de tweede.",
    "column_figure": "Cijfer",
    "column_before": "Eerst",
    "column_after": "Daarna",
    "column_better": "Beter",
    "column_worse": "Slechter",
    "column_verdict": "Oordeel",
    "your_name": "Je naam",
    "your_name_hint": "Onder deze naam worden je oordelen bewaard.",
    "label_count": "Aantal antwoorden",
    "label_start": "Begin met beoordelen",
    "label_lead": (
        "Je beoordeelt antwoorden een voor een, zonder te zien wat de meting ervan vond. Een collega krijgt dezelfde, in een"
        " andere volgorde. Elk oordeel wordt meteen bewaard."
    ),
    "label_progress": "{done} van {total} beoordeeld",
    "label_done_heading": "Klaar",
    "label_done": "Je hebt alles beoordeeld. Dank je wel.",
    "label_other": "Andere meting of naam",
    "label_asked": "Gevraagd",
    "label_earlier": "Eerder gevraagd",
    "label_statement": "Dit staat in het antwoord",
    "label_answer": "Het hele antwoord",
    "label_quote": "In de bron",
    "label_nothing": "Er stond geen tekst.",
    "label_skip": "Overslaan",
    "label_back": "Vorige",
    "label_open": "Wat open bleef",
    "label_remark": "Opmerking (mag)",
    "label_keys": "Sneltoetsen",
    "label_keys_note": "1, 2 en 3 kiezen een oordeel, S slaat over, B gaat terug.",
    "label_given": "Je koos: {word}",
    "label_agreement": "Oordelen naast elkaar",
    "no_gaps_heading": "Niets gemeld",
    "no_gaps": "Hier komen vragen met een duim omlaag, en vragen die iemand als ‘niet gevonden’ heeft ingestuurd.",
    "gaps_lead": "Vragen die op elkaar lijken staan bij elkaar, de meeste meldingen eerst. Gegevens van leerlingen zijn eruit gehaald.",
    "gap_count": "{count} meldingen",
    "gap_count_one": "1 melding",
    "gap_case": "Maak er een testvraag van",
    "gap_note": "Noteer welke publicatie ontbreekt",
    "gap_noted": "Ontbreekt: {note}",
    "gap_note_label": "Welke publicatie ontbreekt?",
    "gap_note_hint": "Titel, uitgever of adres",
    "gap_note_empty": "Schrijf eerst op welke publicatie ontbreekt.",
    "gap_case_note": "Testvraag gemaakt: {id}",
    "gap_down": "{count} × duim omlaag",
    "gap_missing": "{count} × ingestuurd als niet gevonden",
    "gap_unanswered": "{count} × zonder antwoord",
    "settled": "Afgehandeld ({count})",
    "reopen": "Weer open zetten",
    "gap_save": "Bewaren",
    "gap_close": "Sluiten",
    "gap_more": "{count} andere",
    "case_question": "Vraag",
    "case_expected": "Wat hoort het antwoord te zijn?",
    "case_fact": "Wat moet het antwoord noemen?",
    "case_fact_hint": "Kort, bijvoorbeeld: ruim 15 procent",
    "case_wordings": "In de woorden van de bron, een per regel",
    "case_wordings_hint": "Letterlijk overgenomen uit een publicatie",
    "case_referral": "Waarvoor wordt verwezen?",
    "case_kind": "Soort vraag",
    "case_sector": "Sector",
    "case_asker": "Wie vraagt dit?",
    "case_save": "Testvraag bewaren",
    "case_wrong": "De testvraag is nog niet goed:",
    "suicide": "zelfdoding",
    "abuse": "mishandeling",
}


def quality_left(seconds: float) -> str:
    """How long a run still takes, in words."""
    if seconds < 60:
        return "minder dan een minuut"
    minutes = round(seconds / 60)
    return "een minuut" if minutes == 1 else f"{minutes} minuten"


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

A_DESCRIPTION = "een omschrijving"  # what is missing where nothing says what the thing asked about is

# What stands behind the subject of a sentence that defines it.
DEFINING = (
    r"\s*(?:\([^)]*\)\s*)?(?:,[^,.]{0,60},\s*)?(?::(?= )|"
    r"\b(?:is|zijn|was|waren)\b(?=(?: eigenlijk| dus| vooral)? (?:de|het|een|als|wanneer|dat|alle|iets|iemand|elke?)\b)|"
    r"\b(?:betekent|betekenen|verwijst|verwijzen|omvat|omvatten|betreft|beschrijft|bestaat uit|bestaan uit|houdt (?:\w+ )?in|staat voor|"
    r"gaat (?:het )?(?:om|over)|draait (?:het )?om|heet|noemen we|verstaan we|verstaan wij|verstaat men|wordt verstaan|bedoelen we|"
    r"wordt bedoeld|(?:wordt|worden|kan|kun)\b.{0,40}\b(?:gedefinieerd|omschreven|verstaan|genoemd|opgevat|gezien als)))"
)

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

# --- consultation brief, and what is taken along as a Word file or Markdown

BRIEF_TITLE = "Adviesgesprek {sector}: welbevinden"
BRIEF_URGENT = "Eerst dit"
BRIEF_SITUATION = "Wat past bij deze situatie"
BRIEF_QUESTIONS = "Vragen aan de school"
BRIEF_TOOLS = "Tools en materialen"
BRIEF_EXAMPLES = "Voorbeeldscholen"
BRIEF_CARE = "Aandachtspunten bij kwetsbare groepen"
BRIEF_CONTEXT = "De school in het kort: {context}"
BRIEF_SILENT = "Hierover staat niets in de publicaties die ik ken."
BRIEF_NOT_FOUND = "Hierbij vond ik geen passende zin in de publicaties die ik ken."
BRIEF_NO_TOOLS = "Tools of materialen hierbij staan er niet in de publicaties die ik ken."
BRIEF_NO_EXAMPLES = "Een voorbeeldschool uit deze sector staat er niet in de publicaties die ik ken."
BRIEF_NO_CARE = "Over kwetsbare groepen bij deze thema's staat niets in de publicaties die ik ken."
BRIEF_SAVED = "Opgeslagen: {file}"
EXPORT_CONVERSATION = "Gesprek met Welwijzer"
EXPORT_QUESTION = "Vraag: {question}"
EXPORT_SOURCES = "Bronnen"
EXPORT_NOTE = "Aantekening: {note}"
EXPORT_FOOTER = "Gemaakt met Welwijzer op {date}; elke zin met nummer staat letterlijk in de bron."
EXPORT_FOOTER_WRITTEN = (
    "Gemaakt met Welwijzer op {date}. Lopende tekst met nummers verwoordde een taalmodel en is getoetst aan de bron; "
    "wat met een bolletje begint en een nummer heeft, staat letterlijk in de bron."
)
EXPORT_WRITTEN = "Verwoord door een taalmodel; elke zin is getoetst aan de bron."
EXPORT_VERBATIM = "In letterlijke zinnen uit de bronnen."
EXPORT_QUOTES = "Letterlijke tekst bij de nummers"
EXPORT_OWN_EXPLAINED = "Wat cursief en zonder nummer staat, is een vaste tekst van Welwijzer of een aantekening, en komt niet uit een bron."
EXPORT_PAGE = "Pagina "
EXPORT_OF = " van "
EXPORT_SECTION = "‘{section}’"
EXPORT_STYLES = {
    "own": "Eigen tekst",
    "note": "Aantekening",
    "written": "Verwoord",
    "mark": "Bronnummer",
    "place": "Bron",
}

# --- the pages "Bronnen" and "Over"

LIBRARY: dict[str, str] = {
    "title": "Bronnen",
    "intro": "Uit deze publicaties citeert Welwijzer. Kies een titel om een publicatie te lezen en erin te zoeken.",
    "empty": "Er staan nog geen publicaties in de bibliotheek.",
    "gone": "De publicatie {id} staat niet (meer) in de bibliotheek.",
    "no_date": "onbekend",
    "all_sectors": "alle",
    "back": "Alle bronnen",
    "open": "Open de publicatie bij de uitgever",
    "repaired": "Hersteld; in het bestand staat: {before}",
    "left_out": "Weggelaten",
    "warning": "Let op:",
    "done": "Gelukt:",
    "failed": "Niet gelukt:",
    "unexpected": "Er ging iets mis. Er is niets veranderd; probeer het opnieuw.",
    "embedded": "{done} van {count} stukken tekst",
    "add": "Toevoegen",
    "add_heading": "Een publicatie toevoegen",
    "file": "Een pdf, Word-bestand, webpagina of tekst van hoogstens {size} MB",
    "address": "Of een webadres",
    "fetch": "Ophalen",
    "no_address": "Vul eerst een webadres in.",
    "look": "Er is nog niets opgenomen. Kijk na wat er gelezen is; wat is weggelaten, is doorgestreept.",
    "entry_heading": "Klopt dit?",
    "version": "Is dit een nieuwe versie?",
    "apart": "Nee, neem het apart op",
    "in_place_of": "Ja, zet het op de plaats van ‘{title}’",
    "no_version": "Kies of dit een nieuwe versie is van wat er al staat.",
    "take_in": "Opnemen",
    "leave": "Niet opnemen",
    "taken_in": "‘{title}’ is opgenomen. Je kunt er nu vragen over stellen.",
    "page_of": "Pagina {page} van {count}",
    "part_of": "Deel {page} van {count}",
    "picture": "Afbeelding van {name}",
    "no_picture": "Van deze pagina is geen afbeelding te maken.",
    "manage": "Beheren",
    "save": "Gegevens bewaren",
    "edited": "De gegevens van ‘{title}’ zijn veranderd.",
    "as_it_was": "‘{title}’ was al zo; er is niets veranderd.",
    "no_title": "Vul een titel in.",
    "no_publisher": "Vul een uitgever in.",
    "no_url": "Het adres moet beginnen met https:// of http://.",
    "new_version": "Vervangen door een nieuwe versie van het bestand",
    "successor_heading": "Vervangen door een andere publicatie",
    "successor": "Deze publicatie is vervangen door",
    "no_successor": "geen: ze geldt nog",
    "since": "Sinds, zoals 2026-03 (mag leeg)",
    "record": "Vastleggen",
    "superseded": "‘{title}’ is vastgelegd als {words}.",
    "not_superseded": "‘{title}’ geldt niet als vervangen.",
    "undo_heading": "Terugzetten",
    "undo": "Zet de vorige versie terug",
    "undone": "‘{title}’ is weer zoals voor de laatste verandering.",
    "remove_heading": "Verwijderen",
    "remove": "Verwijderen",
    "sure": "Weet je zeker dat je ‘{title}’ uit de bibliotheek wilt halen? Er wordt dan niet meer uit geciteerd.",
    "remove_now": "Ja, verwijderen",
    "cancel": "Annuleren",
    "removed": "‘{title}’ is verwijderd.",
    "withdrawn_now": "‘{title}’ is eruit gehaald. Onder aan deze pagina kun je het terughalen.",
    "withdrawn": "Eruit gehaald",
    "restore": "Haal {id} terug",
}
LIBRARY_COLUMNS = {
    "title": "Titel",
    "publishers": "Uitgever",
    "published": "Datum",
    "sectors": "Sector",
    "pages": "Pagina's",
    "passages": "Passages",
    "warnings": "Let op",
}
LIBRARY_TABLE = {
    "filter": "Publicaties zoeken",
    "text": "Zoek op titel, uitgever, jaar of soort",
    "sector": "Sector",
    "allSectors": "alle",
    "warned": "alleen met een opmerking",
    "caption": "Alle publicaties. Met een knop in de kop sorteer je op die kolom.",
    "one": "1 titel",
    "many": "{count} titels",
    "none": "Geen publicatie past hierbij.",
}
LIBRARY_READER = {
    "contents": "Inhoud",
    "search": "Zoek in deze publicatie",
    "previous": "Vorige",
    "next": "Volgende",
    "found": "{at} van {count} keer",
    "notFound": "Niet gevonden",
    "tooShort": "Typ nog een letter",
    "look": "Bekijk de pagina",
    "previousPage": "Vorige pagina",
    "nextPage": "Volgende pagina",
    "close": "Sluiten",
    "nothing": "Op deze pagina is geen tekst gelezen.",
    "text": "Tekst",
}
LIBRARY_FIELDS = {
    "title": "Titel",
    "publishers": "Uitgever (meer dan een: met komma's ertussen)",
    "published": "Datum, zoals 2023, 2023-12 of 2023-12-31",
    "sectors": "Sector (geen keuze: alle)",
    "url": "Adres",
}
LIBRARY_STEPS = {
    "fetch": "Ophalen",
    "read": "Lezen en opschonen",
    "compare": "Vergelijken met de bibliotheek",
    "cut": "Indelen in passages",
    "embed": "Embedden: vindbaar maken",
    "store": "Opslaan in de bibliotheek",
    "propose": "Vragen bedenken en toetsen",
}
LIBRARY_STEP_STATES = {"done": "klaar", "now": "bezig", "later": ""}
# What a part of a document is, where it is no ordinary paragraph.
LIBRARY_KINDS = {
    "table": "Tabel",
    "box": "Kader",
    "caption": "Bijschrift",
    "reference": "Verwijzing",
    "link": "Verwijzing",
}


PROPOSING: dict[str, str] = {
    "heading": "Vragen voorstellen",
    "intro": "Een taalmodel bedenkt vragen die een onderdeel beantwoordt. Wat je bewaart, helpt om het onderdeel te vinden.",
    "place": "De tekst van het onderdeel gaat naar {place}.",
    "section": "Onderdeel",
    "whole": "(zonder kop)",
    "propose": "Stel vragen voor",
    "found": "Welke vragen bewaar je?",
    "answers": "Antwoord: {sentence}",
    "keep": "Bewaar wat is aangevinkt",
    "none": "Bewaar geen vraag",
    "dropped": "Er is geen vraag bewaard.",
    "stored_one": "1 vraag is bewaard bij ‘{title}’.",
    "stored": "{count} vragen zijn bewaard bij ‘{title}’.",
}


def questions_stored(count: int, title: str) -> str:
    """How many questions an editor confirmed were stored with a publication."""
    return PROPOSING["stored_one" if count == 1 else "stored"].format(count=count, title=title)


def library_warnings(count: int) -> str:
    """How many remarks there are about a publication."""
    return "" if not count else "1 opmerking" if count == 1 else f"{count} opmerkingen"


def library_page(number: int, label: str | None) -> str:
    """A page by its printed number, with its place in the file where that is another."""
    if label is None or label == str(number):
        return f"pagina {number}"
    return f"pagina {label} ({number} in het bestand)"


ABOUT: dict[str, str] = {
    "title": "Over Welwijzer",
    "sources": "Bronnen en rechten",
    "sources_intro": "Dit zijn de publicaties waaruit Welwijzer citeert. De teksten zijn van hun uitgevers.",
    "no_sources": "Er staan nog geen publicaties in de bibliotheek.",
    "state": "Stand van de bibliotheek",
    "version": "Versie van het programma: {version}.",
    "count": "De bibliotheek telt {documents} publicaties en {passages} passages.",
    "generation": "Ze is {generation} keer veranderd, het laatst op {moment}.",
    "never": "Ze is nog nooit veranderd.",
    "kept": "Vragen worden in deze omgeving {days} dagen bewaard, met gegevens van personen eruit gehaald.",
    "not_kept": "In deze omgeving worden vragen niet bewaard.",
    "rights": "Rechten: {rights}",
    "place_unknown": "een adres dat hier staat zodra het model geladen is",
    "unreadable": "De bibliotheek kan nu niet worden gelezen: {line}",
}

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
    (r"argument (.*): \.docx\|\.md", r"\1 moet eindigen op .docx of .md"),
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
    "brief": "maak een adviesbrief om mee te nemen naar een school",
    "brief_sector": "de sector van de school",
    "theme": "pijler, leidend principe of eigen woorden (mag vaker); standaard alle pijlers",
    "context": "de situatie van de school in eigen woorden, zonder namen van leerlingen",
    "output": "schrijf naar dit bestand (.docx of .md)",
    "batch": "een bestand met per regel JSON: id en question, of id en turns",
    "json": "schrijf JSON op standaarduitvoer",
    "k": "hoeveel passages (standaard 10)",
}
