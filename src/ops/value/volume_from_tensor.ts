import type { Control } from "../../core/control.js";
import { checkOptions, invalidOption } from "../../core/options.js";
import { finite, object, positive, required, text } from "../../core/rules.js";
import { huScale, type ValueScale } from "../../core/value_scale.js";
import type { Engine, Pass } from "../../engine/engine.js";
import { checkEngine } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOfArrays } from "../../volume/history.js";
import { lineInvocations } from "../mask/scan_counts.js";
import { withScratch } from "../scratch.js";
import { channelsOf, type TensorContents, tensorRules } from "./tensor_contents.js";
import { eachTensorSlab } from "./tensor_slabs.js";

/** Options of volumeFromTensor. */
export interface TensorVolumeOptions extends TensorContents {
  /** The scale of the int16 record; HU in steps of 1 where absent. */
  readonly values?: ValueScale;
}

/**
 * A volume of a model's output, such as an image made of another. Values become the record's nearest step,
 * halves away from zero, and are held within it; what is no number is its least. The same on every device. On
 * a GPU nothing is read back. Progress stage: "tensor".
 * @throws HounsfieldError `invalid-option` for dims that are not the grid's, or more channels than one;
 * `no-gpu` for a GPU buffer on the CPU engine; `limit-exceeded`, `out-of-memory`
 */
export async function volumeFromTensor(
  engine: Engine,
  options: TensorVolumeOptions & Control,
): Promise<CtVolume> {
  checkEngine("volumeFromTensor", engine);
  const rules = {
    ...tensorRules,
    values: object<ValueScale>("volumeFromTensor values", {
      slope: required(positive),
      intercept: required(finite),
      units: required(text),
    }),
  };
  const { data, dims, grid, values = huScale, ...control } = checkOptions("volumeFromTensor", options, rules);
  const channels = channelsOf("volumeFromTensor", engine, { data, dims, grid });
  if (channels > 1) throw invalidOption("volumeFromTensor", "dims", dims, "one channel");
  const { slope, intercept } = values;
  return withScratch(async (scratch) => {
    const volume = scratch.own(await allocateVolume(engine, grid, "volume", values));
    const [columns, rows] = grid.size;
    await eachTensorSlab(engine, { data, channels, grid }, control, ({ z0, z1, tensor }): Pass[] => {
      const { range: hu, firstWord: hu_word } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
      return [
        {
          kernel: "tensor_read",
          params: { columns, lines: rows * (z1 - z0), hu_word, intercept, steps: 1 / slope },
          bindings: { tensor, hu },
          invocations: lineInvocations(sliceWords(grid) * (z1 - z0)),
        },
      ];
    });
    const history = historyOfArrays(engine, "volumeFromTensor", { values });
    return scratch.release(volume).withHistory(history);
  });
}
