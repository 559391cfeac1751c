import { existsSync, readFileSync } from "node:fs";
import { seededRandom } from "../support/random.js";
import { applyEdits, type Mutation, mutate } from "./mutate.js";
import type { Seed } from "./seeds.js";
import { type Structure, structureOf } from "./structure.js";

export interface FuzzCase {
  readonly seed: string;
  readonly mutation: Mutation;
  readonly bytes: Uint8Array;
}

/** Case number n of a run with these seeds: the same whenever it is asked for. */
export function createCases(seeds: readonly Seed[], runSeed: number): (index: number) => FuzzCase {
  const structures = new Map<Seed, Structure>();
  return (index) => {
    const random = seededRandom(runSeed * 1_000_003 + index);
    const seed = seeds[index % seeds.length];
    const structure = structures.get(seed) ?? structureOf(seed.bytes);
    structures.set(seed, structure);
    const mutation = mutate(seed.bytes, structure, random);
    return { seed: seed.name, mutation, bytes: applyEdits(seed.bytes, mutation.edits) };
  };
}

/** Small files of the corpus, where it is: layouts that no writer here makes. */
export function corpusSeeds(folder: string): Seed[] {
  if (!existsSync(`${folder}/MANIFEST.tsv`)) return [];
  const files = readFileSync(`${folder}/MANIFEST.tsv`, "utf8")
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t")[0]);
  return files
    .filter((file) => /^(bits|encapsulation|unsupported)\//.test(file))
    .map((file) => ({ name: `corpus ${file}`, bytes: new Uint8Array(readFileSync(`${folder}/${file}`)) }))
    .filter(({ bytes }) => bytes.length < 60_000);
}
