import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const source = join(import.meta.dirname, "../../src");

/**
 * How many volumes and masks each function that an index file exports takes, read from the sources: a list of
 * them counts as two. A view counts as none: it was asked about its masks when it got them.
 */
export function inputsOf(index: string): Map<string, number> {
  const types = memberTypes();
  const found = new Map<string, number>();
  const exports = readFileSync(join(source, index), "utf8").matchAll(/export \{([^}]*)\} from "([^"]+)"/g);
  for (const [, names, path] of exports) {
    const text = readFileSync(join(source, dirname(index), path.replace(/\.js$/, ".ts")), "utf8");
    for (const name of names.split(",").map((one) => one.trim())) {
      const declared = new RegExp(
        `export (?:async )?function\\*? ${name}(?:<[^>]*>)?\\(([\\s\\S]*?)\\n?\\)(?::| \\{)`,
      );
      // One of either is one.
      const parameters = declared
        .exec(text)?.[1]
        .replaceAll(/CtVolume \| BitMask|BitMask \| CtVolume/g, "CtVolume");
      if (parameters !== undefined) found.set(name, inputsIn(parameters, types, new Set()));
    }
  }
  return found;
}

/** The text of every interface and type of the sources, by name. */
function memberTypes(): Map<string, string> {
  const types = new Map<string, string>();
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    for (const [, name, body] of text.matchAll(
      /(?:interface|type) (\w+)(?:<[^>]*>)?([^;=]*?\{[\s\S]*?\n\}|\s*=[\s\S]*?;\n)/g,
    ))
      types.set(name, body);
  }
  return types;
}

function inputsIn(text: string, types: Map<string, string>, seen: ReadonlySet<string>): number {
  let count = 0;
  for (const [, name, list] of text.matchAll(/:?[^:]*?\b([A-Z]\w*)\b((?:>|\[\])?)/g)) {
    if (name === "View") continue;
    const own = ["BitMask", "CtVolume", "LabelVolume", "DisplayTexture"].includes(name) ? 1 : 0;
    const body = types.get(name);
    const inside = own || !body || seen.has(name) ? own : inputsIn(body, types, new Set([...seen, name]));
    count += list === "" || inside === 0 ? inside : 2 * inside;
  }
  return count;
}
