import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HounsfieldError } from "../../core/errors.js";
import { checkRecipe, type Recipe } from "../cohort/recipe.js";

/**
 * A recipe of the user's, else one that comes with the package, by its name.
 * @throws HounsfieldError `io`; `invalid-option` where it is no recipe
 */
export function readRecipe(file: string): Recipe {
  // From dist/node/, where the command line is.
  const packaged = join(dirname(fileURLToPath(import.meta.url)), "../../recipes", `${file}.json`);
  let text: string | undefined;
  for (const path of /^[\w-]+$/.test(file) ? [file, packaged] : [file]) {
    try {
      text = readFileSync(path, "utf8");
      break;
    } catch {
      // Said below, once.
    }
  }
  if (text === undefined) throw new HounsfieldError("io", `cannot read the recipe ${file}`, { file });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const accepted = "a recipe in JSON";
    throw new HounsfieldError("invalid-option", `${file}: ${reason}`, { option: "recipe", accepted }, cause);
  }
  return checkRecipe(given);
}
