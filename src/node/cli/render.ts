import { join } from "node:path";
import type { Control } from "../../core/control.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { chooseSeries } from "../../dicom/series/choose_series.js";
import { listSeries, type Series } from "../../dicom/series/list_series.js";
import { encodeColorPng } from "../../formats/png.js";
import { withScratch } from "../../ops/scratch.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import { stageClock } from "../../recipes/stage_clock.js";
import { initialState } from "../../render/state/initial_state.js";
import { changeState, defaultViewState, type ViewState } from "../../render/state/view_state.js";
import type { Downsampling } from "../../render/texture/display_texture.js";
import { usualWindow } from "../../render/view/usual_window.js";
import type { CtEngine } from "../../volume/ct_engine.js";
import { loadVolume } from "../../volume/load_volume.js";
import { openSources } from "../open_sources.js";
import { onePositional, parse, repairs, required, wholeNumber } from "./arguments.js";
import { drawingEngineOptions, engineFlags, openDrawingEngine } from "./chosen_engine.js";
import { cutPoint } from "./cut_place.js";
import { outputFile, pngFile } from "./output_file.js";
import { OutputFolder } from "./output_folder.js";
import { drawPictures, frameName, isBlank, type PictureSize, pictureSize, turntable } from "./pictures.js";
import { progressLine } from "./progress_line.js";
import { makeLungMasks, namesMasks } from "./render_masks.js";
import { type LookTexts, lookChange, lookFlags, lookOfState, usualWindows } from "./render_options.js";
import { renderReport, summarizeRender } from "./render_report.js";
import { readStateFile } from "./state_file.js";
import { warn } from "./warn.js";

const accepted = {
  out: { type: "string" },
  size: { type: "string" },
  state: { type: "string" },
  "save-state": { type: "string" },
  series: { type: "string" },
  "skip-broken": { type: "boolean" },
  allow: { type: "string" },
  json: { type: "boolean" },
  ...lookFlags,
  ...engineFlags,
} as const;

/** `hounsfield render STUDY --out FILE.png ...`: see render_usage.ts and docs/render.md. */
export async function renderCommand(args: string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parse(args, accepted, { "cut-lungs": "hide" });
  const study = onePositional(positionals, "STUDY");
  const out = pngFile(required(values.out, "--out FILE.png"), "--out");
  const stateOut = values["save-state"] ? outputFile(values["save-state"], "--save-state") : undefined;
  const size = pictureSize(values.size);
  const frames = values.frames === undefined ? 1 : wholeNumber(values.frames, [1, 3600], "--frames");
  const processor = drawingEngineOptions(values);
  const allow = repairs(values.allow);
  const look = await plannedLook(values);
  const start = performance.now();
  const control = { signal, onProgress: progressLine() };

  const broken = values["skip-broken"] ? "list" : "refuse";
  const found = await listSeries(await openSources(study, control), { allow, broken, ...control });
  warn(found.diagnostics);
  const series = chooseSeries(found.series, values.series);
  const planned = look(series);
  const engine = await openDrawingEngine(processor);
  const folder = new OutputFolder(out.folder);
  const stateFolder = stateOut && new OutputFolder(stateOut.folder);
  try {
    const name = (frame: number) => frameName(out.name, frame, frames);
    const { state, ...drawn } = await draw(engine, series, planned, { size, frames, folder, name }, control);
    if (stateOut)
      await stateFolder?.write(stateOut.name, [Buffer.from(`${JSON.stringify(state, null, 2)}\n`)]);
    signal.throwIfAborted();
    stateFolder?.publish();
    folder.publish();
    const files = [folder, ...(stateFolder ? [stateFolder] : [])].flatMap(({ path, files }) =>
      files.map((one) => ({ ...one, file: join(path, one.file) })),
    );
    const milliseconds = performance.now() - start;
    const notices = [...found.diagnostics, ...drawn.notices];
    const report = renderReport({
      study,
      series,
      engine,
      size,
      state,
      files,
      milliseconds,
      ...drawn,
      notices,
    });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : summarizeRender(report));
  } finally {
    folder.discard();
    stateFolder?.discard();
    engine.destroy();
  }
}

interface PlannedLook {
  readonly state: ViewState;
  /** Nobody chose a window, not even the files: that of the volume's values is to be found. */
  readonly findsWindow: boolean;
}

/**
 * The state that file and options make of a series; all that can be checked without one is checked at once.
 */
async function plannedLook(
  values: LookTexts & { readonly state?: string },
): Promise<(series: Series) => PlannedLook> {
  const stored = values.state === undefined ? {} : await readStateFile(values.state);
  const before = changeState(defaultViewState, stored);
  const asked = lookChange(values, before);
  const wanted = changeState(before, asked);
  namesMasks(wanted);
  // A stored state is drawn as it is: what it leaves out is as in every view.
  const chosen = asked.window !== undefined || stored.window !== undefined;
  return ({ grid, window, units }) => {
    const usual =
      values.state === undefined && !window && units === "HU" ? usualWindows[lookOfState(wanted)] : undefined;
    const state = changeState(initialState(grid, stored, window), {
      ...(!chosen && { window: usual }),
      ...asked,
    });
    return {
      state: changeState(state, { mpr: { pointMm: cutPoint(grid, state.mpr, values) } }),
      findsWindow: !chosen && !window && !usual,
    };
  };
}

interface Drawing {
  readonly size: PictureSize;
  readonly frames: number;
  readonly folder: OutputFolder;
  /** Of the file of a frame. */
  name(frame: number): string;
}

interface Drawn {
  readonly state: ViewState;
  readonly stages: ReturnType<typeof stageClock>["stages"];
  readonly lungQuality?: LungQuality;
  readonly notices: readonly Diagnostic[];
  readonly downsampling?: Downsampling;
}

/** Loads, finds the lungs where the state names them, draws and writes. */
async function draw(
  engine: CtEngine,
  series: Series,
  { state: planned, findsWindow }: PlannedLook,
  { size, frames, folder, name }: Drawing,
  control: Control,
): Promise<Drawn> {
  const { stages, time } = stageClock();
  const notices: Diagnostic[] = [];
  let downsampling: Downsampling | undefined;
  let state = planned;
  const onDownsampled = (found: Downsampling) => {
    downsampling = found;
    process.stderr.write(`${found.reason}\n`);
    notices.push(warning("downsampled", found.reason));
  };
  const lungQuality = await withScratch(async (scratch) => {
    const volume = scratch.own(await time("load", () => loadVolume(engine, series, control)));
    if (findsWindow) state = changeState(planned, { window: await usualWindow(volume, control) });
    const states = turntable(state, frames);
    const lungs = namesMasks(state)
      ? scratch.own(await time("lungs", () => makeLungMasks(volume, series, control)))
      : undefined;
    await time("draw, write", async () => {
      let frame = 0;
      const options = { ...size, masks: lungs?.masks, onDownsampled };
      for await (const rgba of drawPictures(volume, states, options, control)) {
        const file = name(frame++);
        if (isBlank(rgba)) notices.push(warning("blank-picture", `${file} is one color all over`));
        await folder.write(file, [await encodeColorPng(rgba, size)]);
      }
    });
    return lungs?.quality;
  });
  if (lungQuality?.verdict === "no-lungs")
    notices.push(warning("no-lungs", `no lungs were found: ${lungQuality.reason}`));
  return { state, stages, notices, downsampling, lungQuality };
}

function warning(code: string, message: string): Diagnostic {
  return { severity: "warning", code, message };
}
