import { bandsOf } from "../bands.js";
import type { DisplayTexture } from "../display_texture.js";
import type { Drawer } from "../drawer.js";
import { labelStyles, outlinePx } from "../label_look.js";
import type { LabelTexture } from "../label_texture.js";
import { firstSpeed, measuredSpeed, planFrame, type Speed } from "../pace.js";
import type { Band } from "../picture.js";
import type { ViewState } from "../view_state.js";
import { type CutParams, cutParams, samplesAVoxel } from "./cut_params.js";
import type { CutLayer, CutLook, CutPicture, MprPainter } from "./mpr_painter.js";
import type { MprState } from "./mpr_state.js";

/** One submit's worth of work on a picture. */
interface Unit {
  readonly picture: CutPicture;
  readonly band: Band;
  readonly params: CutParams;
  readonly samples: number;
}

/** What a sample costs, in trilinear ones. */
const costOf = { nearest: 1 / 8, linear: 1, cubic: 8 } as const satisfies Record<
  MprState["interpolation"],
  number
>;

/** What a cut costs, in trilinear samples. */
export function cutSamples(
  { reach }: CutParams,
  { interpolation }: MprState,
  width: number,
  height: number,
): number {
  return width * height * (2 * reach + 1) * costOf[interpolation];
}

/** How a state's cut is shown. */
export function lookOf({ window, background, overlays }: ViewState, labels?: LabelTexture): CutLook {
  return { window, background, labels: labelStyles(overlays, labels), outlinePx };
}

/** Draws cuts: where they take long, first a smaller picture of linear samples, then bands of the full one. */
export function createMprDrawer({ engine, grid }: DisplayTexture, painter: MprPainter): Drawer {
  let speed: Speed = firstSpeed(engine.adapter.software);
  let drawn: readonly unknown[] = [];
  let full: CutPicture | undefined;
  let draft: CutPicture | undefined;
  let rowsDone = 0;
  let units: Unit[] = [];
  let labels: LabelTexture | undefined;

  const sized = (picture: CutPicture | undefined, widthPx: number, heightPx: number) => {
    if (picture?.widthPx === widthPx && picture.heightPx === heightPx) return picture;
    picture?.destroy();
    return painter.createPicture(widthPx, heightPx);
  };

  const plan = (mpr: MprState, width: number, height: number) => {
    const params = cutParams(grid, mpr, width, height);
    const samples = cutSamples(params, mpr, width, height);
    const { bands, draft: rough } = planFrame(samples, speed);
    const picture = (full = sized(full, width, height));
    const cut = bandsOf(height, bands);
    units = cut.map((band) => ({ picture, band, params, samples: samples / cut.length }));
    if (!rough) return;
    const [w, h] = [width, height].map((count) => Math.ceil(count * rough.scale));
    draft = sized(draft, w, h);
    const roughly: MprState = {
      ...mpr,
      interpolation: mpr.interpolation === "nearest" ? "nearest" : "linear",
    };
    const roughParams = cutParams(grid, roughly, w, h, samplesAVoxel / rough.stepFactor);
    const cost = cutSamples(roughParams, roughly, w, h);
    units.unshift({ picture: draft, band: { top: 0, bottom: h }, params: roughParams, samples: cost });
  };

  return {
    begin({ mpr, overlays }, width, height, content) {
      labels = overlays.length > 0 ? content.labels : undefined;
      const wanted = [mpr, width, height, content.version, labels];
      if (wanted.every((value, i) => value === drawn[i])) return false;
      drawn = wanted;
      rowsDone = 0;
      plan(mpr, width, height);
      return true;
    },
    get finished() {
      return units.length === 0;
    },
    advance() {
      const unit = units.shift();
      if (!unit) return Promise.resolve();
      const started = performance.now();
      painter.cut(unit.params, unit.picture, unit.band, labels?.texture);
      if (unit.picture === full) rowsDone = unit.band.bottom;
      return engine.device.queue.onSubmittedWorkDone().then(() => {
        speed = measuredSpeed(speed, unit.samples, performance.now() - started);
      });
    },
    present(state, target) {
      if (!full) return;
      const layers: CutLayer[] = [{ picture: full, band: { top: 0, bottom: rowsDone } }];
      if (draft && rowsDone < full.heightPx)
        layers.push({ picture: draft, band: { top: rowsDone, bottom: full.heightPx } });
      painter.present(lookOf(state, labels), layers, target);
    },
    destroy() {
      full?.destroy();
      draft?.destroy();
      full = draft = undefined;
      units = [];
      painter.destroy();
    },
  };
}
