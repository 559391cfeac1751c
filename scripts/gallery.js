// Makes docs/gallery.md and its pictures: every operation on the generated chest, before and after. On the
// CPU engine, the same bytes every time; test/unit/gallery.test.ts holds them to what is committed.
//
//   npm run gallery -- [--out docs]      after `npm run build`
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openEngine } from "hounsfield";
import { components } from "./gallery/components.js";
import { filters } from "./gallery/filters.js";
import { masks } from "./gallery/masks.js";
import { measures } from "./gallery/measures.js";
import { codeOf, documentedOperations, operationsIn, pageOf } from "./gallery/page.js";
import { projections } from "./gallery/projections.js";
import { recipes } from "./gallery/recipes.js";
import { resampling } from "./gallery/resampling.js";
import { makeScene, namesOfScene } from "./gallery/scene.js";
import { values } from "./gallery/values.js";

const sections = [
  { title: "Values", entries: values },
  { title: "Resampling", entries: resampling },
  { title: "Filters", entries: filters },
  { title: "Masks", entries: masks },
  { title: "Components", entries: components },
  { title: "Measures", entries: measures },
  { title: "Projections", entries: projections },
  { title: "Recipes", entries: recipes },
];

const intro = `# Gallery of operations

What each operation of \`hounsfield/ops\` does, on the project's generated chest. \`npm run gallery\` makes this page: the code beside the pictures is the code that
made them (\`await\` it where a promise comes back, iterate over slabs). Unless a caption says otherwise, black to white is -1000 to 400 HU. The patient's right is at the left.

The code starts from:

${Object.entries(namesOfScene)
  .map(([name, what]) => `- \`${name}\`: ${what}`)
  .join("\n")}

Every name below links to its file, which says what its options are, its units, and what it throws.`;

const root = fileURLToPath(new URL("..", import.meta.url));
const { out } = parseArgs({ options: { out: { type: "string", default: `${root}/docs` } } }).values;

const documented = documentedOperations(root);
const shown = new Set(
  sections.flatMap(({ entries }) => entries.flatMap(({ run }) => operationsIn(codeOf(run), documented))),
);
const missing = [...documented.keys()].filter((name) => !shown.has(name));
if (missing.length > 0) {
  console.error(`the gallery lacks ${missing.join(", ")}: add them to scripts/gallery/`);
  process.exit(1);
}

const engine = await openEngine({ device: "cpu" });
const scene = await makeScene(engine);
const filled = [];
for (const { title, entries } of sections) {
  const shownEntries = [];
  for (const entry of entries) shownEntries.push({ ...entry, ...(await entry.shownOf(scene)) });
  filled.push({ title, entries: shownEntries });
}
const { markdown, pictures } = pageOf(intro, filled, documented);
mkdirSync(`${out}/gallery`, { recursive: true });
for (const name of readdirSync(`${out}/gallery`)) if (name.endsWith(".png")) rmSync(`${out}/gallery/${name}`);
writeFileSync(`${out}/gallery.md`, markdown);
for (const [name, png] of pictures) writeFileSync(`${out}/gallery/${name}`, png);
const bytes = [...pictures.values()].reduce((sum, png) => sum + png.length, 0);
console.log(
  `${out}/gallery.md: ${shown.size} operations, ${pictures.size} pictures, ${Math.round(bytes / 1024)} KiB`,
);
process.exit(0);
