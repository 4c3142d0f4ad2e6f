"""Our retrieval as a LangChain retriever. A module of its own, because LangChain takes most of a second to import."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.retrieve import Retriever
from assistant.types import Hit


class WelwijzerRetriever(BaseRetriever):
    """Our retrieval for others' LangChain chains: documents with their source, page, section and exact offsets."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = 6
    sector: str | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.retriever.retrieve(self.retriever.understand(query, sector=self.sector), self.k)
        return [_langchain(hit) for hit in found.hits]


def _langchain(hit: Hit) -> Document:
    p = hit.passage
    place = {"source": p.source, "page": p.page, "section": " > ".join(p.section), "start": p.start, "end": p.end}
    return Document(page_content=p.text, id=p.id, metadata=place | {"kind": str(p.kind), "score": hit.score})
