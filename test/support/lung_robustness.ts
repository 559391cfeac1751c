import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { LungQuality } from "../../src/recipes/lung_mask/judge.js";
import { generatedCase } from "./generated_chest.js";
import { type Agreement, lungsOf, plainDice } from "./lung_agreement.js";
import { type LungCase, patientCase } from "./lung_cases.js";
import { derivedCases, type Subject, subjectsOf } from "./lung_table.js";
import { patients } from "./real_patients.js";

/** The rows of the table in docs/lung-mask.md whose case's name matches. */
export async function* robustness(only: RegExp): AsyncGenerator<string> {
  const engine = await createCpuEngine();
  yield "| case | patient | Dice right | Dice left | volumes | plain recipe, both | airways ml | flags |";
  yield "| --- | --- | --- | --- | --- | --- | --- | --- |";
  const wholes = new Map<Subject, LungCase>(patients.map((patient) => [patient, patientCase(patient)]));
  wholes.set("generated", generatedCase());
  for (const derived of derivedCases.filter(({ name }) => only.test(name))) {
    for (const patient of subjectsOf(derived)) {
      const whole = wholes.get(patient);
      if (!whole) continue;
      const one = await derived.make(whole, engine);
      const { quality, right, left } = await lungsOf(engine, one);
      const plain = await plainDice(engine, one);
      const agreement = [right, left].map(diceOf).join(" | ");
      const volumes = [right, left].map(percent).join(", ");
      yield `| ${derived.name} | ${patient} | ${agreement} | ${volumes} | ${plain.toFixed(2)} | ${said(quality)} |`;
    }
  }
  engine.destroy();
}

function diceOf({ dice }: Agreement): string {
  return Number.isNaN(dice) ? "none" : dice.toFixed(4);
}

function percent({ volumeRatio }: Agreement): string {
  const change = (volumeRatio - 1) * 100;
  return Number.isFinite(change) ? `${change < 0 ? "-" : "+"}${Math.abs(change).toFixed(1)} %` : "none";
}

function said(quality: LungQuality): string {
  if (quality.verdict === "no-lungs") return `| refused: \`${quality.reason}\``;
  if (quality.verdict === "not-judged") return "|";
  return `${quality.airwaysMl.toFixed(0)} | ${quality.flags.map((flag) => `\`${flag}\``).join(", ")}`;
}
