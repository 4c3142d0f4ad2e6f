"""What a page says of itself: title, publisher, date, address, from where public and other sites put them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from ingest.html_questions import of_type

_PUBLISHERS = ("og:site_name", "dcterms.publisher", "dc.publisher", "dcterms.creator", "dc.creator", "application-name")
_DATES = (
    *("article:published_time", "dcterms.issued", "dcterms.available", "dcterms.available.start", "dc.date.issued"),
    *("datepublished", "dcterms.date", "dc.date", "date", "dcterms.created", "dcterms.modified", "og:updated_time"),
    *("article:modified_time",),
)
_DAY = re.compile(r"^\s*((?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)")
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "WebPage", "FAQPage", "Report", "ScholarlyArticle")


def found(tree: etree._Element, objects: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Publisher and date of publication as stated for machines; empty where they are not."""
    meta = {
        (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower(): content
        for element in reversed(list(tree.iter("meta")))
        if (content := " ".join((element.get("content") or "").split()))
    }
    articles = [value for value in objects if of_type(value, *_ARTICLES)]
    publishers = [meta.get(name) for name in _PUBLISHERS]
    publishers[1:1] = [_named(value.get("publisher"), objects) for value in articles]
    dates = [meta.get(_DATES[0])]
    dates += [str(value.get("datePublished") or "") for value in articles]
    dates += [meta.get(name) for name in _DATES[1:]]
    days = [match.group(1) for stated in dates if (match := _DAY.match(stated or ""))]
    result = {"publisher": next(filter(None, publishers), None), "published": next(iter(days), None)}
    return {key: value for key, value in result.items() if value}


def _named(value: Any, objects: Sequence[dict[str, Any]]) -> str | None:  # noqa: ANN401 - JSON
    """The name of an organisation, given by itself or by the id of an object elsewhere on the page."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return None
    named = [value, *(other for other in objects if value.get("@id") and other.get("@id") == value["@id"])]
    return next((str(other["name"]) for other in named if isinstance(other.get("name"), str)), None)
