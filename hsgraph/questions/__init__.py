"""The competency questions: SPARQL queries with parameters, in data/queries/."""

from hsgraph.questions.question import Parameter, Question
from hsgraph.questions.read import question_files, questions, read_question
from hsgraph.questions.write import triples

__all__ = [
    "Parameter",
    "Question",
    "question_files",
    "questions",
    "read_question",
    "triples",
]
