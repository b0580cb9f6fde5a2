// Answers with points on the map of the world that the server draws too.

import { geoEqualEarth } from "d3-geo";
import { columns, rows, type Row } from "./answer";
import { drawn, element } from "./dom";
import { href } from "./page";
import { View } from "./view";
import { _ } from "./words";

const MOST = 2000;
const RADIUS = 4.5;
const WKT = /^(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)$/i;
const LATITUDE = /^lat(itude)?$/i;
const LONGITUDE = /^(long?|longitude|lng)$/i;

interface Spot {
  latitude: number;
  longitude: number;
  row: Row;
}

export class MapView extends View {
  priority = 5;
  label = _("Map");

  canHandleResults(): boolean {
    return Boolean(this.site.world) && this.spots().length > 0;
  }

  draw(): void {
    const world = this.site.world!;
    const projection = geoEqualEarth().scale(world.scale).translate([world.x, world.y]);
    const spots = this.spots();
    const unit = world.width / Math.max(this.yasr.resultsEl.clientWidth, 1);
    const dots = spots.slice(0, MOST).map((spot) => {
      const [x, y] = projection([spot.longitude, spot.latitude]) ?? [0, 0];
      const dot = drawn("circle", { cx: x, cy: y, r: Math.max(10, RADIUS * unit) }, drawn("title", {}, this.told(spot.row)));
      const address = this.address(spot.row);
      return address ? drawn("a", { href: address, tabindex: -1 }, dot) : dot;
    });
    const land = drawn("use", { class: "land", href: `${world.file}#world` });
    const box = { class: "world", viewBox: `0 0 ${world.width} ${world.height}`, "aria-hidden": "true" };
    const cut = spots.length > MOST ? " " + _("The first {1} of {2} points.", MOST, spots.length) : "";
    this.yasr.resultsEl.replaceChildren(
      drawn("svg", box, land, drawn("g", { class: "spots" }, ...dots)),
      element("p", { class: "small quiet" }, _("Points: {1}; the table has the same. The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance by the United Nations.", spots.length) + cut),
    );
  }

  private spots(): Spot[] {
    const names = columns(this.yasr);
    const latitude = names.find((name) => LATITUDE.test(name));
    const longitude = names.find((name) => LONGITUDE.test(name));
    const found: Spot[] = [];
    for (const row of rows(this.yasr)) {
      const spot = point(row, names, latitude, longitude);
      if (spot) found.push(spot);
    }
    return found;
  }

  private told(row: Row): string {
    const texts = Object.values(row).filter((term) => term?.type === "literal" && !WKT.test(term.value));
    return texts.slice(0, 3).map((term) => term!.value.slice(0, 100)).join(", ");
  }

  private address(row: Row): string | undefined {
    const thing = Object.values(row).find((term) => term?.type === "uri");
    return thing && href(thing.value, this.site);
  }
}

function point(row: Row, names: string[], north?: string, east?: string): Spot | undefined {
  if (north && east && row[north] && row[east]) {
    return on(Number(row[north]?.value), Number(row[east]?.value), row);
  }
  for (const name of names) {
    const found = WKT.exec(row[name]?.value ?? "");
    if (found) return on(Number(found[2]), Number(found[1]), row);
  }
  return undefined;
}

function on(latitude: number, longitude: number, row: Row): Spot | undefined {
  const good = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return good ? { latitude, longitude, row } : undefined;
}
