"""The competency questions: SPARQL queries with parameters, in data/queries/."""

from hsgraph.questions.question import Parameter as Parameter
from hsgraph.questions.question import Question as Question
from hsgraph.questions.question import question_files as question_files
from hsgraph.questions.question import questions as questions
from hsgraph.questions.question import read_question as read_question
from hsgraph.questions.question import triples as triples
