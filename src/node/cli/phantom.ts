import type { Vec3 } from "../../core/grid.js";
import { chestPhantom } from "../../phantom/chest.js";
import { phantomSeries } from "../../phantom/series.js";
import { numbers, parse, required } from "./arguments.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { UsageError } from "./usage_error.js";

/**
 * `hounsfield phantom --out DIR`: the generated chest as a JPEG Lossless DICOM series, file names in no
 * order.
 */
export async function phantom(args: string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parse(args, { out: { type: "string" }, size: { type: "string" } });
  if (positionals.length > 0) throw new UsageError(`phantom takes no ${positionals[0]}`);
  const size = values.size === undefined ? undefined : parseSize(values.size);
  const chest = chestPhantom({ size });
  const folder = new OutputFolder(required(values.out, "--out DIR"));
  const onProgress = progressLine();
  const total = chest.grid.size[2];
  let done = 0;
  try {
    for (const { name, bytes } of phantomSeries(chest)) {
      signal.throwIfAborted();
      await folder.write(name, [bytes]);
      onProgress({ stage: "phantom", done: ++done, total });
    }
    folder.publish();
  } finally {
    folder.discard();
  }
}

function parseSize(text: string): Vec3 {
  const [x, y, z] = numbers(text, 3, "--size");
  if (![x, y, z].every((count) => Number.isInteger(count) && count > 0 && count <= 2048)) {
    throw new UsageError(`--size takes three whole numbers from 1 to 2048, got "${text}"`);
  }
  return [x, y, z];
}
