import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions, invalidOption } from "../../core/options.js";
import { number, required } from "../../core/rules.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { maskRule } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { type Slab, slabsOf } from "../../volume/slabs.js";
import { type SlabMemory, slabRules, streamSlabs, type ValueSlab } from "../stream_slabs.js";
import { lineInvocations } from "./scan_counts.js";

/** A mask and the value of its voxels, 1 to 255. */
export interface LabeledMask {
  readonly mask: BitMask;
  readonly label: number;
}

/**
 * One to three masks of a grid as uint8 labels, in slabs by ascending z; 0 where none has the voxel, the
 * first where several have it. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`,
 * `out-of-memory`
 */
export async function* maskLabelSlabs(
  masks: readonly LabeledMask[],
  control: SlabMemory & Control = {},
): AsyncGenerator<ValueSlab<Uint8Array>> {
  check(masks);
  checkOptions("maskLabelSlabs", control, slabRules);
  const [first, second = first, third = second] = masks;
  const { engine, grid } = first.mask;
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const voxelsOf = ({ z0, z1 }: Slab) => columns * rows * (z1 - z0);
  const passOf = (slab: Slab, labels: EngineBuffer) => {
    const [a, b, c] = [first, second, third].map(({ mask }) =>
      sliceRange(mask.buffer, pitch * rows, slab.z0, slab.z1),
    );
    return {
      kernel: "mask_label",
      params: {
        columns,
        voxels: voxelsOf(slab),
        first_word: a.firstWord,
        second_word: b.firstWord,
        third_word: c.firstWord,
        first_label: first.label,
        second_label: second.label,
        third_label: third.label,
      },
      bindings: { first: a.range, second: b.range, third: c.range, labels },
      invocations: lineInvocations(Math.ceil(voxelsOf(slab) / 4)),
    } as const;
  };
  const stream = {
    stage: "labels",
    bytesOf: voxelsOf,
    passesOf: (slab: Slab, output: EngineBuffer) => [passOf(slab, output)],
    valuesOf: (memory: ArrayBuffer, slab: Slab) => new Uint8Array(memory, 0, voxelsOf(slab)),
  };
  const slabs = slabsOf(engine, grid, columns * rows, engine.limits.readVoxels);
  yield* streamSlabs(engine, slabs, stream, control);
}

function check(masks: readonly LabeledMask[]): void {
  const of = "maskLabelSlabs";
  if (!Array.isArray(masks)) throw invalidOption(of, "masks", masks, "a list of { mask, label }");
  for (const labeled of masks)
    checkOptions<LabeledMask>(of, labeled, { mask: required(maskRule), label: required(number) });
  const labels = masks.map(({ label }) => label);
  const fits = (label: number) => Number.isInteger(label) && label >= 1 && label <= 255;
  if (masks.length < 1 || masks.length > 3 || !labels.every(fits)) {
    throw new HounsfieldError(
      "invalid-option",
      `labels are of one to three masks, each 1 to 255; got ${masks.length}, ${labels.join(", ")}`,
      { got: labels, accepted: [1, 255] },
    );
  }
  checkInputs(Object.fromEntries(masks.map(({ mask }, i) => [`mask ${i + 1}`, mask])));
}
