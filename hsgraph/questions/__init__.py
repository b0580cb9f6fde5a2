"""The competency questions: SPARQL queries with parameters, in data/queries/."""

from hsgraph.questions.question import Parameter, Question, triples
from hsgraph.questions.read import question_files, questions, read_question

__all__ = [
    "Parameter",
    "Question",
    "question_files",
    "questions",
    "read_question",
    "triples",
]
