"""A Dutch subword tokenizer (unigram; Kudo 2018) trained on everything Dutch at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import wordfreq
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

PIECES = 30_000
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = 110_000
WORD_WEIGHT = 250_000
"""The word list counts as a text of this many words, each of its words once at least."""
LINE = 40  # words of that text that are given to the trainer at a time


def train(texts: Iterable[str], pieces: int = PIECES, words: int = WORDS) -> Tokenizer:
    """Train on texts and on wordfreq's `words` most frequent ones as often as they are used. The same input gives the same pieces."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex("[’‘`´]"), "'"),
            normalizers.Replace(Regex("[“”„«»]"), '"'),
            normalizers.Replace(Regex("[‐‑‒–—]"), "-"),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces, special_tokens=list(SPECIAL), unk_token="[UNK]", max_piece_length=24, show_progress=False
    )
    tokenizer.train_from_iterator(_all(texts, words), trainer)
    ids = {name: tokenizer.token_to_id(name) for name in SPECIAL}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(n, ids[n]) for n in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _all(texts: Iterable[str], most: int) -> Iterator[str]:
    yield from texts
    words = wordfreq.top_n_list("nl", most)
    text = [word for word in words for _ in range(max(1, round(wordfreq.word_frequency(word, "nl") * WORD_WEIGHT)))]
    for start in range(0, len(text), LINE):
        yield " ".join(text[start : start + LINE])
