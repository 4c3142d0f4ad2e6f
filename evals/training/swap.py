"""First vectors for Dutch pieces in an English encoder: averages of the English pieces that they are translated by.

Which piece goes with which is learned from the pairs by IBM Model 1 (Brown et al. 1993) in both directions; their
product keeps what both agree on. A piece that occurs in no pair takes the English pieces of its own characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ROUNDS = 5
LONGEST = 48
"""Pieces of a text that are aligned; longer pairs say little about which word is which."""
KEPT = 6
"""English pieces that a Dutch piece is an average of, at most."""

Pieces = Sequence[Sequence[int]]


def align(dutch: Pieces, english: Pieces, weights: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which Dutch piece goes with which English one: (Dutch ids, English ids, strength in 0..1), sorted."""
    theirs, ours, sentence, counted = _cells(dutch, english, weights)
    keys, cell = np.unique(ours.astype(np.int64) << 20 | theirs, return_inverse=True)
    unique_ours, unique_theirs = (keys >> 20).astype(np.int64), (keys & 0xFFFFF).astype(np.int64)
    forward = _model_one(cell, unique_ours, sentence << np.int64(20) | theirs, counted)
    backward = _model_one(cell, unique_theirs, sentence << np.int64(20) | ours, counted)
    return unique_ours, unique_theirs, np.sqrt(forward * backward)


def vectors(
    alignment: tuple[np.ndarray, np.ndarray, np.ndarray], english: np.ndarray, own: Sequence[Sequence[int]]
) -> np.ndarray:
    """One vector per Dutch piece, shape (len(own), dim), from English vectors; `own`: each piece's characters' ids."""
    found = np.stack([english[list(ids)].mean(0) if ids else english.mean(0) for ids in own]).astype(np.float32)
    ours, theirs, strength = alignment
    starts = np.flatnonzero(np.r_[True, ours[1:] != ours[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], len(ours)], strict=True):
        best = start + np.argsort(-strength[start:end], kind="stable")[:KEPT]
        weights = np.where(strength[best] > 0.2 * strength[best[0]], strength[best], 0)
        if weights.sum() > 0:
            found[ours[start]] = (weights[:, None] * english[theirs[best]]).sum(0) / weights.sum()
    return found


def _cells(
    dutch: Pieces, english: Pieces, weights: Sequence[float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every pairing of an English and a Dutch piece in a pair: their ids, the pair's number and weight."""
    theirs, ours, sentence, counted = [], [], [], []
    for number, (d, e) in enumerate(zip(dutch, english, strict=True)):
        if 0 < len(d) <= LONGEST and 0 < len(e) <= LONGEST:
            left, right = np.asarray(sorted(set(e))), np.asarray(sorted(set(d)))
            theirs.append(np.repeat(left, len(right)))
            ours.append(np.tile(right, len(left)))
            sentence.append(np.full(len(left) * len(right), number))
            counted.append(np.full(len(left) * len(right), weights[number], np.float32))
    return np.concatenate(theirs), np.concatenate(ours), np.concatenate(sentence), np.concatenate(counted)


def _model_one(cell: np.ndarray, given: np.ndarray, group: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Probabilities of each cell's target given its source; `group`: the target's place, which its sources share."""
    _, group = np.unique(group, return_inverse=True)
    strength = np.ones(len(given)) / np.bincount(given)[given]
    for _ in range(ROUNDS):
        each = strength[cell]
        each = counted * each / (np.bincount(group, each)[group] + 1e-12)
        counts = np.bincount(cell, each, len(given))
        strength = counts / (np.bincount(given, counts)[given] + 1e-12)
    found: np.ndarray = strength
    return found
