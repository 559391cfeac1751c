import { createRenderTarget, type TargetKind, targetKind } from "../frame/render_target.js";
import { createWindowPass } from "../frame/window_pass.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { CastMode } from "./cast_variant.js";
import type { RayCast } from "./ray_cast.js";
import { createRayPass } from "./ray_pass.js";

/**
 * Draws one volume, in two stages: rays to HU or colors, then those to the target, HU through a window. A
 * change of window alone redraws the second only. Each call is one submit, or a part of its caller's. What is
 * not asked for is not compiled. `targetFormat` is the format of all textures presented to.
 */
export type RayPasses = ReturnType<typeof createRayPasses>;

export function createRayPasses(
  display: DisplayTexture,
  targetFormat: GPUTextureFormat,
  mode: CastMode = { skipping: true, counting: false },
) {
  const rayPass = createRayPass(display, mode);
  const windowPass = createWindowPass(display, targetFormat);
  return {
    /**
     * To be waited for before the first `project` and `present` of a cast's kind; undefined where there is
     * nothing to wait for.
     */
    prepare(cast: RayCast): Promise<unknown> | undefined {
      const waits = [
        rayPass.prepare(cast),
        windowPass.prepare(targetKind(cast.projection), cast.params.overlay_bits !== 0),
      ];
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },
    createRenderTarget: (kind: TargetKind, widthPx: number, heightPx: number) =>
      createRenderTarget(display.engine, kind, widthPx, heightPx),
    project: rayPass.project,
    present: windowPass.present,
    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      rayPass.destroy();
      windowPass.destroy();
    },
  };
}
