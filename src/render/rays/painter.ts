import { createPicture, type PictureKind, pictureKind } from "../frame/render_target.js";
import { createPresenter } from "../frame/window_pass.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { CastMode } from "./cast_variant.js";
import type { RayCast } from "./ray_cast.js";
import { createCaster } from "./ray_pass.js";

/**
 * Draws one volume, in two stages: rays to HU or colors, then those to the target, HU through a window. A
 * change of window alone redraws the second only. Each call is one submit, or a part of its caller's. What is
 * not asked for is not compiled. `targetFormat` is the format of all textures presented to.
 */
export type Painter = ReturnType<typeof createPainter>;

export function createPainter(
  display: DisplayTexture,
  targetFormat: GPUTextureFormat,
  mode: CastMode = { skipping: true, counting: false },
) {
  const caster = createCaster(display, mode);
  const presenter = createPresenter(display, targetFormat);
  return {
    /**
     * To be waited for before the first `project` and `present` of a cast's kind; undefined where there is
     * nothing to wait for.
     */
    prepare(cast: RayCast): Promise<unknown> | undefined {
      const waits = [
        caster.prepare(cast),
        presenter.prepare(pictureKind(cast.projection), cast.params.overlay_bits !== 0),
      ];
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },
    createPicture: (kind: PictureKind, widthPx: number, heightPx: number) =>
      createPicture(display.engine, kind, widthPx, heightPx),
    project: caster.project,
    present: presenter.present,
    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      caster.destroy();
      presenter.destroy();
    },
  };
}
