import { HounsfieldError } from "../../core/errors.js";
import { encodePng } from "../../formats/png_file.js";
import type { ArrayOutput } from "../../recipes/preprocess_outputs.js";
import type { ArrayWriter } from "./array_formats.js";
import type { Chunk, OutputFolder } from "./output_folder.js";

/** What is added to an int16 so that 16 bits without sign hold it: as NIH's DeepLesion has its PNGs. */
const OFFSET = 32768;

/**
 * A gray PNG for each slice, "volume-0007.png" of z = 7: int16 as 16 bits, 32768 added; a window's shares as
 * 8 bits, 255 times; labels as they are. Rows and columns are the array's: nothing is turned over or made
 * square.
 * @throws HounsfieldError `unsupported-image` for float32 values
 */
export function pngStack(
  folder: OutputFolder,
  { name, dtype, shape }: Pick<ArrayOutput, "name" | "dtype" | "shape">,
): ArrayWriter {
  if (dtype === "float32" && name !== "windowed") {
    const message = `PNG: has no floats, and ${name} is float32: write int16, or a window`;
    throw new HounsfieldError("unsupported-image", message, { got: dtype, accepted: ["int16", "uint8"] });
  }
  const [, height, width] = shape;
  let z = 0;
  return {
    async write(chunk) {
      for (let from = 0; from < chunk.length; from += width * height) {
        const data = samplesOf(chunk.subarray(from, from + width * height));
        const bits = dtype === "int16" ? 16 : 8;
        const file = `${name}-${String(z++).padStart(4, "0")}.png`;
        await folder.write(file, [await encodePng({ width, height, channels: 1, bits, data })]);
      }
    },
    finish: async () => {},
  };
}

function samplesOf(values: Chunk): Uint8Array {
  if (values instanceof Uint8Array) return values;
  if (values instanceof Float32Array)
    return Uint8Array.from(values, (share) => Math.round(Math.min(1, Math.max(0, share)) * 255));
  const bytes = new Uint8Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const sample = values[i] + OFFSET;
    bytes[2 * i] = sample >> 8;
    bytes[2 * i + 1] = sample;
  }
  return bytes;
}
