"""The data as a whole: what there is, dumps and tables, VoID and DCAT, versions and changes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode, Triple
from werkzeug.exceptions import NotFound

from hsgraph import serialize
from hsgraph.build.artifacts.metadata import CATALOG
from hsgraph.build.snapshot import Snapshot
from hsgraph.describe.citation import dataset_cited
from hsgraph.describe.dataset import catalogue, description, statistics
from hsgraph.describe.documents.document import Document
from hsgraph.describe.documents.versions import (
    archived,
    beside,
    can_be_read,
    changes_before,
    rows_of,
)
from hsgraph.describe.values import values_of
from hsgraph.describe.words.labels import chosen
from hsgraph.formats import HTML, JSON, PAGE_FORMATS, RDF_FORMATS, Format
from hsgraph.languages import later, told, translated
from hsgraph.namespaces import BASE, DATASET, DCTERMS, ID, SKOS, VOCAB, VOID
from hsgraph.server.api import downloads
from hsgraph.server.http import addresses
from hsgraph.server.http.bounded import WAIT, one_of
from hsgraph.server.http.representation import cached, forms_of, page_or_rdf, represent, see_other
from hsgraph.server.site import current

data: Final = Blueprint("data", __name__)

_THINGS: Final = 200
_PLACES: Final = BoundedSemaphore(1)
_NAME: Final = re.compile(
    r"(?P<id>id/)?(?P<name>(?:vocab/)?[a-z0-9-]+/[a-z0-9-]+)(?:\.(?P<suffix>[a-z]{2,6}))?"
)
_FACTS: Final = (
    *(SKOS + "prefLabel", DCTERMS + "description", DCTERMS + "modified"),
    *(VOID + "triples", VOID + "entities"),
)


@data.get("/data")
@data.get("/data.<suffix:suffix>")
def overview(suffix: str = "") -> Response:
    """What the graph holds, its files and licence, how to cite it; or as VoID and DCAT."""
    body = page_or_rdf(lambda: _page(current().graph.snapshot), _described)
    return represent("/data", PAGE_FORMATS, suffix, body, canonical=current().dataset)


@data.get("/.well-known/void")
def well_known() -> Response:
    """Sends to the description of the dataset (VoID, 7.2)."""
    return see_other("/data", (*RDF_FORMATS, HTML))


@data.get("/dataset")
def dataset() -> Response:
    """Sends from the IRI of the dataset to its description."""
    return see_other("/data", PAGE_FORMATS)


@data.get("/data/catalog")
@data.get("/data/catalog.<suffix:suffix>")
def catalog(suffix: str = "") -> Response:
    """The catalogue for harvesters (DCAT): the dataset, its files and its services.

    Of others' data it is all that there is to say of them.
    """
    ours = current().dataset == DATASET

    def body(format: Format) -> bytes:
        return serialize.write(catalogue(_described()) if ours else _described(), format)

    about = CATALOG if ours else None
    return represent("/data/catalog", RDF_FORMATS, suffix, body, canonical=about)


@data.get("/data/hsgraph.<suffix:suffix>", defaults={"packed": False})
@data.get("/data/hsgraph.<suffix:suffix>.gz", defaults={"packed": True})
def whole(suffix: str, packed: bool) -> Response:
    """The whole graph in one file, as it is or packed with gzip."""
    return downloads.file(f"hsgraph.{suffix}", packed=packed)


@data.get("/data/tables/<slug:name>.csv")
def table(name: str) -> Response:
    """All things of a class as a table (CSV, RFC 4180)."""
    response = downloads.file(f"tables/{name}.csv")
    described = f"{request.script_root}/data/tables/{name}.csv-metadata.json"
    response.headers.add("Link", f'<{described}>; rel="describedby"; type="application/csvm+json"')
    return response


@data.get("/data/tables/<slug:name>.csv-metadata.json")
def table_description(name: str) -> Response:
    """What the columns of a table mean (CSVW)."""
    group = downloads.snapshot().tables()
    for described in group.get("tables", ()):
        if described["url"] == f"{name}.csv":
            return _csvm({"@context": group["@context"], **described})
    raise NotFound(f"There is no table “{name}”; /data lists them.")


@data.get("/data/tables/csv-metadata.json")
def tables_description() -> Response:
    """What all tables and their columns mean (CSVW)."""
    return _csvm(downloads.snapshot().tables())


@data.get("/data/changes")
@data.get("/data/changes.<suffix:suffix>")
def changes(suffix: str = "") -> Response:
    """What changed since the version before this one, as far as that is still kept."""
    return represent("/data/changes", (HTML, JSON), suffix, _changes)


@data.get("/version/<slug:version>")
def version(version: str) -> Response:
    """A version of the data by its digest: the one served, or one that is still kept."""
    if version == current().version:
        return _moved("/data")
    found = _kept(version)
    path = f"/version/{version}"
    body = page_or_rdf(lambda: _page(found), list)
    return represent(path, (HTML,), HTML.suffix, body, canonical=BASE.rstrip("/") + path)


@data.get("/version/<slug:version>/<path:rest>")
def of_version(version: str, rest: str) -> Response:
    """Anything of the version served; files, and documents about things, of one that is kept."""
    if version == current().version:
        query = request.query_string.decode()
        return _moved(f"/{quote(rest)}" + (f"?{query}" if query else ""))
    return _part(_kept(version), rest)


def _kept(version: str) -> Snapshot:
    """A version beside the one served. Raises `NotFound` saying where else it may be."""
    served = current().graph.snapshot
    if served and (found := beside(served, version)):
        return found
    sentence = later("Version {1} is not kept here; version {2} is served.")
    remedy = later("hsgraph build makes it again, at its commit in the project’s history.")
    raise NotFound(f"{told(sentence, version, current().version)} {translated(remedy)}")


def _part(of: Snapshot, rest: str) -> Response:
    """A file or the document about a thing out of a version that is kept, by its address there.

    Raises `NotFound` for anything else, such as lists and queries, which need the whole graph.
    """
    if rest.startswith("data/"):
        name = rest.removeprefix("data/")
        return downloads.file(name.removesuffix(".gz"), packed=name.endswith(".gz"), of=of)
    found = _NAME.fullmatch(rest)
    if found is None or not can_be_read(of):
        raise NotFound(
            f"Of version {of.version} this server keeps the files and the documents about things: "
            f"/version/{of.version}/data/hsgraph.nq.gz is all of it."
        )
    path = f"/version/{of.version}/{found['name']}"
    if found["id"]:
        return see_other(path, PAGE_FORMATS)
    namespace = BASE if found["name"].startswith("vocab/") else ID
    return _document(of, namespace + found["name"], path, found["suffix"] or "")


def _document(of: Snapshot, iri: str, path: str, suffix: str) -> Response:
    def found() -> Document:
        with one_of(_PLACES, WAIT, "Others are reading versions of before just now."):
            return archived(of, iri)

    body = page_or_rdf(lambda: _archived(found(), path), lambda: found().whole)
    response = represent(path, PAGE_FORMATS, suffix, body, canonical=iri)
    latest = request.script_root + (addresses.local_path(iri) or "/")
    response.headers.add("Link", f'<{latest}>; rel="latest-version"')
    return response


def _archived(found: Document, path: str) -> str:
    return render_template(
        "archived.html",
        about=found.labels.ref(found.iri),
        rows=[(*row[:2], row[2] and _address(row[2], found.version)) for row in rows_of(found)],
        of_version=found.version,
        now=addresses.href(found.iri, request.script_root),
        formats=forms_of(path),
    )


def _address(iri: str, version: str) -> str | None:
    """Things and concepts are shown as they were, all else as it is."""
    prefix = request.script_root
    if iri.startswith((ID, VOCAB)):
        prefix += f"/version/{version}"
    return addresses.href(iri, prefix)


def _described() -> list[Triple]:
    """What the dataset says of itself; what is counted, for a dataset of others."""
    site = current()
    if site.dataset == DATASET:
        return description(site.engine)
    dataset, endpoint = NamedNode(site.dataset), f"{site.address()}sparql"
    return statistics(site.engine, dataset, endpoint)


def _page(of: Snapshot | None) -> str:
    said = values_of(current().engine, [DATASET], _FACTS)[DATASET]
    facts = {name: chosen(values) or values[-1].value for name, values in said.items()}
    manifest = of.manifest if of else None
    found = manifest.downloads if manifest else ()
    served = of is None or of.version == current().version
    return render_template(
        "data.html",
        title=facts.get(SKOS + "prefLabel", translated("Data")),
        description=facts.get(DCTERMS + "description", ""),
        modified=facts.get(DCTERMS + "modified", ""),
        counts=[(name, int(facts.get(VOID + name, 0))) for name in ("triples", "entities")],
        dataset=DATASET,
        of_version=manifest.version if manifest else current().version,
        served=served,
        cited=dataset_cited(current().engine, current().address()) if served else "",
        place="/data/" if served else f"/version/{manifest.version if manifest else ''}/data/",
        dumps=[each for each in found if each.rows is None],
        tables=[each for each in found if each.rows is not None],
        address=current().address(),
        formats=forms_of("/data") if served else (),
    )


def _csvm(content: dict[str, Any]) -> Response:
    if not content:
        raise NotFound("There are no tables of this graph.")
    return cached(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "application/csvm+json")


def _changes(format: Format) -> str:
    snapshot = downloads.snapshot()
    found = changes_before(snapshot)
    if format is JSON:
        if found is None:
            return json.dumps({"before": None, "after": snapshot.version, "things": []}) + "\n"
        return replace(found, things=found.things[:_THINGS]).to_json()
    return render_template(
        "changes.html", changes=found, most=_THINGS, statements=12, after=snapshot.version
    )


def _moved(path: str) -> Response:
    headers = {"Location": request.script_root + path, "Cache-Control": "no-cache"}
    return Response(status=302, headers=headers)
