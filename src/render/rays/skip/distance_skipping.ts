import type { DisplayTexture } from "../../texture/display_texture.js";
import type { RayCast } from "../ray_cast.js";
import { createDistanceMap } from "./distance_map.js";
import { createLabelBricks } from "./label_bricks.js";

/**
 * What rays leap over by the distance to the next brick with material or labels. Its own file: loaded with
 * the first cast that leaps so.
 */
export type DistanceSkipping = ReturnType<typeof createDistanceSkipping>;

export function createDistanceSkipping({ engine, bricks }: Pick<DisplayTexture, "engine" | "bricks">) {
  const map = createDistanceMap(engine, bricks);
  const labelBricks = createLabelBricks(engine, bricks);
  return {
    get buffer() {
      return map.buffer;
    },
    /** Undefined where there is nothing to wait for. */
    prepare(labels: boolean): Promise<unknown> | undefined {
      const waits = [map.prepare(), labels && labelBricks.prepare()];
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },
    encode(encoder: GPUCommandEncoder, cast: RayCast, labels: boolean): void {
      map.reserve();
      const labeled = labels && cast.labels ? labelBricks.use(encoder, cast.labels) : undefined;
      map.encode(encoder, cast, cast.projection === "dvr", labeled);
    },
    /** Idempotent. */
    destroy(): void {
      map.destroy();
      labelBricks.destroy();
    },
  };
}
