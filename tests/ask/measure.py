"""How well questions are answered: F1 against gold queries, by kind and by language.

Run as a module, it prints the figures and each miss: `python -m tests.ask.measure [files]`.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import hsgraph
from hsgraph.ask.answer import Answer
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import PREFIXES

_PREFIXED: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
HERE: Final = Path(__file__).parent
NONE: Final = "none"


@dataclass(frozen=True)
class Question:
    """A question with the queries of which each gives a right answer; none if it has none."""

    id: str
    language: str
    kind: str
    text: str
    answer_type: str
    gold: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """How a question was answered."""

    question: Question
    f1: float
    refused: bool
    milliseconds: float
    answer: Answer


def questions(path: Path) -> list[Question]:
    """The questions of a file, one JSON object a line."""
    return [_question(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _question(row: dict[str, Any]) -> Question:
    gold = row["gold"] if "gold_query" not in row else [row["gold_query"]]
    language = row.get("language") or next(t for t in row["tags"] if t in ("en", "fr", "es"))
    queries = tuple(query for query in (*gold, *row.get("gold_alt_queries", ())) if query)
    return Question(row["id"], language, row["kind"], row["question"], row["answer_type"], queries)


def measure(graph: KnowledgeGraph, asked: Iterable[Question]) -> list[Score]:
    """Each question, asked and compared with its gold queries."""
    graph.ask("programmes")  # the first question reads the words
    out = []
    for question in asked:
        start = time.perf_counter()
        answer = graph.ask(question.text)
        took = (time.perf_counter() - start) * 1000
        out.append(Score(question, _f1(graph, question, answer), not answer.answered, took, answer))
    return out


def _f1(graph: KnowledgeGraph, question: Question, answer: Answer) -> float:
    if question.answer_type == NONE or not question.gold:
        return 0.0 if answer.answered else 1.0
    if not answer.answered or answer.query is None:
        return 0.0
    got, best = column(graph, answer.query), 0.0
    for query in question.gold:
        best = max(best, f1(got, column(graph, query)))
        if best == 1.0:
            break
    return best


def column(graph: KnowledgeGraph, query: str) -> set[str]:
    """The first column of an answer, numbers rounded; what is unbound does not count."""
    if query.lstrip().upper().startswith("ASK"):
        return {str(bool(graph.query(query))).lower()}
    solutions = graph.engine.select(_PREFIXED + query if "PREFIX" not in query else query)
    first = solutions.variables[0]
    return {_plain(row[first].value) for row in solutions.rows if first in row}


def _plain(value: str) -> str:
    try:
        return f"{float(value):.2f}"
    except ValueError:
        return value


def f1(got: set[str], gold: set[str]) -> float:
    """The harmonic mean of precision and recall; both empty is right."""
    if not got and not gold:
        return 1.0
    both = len(got & gold)
    return 2 * both / (len(got) + len(gold)) if both else 0.0


def mean(scores: Sequence[Score]) -> float:
    return sum(score.f1 for score in scores) / len(scores) if scores else 1.0


def table(scores: Sequence[Score], misses: bool = True) -> str:
    """The figures as text."""
    lines = []
    for name in ("kind", "language"):
        groups: dict[str, list[Score]] = defaultdict(list)
        for score in scores:
            groups[getattr(score.question, name)].append(score)
        lines += [f"  {k:16} {len(g):4}  {mean(g):.2f}" for k, g in sorted(groups.items())]
        lines.append("")
    answerable = [s for s in scores if s.question.answer_type != NONE and s.question.gold]
    not_answerable = [s for s in scores if s not in answerable]
    times = sorted(s.milliseconds for s in scores)
    lines.append(
        f"  all {len(scores)}  F1 {mean(scores):.3f}; answerable F1 {mean(answerable):.3f}, "
        f"refused {sum(s.refused for s in answerable)} of {len(answerable)}; unanswerable refused "
        f"{sum(s.refused for s in not_answerable)} of {len(not_answerable)}; "
        f"p95 {times[int(len(times) * 0.95)]:.0f} ms"
    )
    for score in scores:
        if misses and score.f1 < 0.999:
            lines.append(f"  {score.question.id} {score.f1:.2f} {score.question.text}")
            lines.append(f"       {score.answer.kind}: {score.answer.text[:110]}")
            read = "; ".join(f"{p.words} = {p.taken_for}" for p in score.answer.reading)
            lines.append(f"       {read[:200]}")
    return "\n".join(lines)


def main(paths: Sequence[str]) -> None:
    chosen = [Path(p) for p in paths if p.endswith(".jsonl")]
    chosen = chosen or sorted(HERE.glob("*.jsonl"))
    projects = [p for p in paths if not p.endswith(".jsonl")]
    with hsgraph.open(*projects) as graph:
        for path in chosen:
            print(path.name)
            print(table(measure(graph, questions(path))))


if __name__ == "__main__":
    main(sys.argv[1:])
