// Makes the site in out/site: README, docs, gallery and a reference of every public name.
//
//   npm run docs -- [--repository https://github.com/OWNER/NAME/blob/main]      after `npm run build`
//
// Its tools (typedoc, vitepress: 150 MB) are docs/site's own, installed into the temporary folder. Links from
// the docs to sources lead into the repository that is named, and are text where none is.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installTools } from "./install-tools.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { repository } = parseArgs({ options: { repository: { type: "string" } } }).values;
const pages = join(root, "out/site-pages");
const site = join(root, "out/site");
const entries = ["index", "ops", "dicom", "decode", "formats", "adapters", "cohort", "phantom"];

/** Pages that lie beside docs/, by where they are in the site. */
const beside = new Map([
  ["README.md", "index.md"],
  ["CONTRIBUTING.md", "contributing.md"],
  ["CHANGELOG.md", "changelog.md"],
  ["SECURITY.md", "security.md"],
  ["DATA.md", "data.md"],
]);

/**
 * Where a link of a page leads: to the page or picture of the site, into the repository, or nowhere.
 * @param {string} link
 * @param {string} from the page's path in the repository
 */
function linkInSite(link, from) {
  if (/^([a-z]+:|#)/.test(link)) return link;
  const [path, anchor] = link.split(/(?=#)/);
  const target = posix.join(posix.dirname(from), path);
  const inSite = beside.get(target) ?? (target.startsWith("docs/") ? target.slice(5) : undefined);
  if (inSite && /\.(md|png|webp)$/.test(inSite)) return `/${inSite}${anchor ?? ""}`;
  return repository && `${repository}/${target}`;
}

/** @param {string} text @param {string} from the page's path in the repository */
function relinked(text, from) {
  return text
    .replace(/(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, (_, image, label, link) => {
      const target = linkInSite(link, from);
      return target ? `${image}[${label}](${target})` : label;
    })
    .replace(/(<img [^>]*src=")([^"]+)"/g, (_, head, link) => `${head}${linkInSite(link, from) ?? link}"`);
}

/** @param {string} from a page's path in the repository @param {string} to its path in the site */
function writePage(from, to) {
  const target = join(pages, to);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, relinked(readFileSync(join(root, from), "utf8"), from));
}

/** @param {string} folder that has the tools @param {string} script @param {readonly string[]} args */
function run(folder, script, args) {
  const { status } = spawnSync(process.execPath, [join(folder, "node_modules", script), ...args], {
    cwd: pages,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`${basename(script)} ended with ${status}`);
}

for (const folder of [pages, site]) rmSync(folder, { recursive: true, force: true });
for (const [from, to] of beside) writePage(from, to);
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
for (const name of docs.filter((path) => path.endsWith(".md"))) writePage(`docs/${name}`, name);
for (const folder of ["images", "gallery"])
  cpSync(join(root, "docs", folder), join(pages, "public", folder), { recursive: true });

const tools = installTools(join(root, "docs/site"), "hounsfield-site");
symlinkSync(join(tools, "node_modules"), join(pages, "node_modules"));
writeFileSync(
  join(pages, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      module: "ESNext",
      moduleResolution: "bundler",
      lib: ["ES2023", "DOM", "DOM.Iterable", "ESNext.Disposable"],
      types: [],
      strict: true,
      skipLibCheck: true,
    },
    files: entries.map((entry) => join(root, `dist/types/${entry}.d.ts`)),
  }),
);
run(tools, "typedoc/bin/typedoc", [
  ...["--tsconfig", "tsconfig.json", "--out", "reference", "--readme", "none", "--disableSources"],
  ...["--plugin", "typedoc-plugin-markdown", "--entryFileName", "index", "--hideBreadcrumbs"],
  ...entries.flatMap((entry) => ["--entryPoints", join(root, `dist/types/${entry}.d.ts`)]),
]);
const decisions = readdirSync(join(pages, "decisions")).map((name) => basename(name, ".md"));
mkdirSync(join(pages, ".vitepress"), { recursive: true });
writeFileSync(
  join(pages, ".vitepress/config.mjs"),
  `import { siteConfig } from ${JSON.stringify(join(root, "docs/site/config.js"))};
export default { ...siteConfig(${JSON.stringify(pages)}, ${JSON.stringify(decisions)}), outDir: ${JSON.stringify(site)} };
`,
);
run(tools, "vitepress/bin/vitepress.js", ["build", "."]);
console.log("out/site: open it by `npx vite preview --outDir out/site`");
