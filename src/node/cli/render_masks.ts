import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { combineMasks } from "../../ops/mask/mask_logic.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import { lungMask } from "../../recipes/lung_mask.js";
import type { Masks } from "../../render/label_texture.js";
import type { OverlayChange } from "../../render/overlays.js";
import type { MaskCut } from "../../render/ray/cut.js";
import type { ViewState } from "../../render/view_state.js";
import type { CtVolume } from "../../volume/ct_volume.js";

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

/** Whether a picture needs the lung mask. Throws `invalid-option` for masks that only the program which stored the state had. */
export function namesMasks({ overlays, cut }: ViewState): boolean {
  const named = [...overlays, ...cut].map(({ mask }) => mask);
  const unknown = named.find((name) => !maskNames.includes(name));
  if (unknown === undefined) return named.length > 0;
  const message = `the state's mask "${unknown}" is not known here; known are ${maskNames.join(", ")}`;
  throw new HounsfieldError("invalid-option", message, { got: unknown, accepted: maskNames });
}

export interface LungMasks extends Disposable {
  readonly masks: Masks;
  readonly quality: LungQuality;
}

/** The masks that states name, of a volume. Throws what `lungMask` throws. */
export async function makeLungMasks(volume: CtVolume, control: Control): Promise<LungMasks> {
  const mask = await lungMask(volume, control);
  try {
    const { right, left, airways, quality } = mask;
    const lungs = await combineMasks(right, "or", left, { signal: control.signal });
    const dispose = () => {
      lungs.destroy();
      mask.destroy();
    };
    return {
      masks: { rightLung: right, leftLung: left, airways, lungs },
      quality,
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    mask.destroy();
    throw error;
  }
}
