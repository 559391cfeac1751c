import type { Control } from "../core/control.js";
import { dispose } from "../core/dispose.js";
import { type Grid, voxelVolumeMm3 } from "../core/grid.js";
import { checkOptions, invalidOption } from "../core/options.js";
import { controlRules, oneOf } from "../core/rules.js";
import { keepingFreed, together } from "../engine/round_trips.js";
import { countVoxels } from "../ops/mask/count_voxels.js";
import { maskLabelSlabs } from "../ops/mask/mask_label_slabs.js";
import { reorient, reorientedGrid } from "../ops/resample/reorient.js";
import { resampleMask } from "../ops/resample/resample_mask.js";
import { withScratch } from "../ops/scratch.js";
import type { SlabMemory, ValueSlab } from "../ops/stream_slabs.js";
import { allocateMask, type BitMask } from "../volume/bit_mask.js";
import { checkVolume, maskRule } from "../volume/check_argument.js";
import { checkInputs } from "../volume/check_inputs.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf, type ProcessingHistory, type Recorded } from "../volume/history.js";
import { type HuSource, huOf } from "./lung_mask/hu_source.js";
import type { LungQuality } from "./lung_mask/judge.js";
import { type LungParts, refineLungs } from "./lung_mask/refine.js";
import { type LungThresholdOptions, lungThreshold, thresholdRules } from "./lung_threshold.js";
import { plainHu, requireHu } from "./plain_hu.js";

/** Labels of voxels, as `LungMask.readLabels` gives them. */
export const lungLabels = { rightLung: 1, leftLung: 2, airways: 3 } as const;

/**
 * `refined` as this file says; `threshold` is the plain recipe that most tutorials share, which knows neither
 * sides nor airways.
 */
export type LungMethod = "refined" | "threshold";

export const lungMethods = ["refined", "threshold"] as const satisfies readonly LungMethod[];

/** Options of lungMask: the method, `refined` by default, and what the plain recipe may be told. */
export type LungMaskOptions =
  | {
      readonly method?: "refined";
      /**
       * Where there is lung, from elsewhere, such as a network's output or an expert's drawing, airways in it
       * or not: its voxels alone are parted into right and left lung and airways, nothing is closed or
       * filled, and the numbers and flags are of it. On the volume's grid.
       */
      readonly candidates?: BitMask;
    }
  | ({ readonly method: "threshold" } & LungThresholdOptions);

type AllOptions = { readonly method?: LungMethod; readonly candidates?: BitMask } & LungThresholdOptions &
  Control;

/**
 * Three disjoint masks on the grid of their volume, and what is to be known of them. All are empty where the
 * verdict is `no-lungs`. With the method `threshold` the left lung and the airways are empty, and one and the
 * same mask: freeing one frees both.
 */
export class LungMask {
  constructor(
    /** The patient's right; with the method `threshold` all there is. */
    readonly right: BitMask,
    readonly left: BitMask,
    /** Air of trachea and main bronchi, and as much of the bronchi in the lungs as could be followed. */
    readonly airways: BitMask,
    readonly quality: LungQuality,
  ) {}

  get grid(): Grid {
    return this.right.grid;
  }

  /** How the three came to be: one entry, not the steps of the recipe. */
  get history(): ProcessingHistory {
    return this.right.history;
  }

  /** Slices [z0, z1) as one byte a voxel, dense, z, y, x, by `lungLabels`; all of them by default. */
  async readLabels(z0 = 0, z1 = this.grid.size[2]): Promise<Uint8Array> {
    const reading = [this.right, this.left, this.airways].map((mask) => () => mask.read(z0, z1));
    const [labels, left, airways] = await together(this.right.engine, ...reading);
    for (let i = 0; i < labels.length; i++) labels[i] += 2 * left[i] + 3 * airways[i];
    return labels;
  }

  /** The same in slabs of ascending z, made by the engine. */
  labelSlabs(control: SlabMemory & Control = {}): AsyncGenerator<ValueSlab<Uint8Array>> {
    const { rightLung, leftLung, airways } = lungLabels;
    const masks = [
      { mask: this.right, label: rightLung },
      { mask: this.left, label: leftLung },
      { mask: this.airways, label: airways },
    ];
    return maskLabelSlabs(masks, control);
  }

  destroy(): void {
    for (const mask of [this.right, this.left, this.airways]) mask.destroy();
  }

  [dispose](): void {
    this.destroy();
  }
}

/**
 * Right lung, left lung and airways by thresholds, components and morphology alone: integers, so the same on
 * every device. A volume in any orientation is turned to LPS axes first, and the masks are turned back.
 * docs/lung-mask.md explains each step, and says where it fails. Progress counts steps, stage "lung mask". A
 * volume without lungs is no error: `quality` says so.
 * @throws HounsfieldError `invalid-option`, `wrong-units`, `wrong-grid`, `wrong-engine`, `destroyed`,
 * `limit-exceeded`, `out-of-memory`
 */
