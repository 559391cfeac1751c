import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { finite } from "../../core/rules.js";
import type { Engine, Pass } from "../../engine/engine.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkEngine } from "../../volume/check_argument.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { historyOfArrays } from "../../volume/history.js";
import { withScratch } from "../scratch.js";
import { channelsOf, type TensorContents, tensorRules } from "../value/tensor_contents.js";
import { eachTensorSlab, type TensorSlab } from "../value/tensor_slabs.js";
import { lineInvocations } from "./scan_counts.js";

/** Options of masksFromTensor. */
export interface TensorMaskOptions extends TensorContents {
  /** Of a single channel, what is more than this is set; 0.5 where absent. */
  readonly above?: number;
}

/**
 * The masks of a segmentation: of one channel where it is above a bound; of several one for each but the
 * first, which is the background, where it is the largest (argmax; of those that are alike the first). What
 * is no number is never set. Exact. On a GPU nothing is read back. Progress stage: "tensor".
 * @throws HounsfieldError as `volumeFromTensor`
 */
export async function masksFromTensor(
  engine: Engine,
  options: TensorMaskOptions & Control,
): Promise<BitMask[]> {
  checkEngine("masksFromTensor", engine);
  const rules = { ...tensorRules, above: finite };
  const { data, dims, grid, above = 0.5, ...control } = checkOptions("masksFromTensor", options, rules);
  const channels = channelsOf("masksFromTensor", engine, { data, dims, grid });
  const wanted = channels === 1 ? [0] : Array.from({ length: channels - 1 }, (_, i) => i + 1);
  return withScratch(async (scratch) => {
    const masks: BitMask[] = [];
    for (const _ of wanted)
      masks.push(scratch.own(await allocateMask(engine, grid, "tensor mask", "unwritten")));
    await eachTensorSlab(engine, { data, channels, grid }, control, (slab) =>
      masks.map((mask, i) => classify(mask, slab, { channels, channel: wanted[i], above })),
    );
    return masks.map((mask, i) => {
      const how = channels === 1 ? { above } : { channels, channel: wanted[i] };
      return scratch.release(mask).withHistory(historyOfArrays(engine, "masksFromTensor", how));
    });
  });
}

function classify(
  { grid, buffer }: BitMask,
  { z0, z1, tensor }: TensorSlab,
  choice: { readonly channels: number; readonly channel: number; readonly above: number },
): Pass {
  const [columns, rows] = grid.size;
  const words = maskRowWords(grid) * rows;
  const { range: mask, firstWord: mask_word } = sliceRange(buffer, words, z0, z1);
  const lines = rows * (z1 - z0);
  return {
    kernel: "tensor_classify",
    params: { columns, lines, plane: columns * lines, ...choice, mask_word },
    bindings: { tensor, mask },
    invocations: lineInvocations(words * (z1 - z0)),
  };
}
