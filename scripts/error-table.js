// Writes the table of docs/errors.md from the comments of src/core/error_codes.ts. With --check, only
// compares them, as a test does.
import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
const begin = "<!-- codes: node scripts/error-table.js -->\n";
const end = "<!-- end of codes -->";

/** The page with the table as the source has it now. */
function errorPage() {
  const source = readFileSync(new URL("src/core/error_codes.ts", root), "utf8");
  const body = source.slice(
    source.indexOf("export interface FieldsByCode"),
    source.indexOf("export type ErrorCode"),
  );
  // A comment of several lines as one.
  const oneLine = body.replace(
    /\/\*\*\n((?: +\* .*\n)+) +\*\//g,
    (_, lines) => `/** ${lines.replace(/ *\n? +\* /g, " ").trim()} */`,
  );
  const rows = oneLine
    .split(/^ {2}\/\*\* /m)
    .slice(1)
    .map((entry) => {
      const [, meaning, code, type] = /^(.+?) \*\/\n {2}"?([a-z-]+)"?: ([\s\S]+)$/.exec(entry) ?? [];
      const fields = [...type.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => `\`${name}\``);
      return `| \`${code}\` | ${meaning} | ${fields.join(", ")} |`;
    });
  const page = readFileSync(new URL("docs/errors.md", root), "utf8");
  const table = ["| code | when | fields of its own |", "| --- | --- | --- |", ...rows, ""].join("\n");
  return page.slice(0, page.indexOf(begin) + begin.length) + table + page.slice(page.indexOf(end));
}

const page = new URL("docs/errors.md", root);
if (!process.argv.includes("--check")) writeFileSync(page, errorPage());
else if (readFileSync(page, "utf8") !== errorPage()) {
  console.error("docs/errors.md is not what src/core/error_codes.ts says; run node scripts/error-table.js");
  process.exit(1);
}
