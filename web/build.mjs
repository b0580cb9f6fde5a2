// Builds what the browser runs into static/dist: scripts and styles by esbuild, and the world map.
//
// Names carry a digest of the content, so that browsers may keep the files for ever; manifest.json
// says which file stands behind which name.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildWorld } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "static", "dist");
const ENTRIES = ["query.ts", "diagram.ts", "contribute.ts", "figure.ts"];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ENTRIES.map((name) => join("src", name)),
  outdir: target,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: ["es2022"],
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [output, about] of Object.entries(result.metafile.outputs)) {
  if (!about.entryPoint) continue;
  const name = basename(about.entryPoint, ".ts");
  manifest[`${name}.js`] = basename(output);
  if (about.cssBundle) manifest[`${name}.css`] = basename(about.cssBundle);
}
buildWorld(target);
writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
writeFileSync(join(target, "LICENCES.txt"), licences(packages(result.metafile.inputs)));

/** The packages of which something is in the bundle, and those the map is made from. */
function packages(inputs) {
  const found = new Set(["world-atlas"]);
  for (const path of Object.keys(inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (name) found.add(name);
    if (name === "@zazuko/yasgui") dependencies(name, found);
  }
  return [...found].sort();
}

/** YASGUI's published file already contains all that it depends on. */
function dependencies(name, found) {
  const about = JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));
  for (const needed of Object.keys(about.dependencies ?? {})) {
    if (found.has(needed) || !existsSync(join(here, "node_modules", needed))) continue;
    found.add(needed);
    dependencies(needed, found);
  }
}

/** The licence texts that the bundle must carry along. */
function licences(names) {
  return names
    .map((name) => {
      const folder = join(here, "node_modules", name);
      const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
      return `${name} ${about.version}: ${about.license ?? "see below"}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
