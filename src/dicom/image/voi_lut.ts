import type { VoiWindow } from "../../core/voi_window.js";
import { TAG } from "../syntax/tags.js";
import { type DataSet, itemsOf } from "../syntax/values.js";
import { VOI_LUT_SEQUENCE, windowOf } from "./voi_window.js";

/**
 * A VOI LUT (C.11.2.1.1) as a window: from the last of its equal first entries to the first of its equal last
 * ones.
 */
export function lutWindow(data: DataSet, pixelRepresentation: 0 | 1): VoiWindow | undefined {
  const [item] = itemsOf(data, VOI_LUT_SEQUENCE);
  const descriptor = item?.elements.get(TAG.LUTDescriptor)?.value;
  const table = item?.elements.get(TAG.LUTData)?.value;
  if (!descriptor || !table || descriptor.length < 6) return undefined;
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  const count = view.getUint16(0, true) || 65536;
  const first = pixelRepresentation === 1 ? view.getInt16(2, true) : view.getUint16(2, true);
  const wide = table.length >= 2 * count;
  if (!wide && table.length < count) return undefined;
  const entry = (i: number) => (wide ? table[2 * i] + 256 * table[2 * i + 1] : table[i]);
  let [low, high] = [0, count - 1];
  while (low < high && entry(low + 1) === entry(0)) low++;
  while (high > low && entry(high - 1) === entry(count - 1)) high--;
  return windowOf(first + (low + high) / 2, high - low, "LINEAR_EXACT", "VOI LUT");
}
