import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPAIRS } from "../../src/dicom/geometry/repairs.js";
import { parseShard } from "../../src/node/cli/arguments.js";
import { checkRecipe, recipeFormats, recipeHash } from "../../src/node/cohort/recipe.js";
import { inShard } from "../../src/node/cohort/shard.js";

const folder = join(import.meta.dirname, "../../recipes");
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const schema = read("recipe.schema.json");

test("the recipes that come along are recipes, called as their files are", () => {
  const names = readdirSync(folder).filter((name) => name !== "recipe.schema.json");
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    expect(`${checkRecipe(read(name)).name}.json`).toBe(name);
    expect(Object.keys(read(name)).filter((key) => !(key in schema.properties))).toEqual([]);
  }
});

test("the schema has the keys and words that are accepted, and no others", () => {
  for (const key of Object.keys(schema.properties))
    expect(() => checkRecipe({ version: 1, [key]: Symbol("of another kind") })).toThrow(/recipe/);
  const accepted = (() => {
    try {
      checkRecipe({ version: 1, "": 1 });
      return [];
    } catch (error) {
      return (error as { fields: { accepted: string[] } }).fields.accepted;
    }
  })();
  expect(Object.keys(schema.properties).sort()).toEqual([...accepted].sort());
  expect(schema.properties.formats.items.enum).toEqual([...recipeFormats]);
  expect(schema.properties.allow.items.enum).toEqual([...REPAIRS]);
});

test("a recipe's hash is of what it makes: not of its name, its spaces or the order of its keys", () => {
  const one = checkRecipe({ version: 1, window: { lowHu: 0, highHu: 1 }, spacingMm: 1, name: "a" });
  const same = checkRecipe({ spacingMm: 1, version: 1, window: { highHu: 1, lowHu: 0 } });
  expect(recipeHash(same)).toBe(recipeHash(one));
  expect(recipeHash({ ...same, spacingMm: 2 })).not.toBe(recipeHash(one));
});

test("each study is in one shard of several, and shards are of about one size", () => {
  const keys = Array.from({ length: 1000 }, (_, i) => `group/patient ${i}`);
  const shards = [1, 2, 3, 4].map((index) => keys.filter((key) => inShard({ index, count: 4 }, key)));
  expect(shards.flat().sort()).toEqual([...keys].sort());
  for (const shard of shards) expect(shard.length).toBeGreaterThan(200);
  expect(parseShard("2/8")).toEqual({ index: 2, count: 8 });
  for (const wrong of ["0/8", "9/8", "2", "2/", "a/b", "1/0"])
    expect(() => parseShard(wrong)).toThrow(/I\/N/);
});
