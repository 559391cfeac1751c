import { bandsOf } from "./bands.js";
import type { Camera } from "./camera.js";
import type { DisplayTexture } from "./display_texture.js";
import { firstSpeed, measuredSpeed, planFrame, type Speed } from "./pace.js";
import type { Band, Layer, Painter, ProjectedPicture } from "./painter.js";
import { raysOf, restStepMm, sampleCount } from "./rays.js";
import type { RayProjection } from "./view_state.js";

/** One submit's worth of work on a picture. */
interface Unit {
  readonly picture: ProjectedPicture;
  readonly band: Band;
  readonly stepMm: number;
  readonly samples: number;
}

/** A picture that is rough at once where the device is slow, and then refined band by band. */
export type Refinement = ReturnType<typeof createRefinement>;

export function createRefinement({ engine, grid }: DisplayTexture, painter: Painter) {
  let speed: Speed = firstSpeed(engine.adapter.software);
  let projection: RayProjection = "mip";
  let camera: Camera | undefined;
  let draft: ProjectedPicture | undefined;
  let full: ProjectedPicture | undefined;
  let rowsDone = 0;
  let units: Unit[] = [];

  const begin = (newProjection: RayProjection, newCamera: Camera, width: number, height: number) => {
    projection = newProjection;
    camera = newCamera;
    rowsDone = 0;
    const stepMm = restStepMm(grid);
    const samples = sampleCount(grid, camera, width, height, stepMm);
    const plan = planFrame(samples, speed);
    const picture = (full = sized(painter, full, width, height));
    const bands = bandsOf(height, plan.bands);
    units = bands.map((band) => ({ picture, band, stepMm, samples: samples / bands.length }));
    if (plan.draft) {
      const { scale, stepFactor } = plan.draft;
      draft = sized(painter, draft, Math.ceil(width * scale), Math.ceil(height * scale));
      const band = { top: 0, bottom: draft.heightPx };
      const cost = (samples * scale * scale) / stepFactor;
      units.unshift({ picture: draft, band, stepMm: stepMm * stepFactor, samples: cost });
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
      if (!unit || !camera) return Promise.resolve();
      const { picture, band, stepMm } = unit;
      const started = performance.now();
      painter.project(
        projection,
        raysOf(grid, camera, picture.widthPx, picture.heightPx, stepMm),
        picture,
        band,
      );
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

/** The picture itself where it has the size already, else a new one in its place. */
function sized(
  painter: Painter,
  picture: ProjectedPicture | undefined,
  widthPx: number,
  heightPx: number,
): ProjectedPicture {
  if (picture?.widthPx === widthPx && picture.heightPx === heightPx) return picture;
  picture?.destroy();
  return painter.createPicture(widthPx, heightPx);
}
