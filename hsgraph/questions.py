"""The competency questions of data/queries/: their words, query and parameters; and as RDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Triple

from hsgraph import resources
from hsgraph.errors import Place, SourceError
from hsgraph.languages import DEFAULT, KNOWN, reader, said
from hsgraph.namespaces import BASE, DATASET, DCTERMS, QUERY, RDF, RDFS, SCHEMA, SH

Value = NamedNode | RdfLiteral
Form = Literal["select", "ask", "construct"]

KINDS: Final = ("concept", "scheme", "organisation", "place", "project", "source", "class", "year")
"""What a parameter may ask for; a `concept` also names its scheme."""

_NAME: Final = re.compile(r"\$(\w+)")
_FIELDS: Final = ("title", "description", "theme", "keywords")
_TRANSLATED: Final = ("title", "description", "theme")
_LINE: Final = re.compile(
    r"#\s*(?:(?P<name>[a-z]+)(?:@(?P<language>[a-z]+))?:\s*(?P<value>.*?)|may be empty)\s*"
)
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORM: Final = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_ENDPOINT: Final = BASE + "sparql"


@dataclass(frozen=True)
class Parameter:
    """A `$name` in a query: what it asks for, its labels for people, and its default."""

    name: str
    kind: str
    default: Value
    labels: Mapping[str, str]
    scheme: str | None = None

    @property
    def label(self) -> str:
        """Its label in the reader's language, or in English."""
        return _for_reader(self.labels)

    @property
    def suits(self) -> str:
        """The kind of page whose own thing can be the value: a scheme's slug for concepts."""
        return self.scheme or self.kind


@dataclass(frozen=True)
class Question:
    """A question that the data answers.

    `query` has its prefixes but not the header; its `$name` parameters are bound by the engine.
    `suits` names the kinds of entity page (and, for concepts, the schemes) it belongs on; titles,
    descriptions and themes are told by language.
    """

    slug: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    themes: Mapping[str, str]
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    suits: tuple[str, ...]
    may_be_empty: bool
    form: Form
    query: str

    @property
    def iri(self) -> str:
        return QUERY + self.slug

    @property
    def title(self) -> str:
        """Its title in the reader's language, or in English; so are the next two."""
        return _for_reader(self.titles)

    @property
    def description(self) -> str:
        return _for_reader(self.descriptions)

    @property
    def theme(self) -> str:
        return _for_reader(self.themes)

    @property
    def defaults(self) -> dict[str, Value]:
        return {parameter.name: parameter.default for parameter in self.parameters}

    def parameter_for(self, kind: str) -> Parameter | None:
        """The parameter that a page of this kind fills with its own thing, if there is one."""
        found = (parameter for parameter in self.parameters if parameter.suits == kind)
        return next(found, None)

    @property
    def with_defaults(self) -> str:
        """The query as anyone can run it, each `$name` replaced by its default.

        `hsgraph.engine.sparql.bind` does the same for values from outside; a test holds them equal.
        """
        values = self.defaults
        return _NAME.sub(lambda found: str(values[found[1]]), self.query)


def triples(question: Question) -> list[Triple]:
    """What the graph says about a question, as SHACL executables that editors load.

    By the convention of https://github.com/sib-swiss/sparql-examples; defaults stand in the query.
    """
    node = NamedNode(question.iri)
    type_ = NamedNode(RDF + "type")
    keywords = dict.fromkeys((question.themes[DEFAULT], *question.keywords))
    return [
        Triple(node, type_, NamedNode(SH + "SPARQLExecutable")),
        Triple(node, type_, NamedNode(f"{SH}SPARQL{question.form.capitalize()}Executable")),
        *(Triple(node, NamedNode(RDFS + "comment"), t) for t in _literals(question.titles)),
        *(
            Triple(node, NamedNode(DCTERMS + "description"), text)
            for text in _literals(question.descriptions)
        ),
        *(
            Triple(node, NamedNode(SCHEMA + "keywords"), RdfLiteral(word, language=DEFAULT))
            for word in keywords
        ),
        Triple(node, NamedNode(SH + question.form), RdfLiteral(question.with_defaults)),
        Triple(node, NamedNode(SH + "prefixes"), NamedNode(DATASET)),
        Triple(node, NamedNode(SCHEMA + "target"), NamedNode(_ENDPOINT)),
    ]


def _literals(texts: Mapping[str, str]) -> list[RdfLiteral]:
    return [RdfLiteral(text, language=language) for language, text in texts.items()]


def _for_reader(texts: Mapping[str, str]) -> str:
    return texts.get(reader()) or said(texts[DEFAULT], DEFAULT)


def question_files(folder: Path) -> list[Path]:
    """The .rq files of a folder in the order of their names; none where there is no folder."""
    return sorted(folder.glob("*.rq"))


