import type { ProjectedPicture } from "../../frame/render_target.js";
import type { DisplayTexture } from "../../texture/display_texture.js";
import type { RayCast } from "../ray_cast.js";
import { createDistanceMap } from "./distance_map.js";
import { createLabelBricks } from "./label_bricks.js";
import { type TileGeometry, tileGeometry } from "./tile_geometry.js";
import { createTileTable } from "./tile_table.js";

/** What of a cast's work can be left out, made before its rays are cast. */
export type Skipping = ReturnType<typeof createSkipping>;

/** How a cast's rays know what they may leave out. */
export function skippingOf({ projection, params }: RayCast) {
  const labelled = params.overlay_bits !== 0;
  const tiles = projection === "mip" || projection === "minip";
  return {
    tiles,
    /** By material and, in volume rendering, labels; for other projections labels alone. */
    distances: projection === "dvr" || labelled,
    labels: labelled || params.hide_bits !== 0,
  };
}

export function createSkipping({ engine, grid, bricks }: DisplayTexture) {
  const table = createTileTable(engine, grid, bricks);
  const map = createDistanceMap(engine, bricks);
  const labelBricks = createLabelBricks(engine, bricks);
  let tabled: { readonly cast: RayCast; readonly version: number } | undefined;
  let geometry: TileGeometry | undefined;

  return {
    /** Undefined where there is nothing to wait for. */
    prepare(cast: RayCast): Promise<unknown> | undefined {
      const { tiles, distances, labels } = skippingOf(cast);
      if (!tiles && !distances) return undefined;
      const waits = [bricks.prepare()];
      if (tiles) waits.push(table.prepare());
      if (distances) waits.push(map.prepare());
      if (distances && labels) waits.push(labelBricks.prepare());
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },

    /** Encodes what is not there yet for a cast; bands of a picture share it. Gives what its rays need. */
    encode(encoder: GPUCommandEncoder, cast: RayCast, { widthPx, heightPx }: ProjectedPicture) {
      const { tiles, distances, labels } = skippingOf(cast);
      if (tiles || distances) bricks.encode(encoder);
      if (distances) {
        map.reserve();
        const labelled = labels && cast.labels ? labelBricks.use(encoder, cast.labels) : undefined;
        map.encode(encoder, cast, cast.projection === "dvr", labelled);
      }
      if (tiles && (tabled?.cast !== cast || tabled.version !== bricks.version || !geometry)) {
        tabled = { cast, version: bricks.version };
        geometry = tileGeometry(cast.params, widthPx, heightPx);
        table.reserve(geometry);
        table.encode(encoder, cast.params, geometry, cast.projection === "minip");
      }
      return {
        tiles: table.buffer,
        distances: map.buffer,
        params: {
          bricks: bricks.counts,
          tile_columns: geometry?.columns ?? 0,
          first_sample: geometry?.firstSample ?? 0,
          segment_samples: geometry?.segmentSamples ?? 0,
        },
      };
    },

    /** Idempotent. */
    destroy(): void {
      table.destroy();
      map.destroy();
      labelBricks.destroy();
    },
  };
}
