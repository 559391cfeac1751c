import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { Engine } from "../../engine/engine.js";
import { combineMasks } from "../../ops/mask/combine_masks.js";
import { withScratch } from "../../ops/scratch.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import { lungMask } from "../../recipes/lung_mask.js";
import type { MaskCut } from "../../render/state/mask_clip.js";
import type { OverlayChange } from "../../render/state/overlays.js";
import type { ViewState } from "../../render/state/view_state.js";
import type { Masks } from "../../render/texture/label_texture.js";
import { allocateMask, type BitMask, maskWords } from "../../volume/bit_mask.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { loadVolume } from "../../volume/load_volume.js";
import { openEngine } from "../open_engine.js";

/** As in docs/lung-mask.md: red, blue and green. */
const colors = {
  rightLung: [0.9, 0.25, 0.25],
  leftLung: [0.25, 0.5, 1],
  airways: [0.2, 0.85, 0.4],
} as const;

const parts = ["rightLung", "leftLung", "airways"] as const;

/** What a state may name here; "lungs" are the two without the airways. */
const maskNames: readonly string[] = [...parts, "lungs"];

/** What `--lungs` lays over the picture. */
export function lungOverlays(): OverlayChange[] {
  return parts.map((mask) => ({ mask, color: colors[mask] }));
}

/** What `--cut-lungs` leaves: the lungs with the air in them. */
export function lungCuts(outside: MaskCut["outside"]): MaskCut[] {
  return parts.map((mask) => ({ mask, outside }));
}

/**
 * Whether a picture needs the lung mask.
 * @throws HounsfieldError `invalid-option` for masks that only the program which stored the state had
 */
export function namesMasks({ overlays, cut }: ViewState): boolean {
  const named = [...overlays, ...cut].map(({ mask }) => mask);
  const unknown = named.find((name) => !maskNames.includes(name));
  if (unknown === undefined) return named.length > 0;
  const message = `the state's mask "${unknown}" is not known here; known are ${maskNames.join(", ")}`;
  throw new HounsfieldError("invalid-option", message, { got: unknown, accepted: maskNames });
}

export interface LungMasks {
  readonly masks: Masks;
  readonly quality: LungQuality;
  destroy(): void;
}

/**
 * The masks that states name, of a volume. A GPU that a CPU plays takes minutes for what the CPU engine does
 * in seconds; the recipe is integers alone, so the bits are the same.
 * @throws what `loadVolume` and `lungMask` throw
 */
export async function makeLungMasks(volume: CtVolume, series: Series, control: Control): Promise<LungMasks> {
  if (!volume.engine.adapter.software) return masksOf(volume, volume.engine, control);
  return withScratch(async (scratch) => {
    const cpu = scratch.own(await openEngine({ device: "cpu" }));
    const again = await loadVolume(cpu, series, { signal: control.signal });
    return masksOf(again, volume.engine, control);
  });
}

async function masksOf(volume: CtVolume, engine: Engine, control: Control): Promise<LungMasks> {
  return withScratch(async (scratch) => {
    const { right, left, airways, quality } = scratch.own(await lungMask(volume, control));
    const lungs = scratch.own(await combineMasks(right, left, { rule: "or", signal: control.signal }));
    const made: [string, BitMask][] = [];
    for (const [name, one] of Object.entries({ rightLung: right, leftLung: left, airways, lungs }))
      made.push([name, scratch.own(await copyTo(engine, one, name))]);
    return {
      masks: Object.fromEntries(made.map(([name, one]) => [name, scratch.release(one)])),
      quality,
      destroy() {
        for (const [, one] of made) one.destroy();
      },
    };
  });
}

async function copyTo(
  engine: Engine,
  { engine: from, grid, buffer }: BitMask,
  name: string,
): Promise<BitMask> {
  const words = new Uint32Array(await from.read(buffer, 0, 4 * maskWords(grid)));
  const copy = await allocateMask(engine, grid, name);
  engine.write(copy.buffer, 0, words);
  return copy;
}