def questions(folder: Path | None = None) -> tuple[Question, ...]:
    """All questions of a folder, by default those of the project, in the order of their slugs."""
    folder = resources.data_dir() / "queries" if folder is None else folder
    return tuple(read_question(path) for path in question_files(folder))


def read_question(path: Path, name: str | None = None) -> Question:
    """Read one question; `name` stands for the file in messages.

    Raises SourceError with the line where the header is wrong or the query does not fit it.
    """
    return _Header(path, name or path.name).question()


class _Header:
    """One file while it is read."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.values: dict[str, str] = {}
        self.texts: dict[str, dict[str, str]] = {name: {} for name in _TRANSLATED}
        self.parameters: dict[str, Parameter] = {}
        self.may_be_empty = False
        try:
            head, _, self.query = path.read_text("utf-8-sig").partition("\n\n")
        except UnicodeDecodeError as error:
            raise SourceError(f"The file is not UTF-8: {error}", place=Place(name)) from None
        self.lines = head.splitlines()

    def question(self) -> Question:
        for number, line in enumerate(self.lines, start=1):
            self._take(number, line)
        told = self.values | {name: texts.get(DEFAULT, "") for name, texts in self.texts.items()}
        missing = [field for field in _FIELDS if not told.get(field)]
        if missing:
            raise self._error(f"The header lacks “# {missing[0]}: …”.", 1)
        if not _SLUG.fullmatch(self.path.stem):
            raise self._error("The name of the file is no slug (a-z, 0-9, single hyphens).", 1)
        used = set(_NAME.findall(self.query))
        for name in sorted(self.parameters.keys() ^ used):
            said = "is not declared in the header" if name in used else "is not in the query"
            raise self._error(f"The parameter ${name} {said}.", 1)
        form = _FORM.search(self.query)
        if not form:
            raise self._error("The query is no SELECT, ASK or CONSTRUCT.", len(self.lines) + 2)
        return Question(
            slug=self.path.stem,
            titles=self.texts["title"],
            descriptions=self.texts["description"],
            themes=self.texts["theme"],
            keywords=_listed(self.values["keywords"]),
            parameters=tuple(self.parameters.values()),
            suits=_listed(self.values.get("suits", "")),
            may_be_empty=self.may_be_empty,
            form=cast(Form, form[1].lower()),
            query=self.query,
        )

    def _take(self, number: int, line: str) -> None:
        found = _LINE.fullmatch(line)
        if not found:
            raise self._error("A line of the header is “# name: value”.", number)
        name, value, language = found["name"], found["value"], found["language"] or DEFAULT
        if name is None:
            self.may_be_empty = True
        elif name == "parameter" and language == DEFAULT:
            parameter = self._parameter(number, value)
            self.parameters[parameter.name] = parameter
        elif language not in KNOWN:
            raise self._error(f"“{language}” is none of the languages {', '.join(KNOWN)}.", number)
        elif name == "parameter":
            self._label(number, language, value)
        elif name in self.texts and language not in self.texts[name]:
            self.texts[name][language] = value
        elif name in ("keywords", "suits") and language == DEFAULT and name not in self.values:
            self.values[name] = value
        else:
            raise self._error(f"“{name}” is not expected here.", number)

    def _label(self, number: int, language: str, text: str) -> None:
        """Take the label of a parameter in a language other than English."""
        name, _, label = (part.strip() for part in text.partition("|"))
        if name not in self.parameters or not label:
            raise self._error("A label is “name | label”, after its parameter.", number)
        parameter = self.parameters[name]
        labels = {**parameter.labels, language: label}
        self.parameters[name] = replace(parameter, labels=labels)

    def _parameter(self, number: int, text: str) -> Parameter:
        parts = [part.strip() for part in text.split("|")]
        if len(parts) != 4 or not all(parts):
            raise self._error("A parameter is “name | kind | default | label”.", number)
        name, kind, default, label = parts
        kind, _, scheme = kind.partition(" ")
        if kind not in KINDS or (kind == "concept") != bool(scheme):
            raise self._error(
                f"The kind of a parameter is one of {', '.join(KINDS)}; "
                "a concept also names its scheme.",
                number,
            )
        labels = {DEFAULT: label}
        return Parameter(name, kind, self._value(number, default), labels, scheme or None)

    def _value(self, number: int, text: str) -> Value:
        if text.isdecimal():
            return RdfLiteral(int(text))
        try:
            if text.startswith("<") and text.endswith(">"):
                return NamedNode(text[1:-1])
        except ValueError:
            pass
        raise self._error("A default is an IRI in <…> or a whole number.", number)

    def _error(self, message: str, line: int) -> SourceError:
        return SourceError(
            message,
            place=Place(self.name, line),
            remedy="See data/queries/README.md for the form of these files.",
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
