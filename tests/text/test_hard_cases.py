"""How well the rules find the boundaries of all hard cases together."""

from __future__ import annotations

from digest.text.sentences import split
from tests.text.hard_cases import FIRST, SECOND, sentences_of


def test_boundaries_of_the_hard_cases_are_found() -> None:
    """F1 over the boundaries inside the cases, in hundredths; a text's own end counts nothing."""
    right = given = wanted = 0
    misses: list[str] = []
    for case in (*FIRST, *SECOND):
        text, sentences = sentences_of(case)
        ends, at = set[int](), 0
        for sentence in sentences:
            at = text.index(sentence, at) + len(sentence)
            ends.add(at)
        spans = split(text, "en")
        found = {end for _, end in spans}
        if found != ends:
            misses.append(" | ".join(text[start:end] for start, end in spans))
        right += len(found & ends - {len(text)})
        given += len(found - {len(text)})
        wanted += len(ends - {len(text)})
    precision, recall = 100 * right / given, 100 * right / wanted
    f1 = 2 * precision * recall / (precision + recall)
    report = f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}\n" + "\n".join(misses)
    assert len(FIRST) + len(SECOND) >= 260
    assert f1 >= 98, report