export async function lungMask(volume: CtVolume, options: LungMaskOptions & Control = {}): Promise<LungMask> {
  checkVolume("lungMask", volume);
  const rules = { ...controlRules, ...thresholdRules, method: oneOf(...lungMethods), candidates: maskRule };
  const {
    method = "refined",
    candidates,
    signal,
    onProgress,
    ...limits
  } = checkOptions<AllOptions>("lungMask", options, rules);
  const control = { signal, onProgress };
  if (candidates && method === "threshold")
    throw invalidOption("lungMask", "candidates", candidates, 'only beside method "refined"');
  if (candidates) checkInputs({ volume, candidates });
  requireHu("lungMask", volume.values.units, volume.history);
  if (method === "threshold") return keepingFreed(volume.engine, () => plainLungs(volume, limits, control));
  for (const [option, value] of Object.entries(limits))
    if (value !== undefined) throw invalidOption("lungMask", option, value, 'only beside method "threshold"');
  return keepingFreed(volume.engine, () => refinedLungs(volume, candidates, control));
}

function refinedLungs(given: CtVolume, candidates: BitMask | undefined, control: Control): Promise<LungMask> {
  return withScratch(async (scratch) => {
    const volume = await plainHu(given, (copy) => scratch.own(copy), control.signal);
    return refinedLungsOf(volume, candidates, control);
  });
}

async function refinedLungsOf(
  volume: CtVolume,
  candidates: BitMask | undefined,
  control: Control,
): Promise<LungMask> {
  const options = { method: "refined" } as const;
  if (isUpright(volume.grid)) {
    return lungMaskOf(volume, options, await refineLungs(huOf(volume), candidates, control), candidates);
  }
  return withScratch(async (scratch) => {
    const turned = scratch.own(await reorient(volume, { axes: "LPS", signal: control.signal }));
    const turnedCandidates =
      candidates &&
      scratch.own(await resampleMask(candidates, { onto: turned.grid, signal: control.signal }));
    const parts = await refineLungs(huOf(turned), turnedCandidates, control);
    for (const mask of [parts.right, parts.left, parts.airways]) scratch.own(mask);
    const back = async (mask: BitMask) => {
      return scratch.own(await resampleMask(mask, { onto: volume.grid, signal: control.signal }));
    };
    const [right, left, airways] = [
      await back(parts.right),
      await back(parts.left),
      await back(parts.airways),
    ];
    for (const mask of [right, left, airways]) scratch.release(mask);
    return lungMaskOf(volume, options, { right, left, airways, quality: parts.quality }, candidates);
  });
}

/** Whether the axes are LPS as they are: slices in another orientation are turned first. */
export function isUpright(grid: Grid): boolean {
  const { direction } = reorientedGrid(grid, "LPS");
  return direction.every((cosine, i) => cosine === grid.direction[i]);
}

/** What the method `refined` makes of a volume that `hu` tells of, upright and in HU; see `Recorded`. */
export function refinedLungMask(hu: HuSource, volume: Recorded, control: Control): Promise<LungMask> {
  return keepingFreed(hu.engine, async () =>
    lungMaskOf(volume, { method: "refined" }, await refineLungs(hu, undefined, control)),
  );
}

async function plainLungs(
  volume: CtVolume,
  limits: LungThresholdOptions,
  control: Control,
): Promise<LungMask> {
  const lungs = await lungThreshold(volume, { ...limits, ...control });
  return plainLungMask(lungs, volume, { ...control, limits });
}

/**
 * What the method `threshold` makes of the lungs in `volume`, of which no more than its engine and history is
 * needed; owns `lungs`.
 */
export function plainLungMask(
  lungs: BitMask,
  volume: Recorded,
  { signal, limits = {} }: Control & { readonly limits?: LungThresholdOptions },
): Promise<LungMask> {
  const { engine, grid } = lungs;
  return withScratch(async (scratch) => {
    scratch.own(lungs);
    // Nobody writes it, and freeing it twice is no harm: one for both.
    const none = scratch.own(await allocateMask(engine, grid, "no left lung, no airways"));
    const totalMl = ((await countVoxels(lungs, { signal })) * voxelVolumeMm3(grid)) / 1000;
    for (const mask of [lungs, none]) scratch.release(mask);
    const quality = { verdict: "not-judged", totalMl } as const;
    return lungMaskOf(
      volume,
      { method: "threshold", ...limits },
      { right: lungs, left: none, airways: none, quality },
    );
  });
}

function lungMaskOf(
  volume: Recorded,
  options: LungMaskOptions,
  { right, left, airways, quality }: LungParts,
  candidates?: BitMask,
): LungMask {
  const inputs = candidates ? [volume, candidates] : [volume];
  const history = historyOf("lungMask", options, ...inputs);
  const told = [right, left, airways].map((mask) => mask.withHistory(history));
  return new LungMask(told[0], told[1], told[2], quality);
}
