import { bandsOf } from "./bands.js";
import type { DisplayTexture } from "./display_texture.js";
import type { LabelTexture } from "./label_texture.js";
import { firstSpeed, measuredSpeed, planFrame, type Speed } from "./pace.js";
import type { Painter } from "./painter.js";
import { type Band, type PictureKind, type ProjectedPicture, pictureKind } from "./picture.js";
import type { Layer } from "./presenter.js";
import { type RayCast, rayCast } from "./ray/ray_cast.js";
import { restStepMm, sampleCount } from "./rays.js";
import type { RayProjection, ViewState } from "./view_state.js";

/** One submit's worth of work on a picture. */
interface Unit {
  readonly picture: ProjectedPicture;
  readonly band: Band;
  readonly cast: RayCast;
  readonly samples: number;
}

/** A picture that is rough at once where the device is slow, and then refined band by band. */
export type Refinement = ReturnType<typeof createRefinement>;

export function createRefinement({ engine, grid }: DisplayTexture, painter: Painter) {
  let speed: Speed = firstSpeed(engine.adapter.software);
  let draft: ProjectedPicture | undefined;
  let full: ProjectedPicture | undefined;
  let rowsDone = 0;
  let units: Unit[] = [];

  const begin = (
    projection: RayProjection,
    state: ViewState,
    labels: LabelTexture | undefined,
    width: number,
    height: number,
  ) => {
    rowsDone = 0;
    const kind = pictureKind(projection);
    const stepMm = restStepMm(grid);
    const samples = sampleCount(grid, state.camera, width, height, stepMm);
    const plan = planFrame(samples, speed);
    const castOf = (w: number, h: number, step: number) =>
      rayCast(grid, projection, state, labels, w, h, step);
    const picture = (full = sized(painter, full, kind, width, height));
    const cast = castOf(width, height, stepMm);
    const bands = bandsOf(height, plan.bands);
    units = bands.map((band) => ({ picture, band, cast, samples: samples / bands.length }));
    if (plan.draft) {
      const { scale, stepFactor } = plan.draft;
      const [w, h] = [Math.ceil(width * scale), Math.ceil(height * scale)];
      draft = sized(painter, draft, kind, w, h);
      const cost = (samples * scale * scale) / stepFactor;
      const rough = castOf(w, h, stepMm * stepFactor);
      units.unshift({ picture: draft, band: { top: 0, bottom: h }, cast: rough, samples: cost });
    }
  };

  return {
    /** Starts anew; nothing is drawn yet. */
    begin,
    get finished() {
      return units.length === 0;
    },
    /** Submits the next piece of work; the promise resolves when the device has done it. */
    advance(): Promise<void> {
      const unit = units.shift();
      if (!unit) return Promise.resolve();
      const { picture, band, cast } = unit;
      const started = performance.now();
      painter.project(cast, picture, band);
      if (picture === full) rowsDone = band.bottom;
      return engine.device.queue.onSubmittedWorkDone().then(() => {
        speed = measuredSpeed(speed, unit.samples, performance.now() - started);
      });
    },
    /** What there is to show, after the first `advance`. */
    layers(): Layer[] {
      if (!full) return [];
      const done: Layer = { picture: full, band: { top: 0, bottom: rowsDone } };
      const rest = { top: rowsDone, bottom: full.heightPx };
      return draft && rowsDone < full.heightPx ? [done, { picture: draft, band: rest }] : [done];
    },
    destroy() {
      draft?.destroy();
      full?.destroy();
      draft = full = undefined;
      units = [];
    },
  };
}

/** The picture itself where it has the kind and size already, else a new one in its place. */
function sized(
  painter: Painter,
  picture: ProjectedPicture | undefined,
  kind: PictureKind,
  widthPx: number,
  heightPx: number,
): ProjectedPicture {
  const fits = picture?.kind === kind && picture.widthPx === widthPx && picture.heightPx === heightPx;
  if (picture && fits) return picture;
  picture?.destroy();
  return painter.createPicture(kind, widthPx, heightPx);
}
