import { encodeSegmentation } from "../../dicom/segmentation/encode_segmentation.js";
import type { CodedConcept, Segment } from "../../dicom/segmentation/segment.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { PreprocessOptions } from "../../recipes/preprocess_options.js";
import type { ArrayWriter } from "./array_formats.js";
import { lungSegments } from "./lung_segments.js";
import type { OutputFolder } from "./output_folder.js";

const snomed = (value: string, meaning: string): CodedConcept => ({ value, scheme: "SCT", meaning });
const lung = snomed("39607008", "Lung");
/** By label, as other lung segmentations in DICOM have them. */
const codes: readonly Pick<Segment, "type" | "modifier">[] = [
  { type: lung, modifier: snomed("24028007", "Right") },
  { type: lung, modifier: snomed("7771000", "Left") },
  { type: snomed("89187006", "Airway structure") },
];

/**
 * Gathers the labels of lungs and writes them as a DICOM Segmentation of the series, which names no patient.
 */
export function segFile(
  folder: OutputFolder,
  series: Series,
  method: PreprocessOptions["lungs"],
): ArrayWriter {
  const [nx, ny, nz] = series.grid.size;
  const labels = new Uint8Array(nx * ny * nz);
  let at = 0;
  return {
    async write(chunk) {
      labels.set(chunk, at);
      at += chunk.length;
    },
    async finish() {
      const segments =
        method === "threshold"
          ? [{ ...lungSegments[0], name: "lungs", type: lung }]
          : lungSegments.map((segment, i) => ({ ...segment, ...codes[i] }));
      const description = "Lungs";
      const algorithm = `hounsfield lungMask ${method}`;
      await folder.write("lungs.seg.dcm", [
        encodeSegmentation(series, { labels, segments, algorithm, description }),
      ]);
    },
  };
}
