// Turns the outlines of world-atlas into one SVG file of countries and what the server must know of it.
//
// Natural Earth, from which world-atlas comes, draws who holds an area; this map follows the usage of
// the United Nations instead, as far as shapes at this scale can. Pages carry the usual disclaimer.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { geoContains, geoEqualEarth, geoPath } from "d3-geo";
import polygonClipping from "polygon-clipping";
import { feature, merge } from "topojson-client";

const require = createRequire(import.meta.url);
const WIDTH = 2400;
const ANTARCTICA = "010";
const NAMED = { Kosovo: "XKX", Somaliland: "706", "N. Cyprus": "196", "Siachen Glacier": null };
const JOINED = { "158": "156" };
const CRIMEA = { point: [34.1, 45.2], from: "643", to: "804" };
const WESTERN_SAHARA = { code: "732", from: "504", south: 27.667, box: [-18, 20, -8] };

/** The M49 code that a country is drawn under; null where it is not drawn by itself. */
function code(country) {
  if (country.properties.name in NAMED) return NAMED[country.properties.name];
  return JOINED[country.id] ?? country.id ?? null;
}

function read(scale) {
  return JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), "utf8"));
}

/** The parts of a country as countries of one polygon each, so that parts can change hands. */
function polygons(geometry) {
  const parts = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
  return parts.map((arcs) => ({ type: "Polygon", arcs }));
}

/** Code to geometry in degrees. */
function countries(topology) {
  const parts = new Map();
  for (const country of topology.objects.countries.geometries) {
    const own = code(country);
    if (own === null || own === ANTARCTICA) continue;
    for (const part of polygons(country)) {
      const given = own === CRIMEA.from && geoContains(feature(topology, part), CRIMEA.point);
      const to = given ? CRIMEA.to : own;
      parts.set(to, [...(parts.get(to) ?? []), part]);
    }
  }
  const found = new Map([...parts].map(([key, list]) => [key, merge(topology, list)]));
  return westernSahara(found);
}

/** Draws Western Sahara up to its northern border of 27°40′, as maps of the United Nations do. */
function westernSahara(found) {
  const { code: own, from, south, box } = WESTERN_SAHARA;
  const [west, bottom, east] = box;
  const area = [[[west, bottom], [east, bottom], [east, south], [west, south], [west, bottom]]];
  const [neighbour, itself] = [found.get(from).coordinates, found.get(own).coordinates];
  const gained = polygonClipping.intersection(neighbour, area);
  const rest = polygonClipping.difference(neighbour, area);
  found.set(from, clockwise(rest));
  found.set(own, clockwise(polygonClipping.union(itself, gained)));
  return found;
}

/** polygon-clipping winds rings as GeoJSON says, d3-geo the other way round. */
function clockwise(coordinates) {
  const rings = coordinates.map((polygon) => polygon.map((ring) => [...ring].reverse()));
  return { type: "MultiPolygon", coordinates: rings };
}

/** Write `world-….svg` and `world.json` into a folder; returns the names of both. */
export function buildWorld(folder) {
  const coarse = countries(read("110m"));
  const fine = countries(read("50m"));
  const all = { type: "GeometryCollection", geometries: [...coarse.values()] };
  const projection = geoEqualEarth().fitWidth(WIDTH, all);
  const path = geoPath(projection).digits(0);
  const height = Math.ceil(path.bounds(all)[1][1]);
  const outlines = {};
  const points = {};
  const shapes = [];
  const rounded = (list) => list.map(Math.round);
  for (const [key, geometry] of [...coarse].sort(([a], [b]) => a.localeCompare(b))) {
    shapes.push(`<path id="c${key}" d="${relative(path(geometry))}"/>`);
    outlines[key] = rounded(path.bounds(geometry).flat());
  }
  for (const [key, geometry] of [...fine].sort(([a], [b]) => a.localeCompare(b))) {
    points[key] = rounded(path.centroid(largest(geometry, path)));
  }
  for (const [key, point] of smallest(fine, path)) points[key] = rounded(point);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}">` +
    `<g id="world">${shapes.join("")}</g></svg>\n`;
  const digest = createHash("sha256").update(svg).digest("hex").slice(0, 8);
  const file = `world-${digest}.svg`;
  const [x, y] = projection.translate();
  const check = { "0,0": projection([0, 0]), "21,44": projection([21, 44]) };
  const told = { file, width: WIDTH, height, scale: projection.scale(), x, y, check, outlines, points };
  writeFileSync(join(folder, file), svg);
  writeFileSync(join(folder, "world.json"), JSON.stringify(told));
  return [file, "world.json"];
}

/** The points of countries that only the finest outlines have. */
function smallest(known, path) {
  const topology = read("10m");
  return topology.objects.countries.geometries
    .filter((country) => code(country) !== null && !known.has(code(country)))
    .map((country) => [code(country), path.centroid(feature(topology, country))])
    .filter(([key, [x]]) => key !== ANTARCTICA && Number.isFinite(x));
}

/** A path of whole numbers in relative steps: half as long as the absolute one. */
function relative(path) {
  const rings = path.split("M").slice(1);
  const short = rings.map((ring) => {
    const corners = ring.replace(/Z$/, "").split("L").map((pair) => pair.split(",").map(Number));
    const steps = corners.slice(1).map(([x, y], i) => [x - corners[i][0], y - corners[i][1]]);
    const moved = steps.filter(([x, y]) => x || y);
    return `M${corners[0]}l${moved.join(" ").replaceAll(" -", "-").replaceAll(",-", "-")}z`;
  });
  return short.join("");
}

/** The largest polygon of a country, in which its mark stands. */
function largest(geometry, path) {
  const parts = geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  return parts.reduce((best, part) => (path.area(part) > path.area(best) ? part : best));
}
