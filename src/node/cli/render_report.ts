import type { Diagnostic } from "../../core/diagnostic.js";
import { version } from "../../core/version.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { Engine } from "../../engine/engine.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import type { StageTime } from "../../recipes/stage_clock.js";
import type { ViewState } from "../../render/state/view_state.js";
import type { Downsampling } from "../../render/texture/display_texture.js";
import type { WrittenFile } from "./output_folder.js";
import type { PictureSize } from "./pictures.js";
import { describeGrid, inTenths, seriesFacts, sizeText, summaryEnd, tenths } from "./report.js";
import { table } from "./table.js";

export interface RenderParts {
  readonly study: string;
  readonly series: Series;
  readonly engine: Engine;
  readonly size: PictureSize;
  readonly state: ViewState;
  readonly lungQuality?: LungQuality;
  /** Where the pictures are coarser than the volume. */
  readonly downsampling?: Downsampling;
  readonly notices: readonly Diagnostic[];
  readonly stages: readonly StageTime[];
  readonly milliseconds: number;
  readonly files: readonly WrittenFile[];
}

/** What `render --json` prints: what was drawn, of what, by what, and all that makes it again. */
export function renderReport(parts: RenderParts) {
  const { series, engine, size } = parts;
  return {
    hounsfield: version,
    study: parts.study,
    adapter: engine.adapter,
    series: seriesFacts(series),
    geometry: describeGrid(series.grid),
    widthPx: size.width,
    heightPx: size.height,
    state: parts.state,
    lungQuality: parts.lungQuality,
    downsampling: parts.downsampling,
    diagnostics: [...series.diagnostics, ...parts.notices],
    stages: inTenths(parts.stages),
    totalMilliseconds: tenths(parts.milliseconds),
    peakEngineBytes: engine.memory.peakBytes,
    outputs: parts.files,
  };
}

/** The same for a person: the files, the stages with their times, and what there is to note. */
export function summarizeRender(report: ReturnType<typeof renderReport>): string {
  const files = report.outputs.map(({ file, bytes }) => [file, sizeText(bytes)]);
  return `\n${table(["file", "size"], files)}\n${summaryEnd(report, "all, with start")}`;
}
