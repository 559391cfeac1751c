import { HounsfieldError } from "../../../core/errors.js";
import type { RenderTarget } from "../../frame/render_target.js";
import type { DisplayTexture } from "../../texture/display_texture.js";
import type { RayCast } from "../ray_cast.js";
import type { DistanceSkipping } from "./distance_skipping.js";
import { type TileGeometry, tileGeometry } from "./tile_geometry.js";
import { createTileTable } from "./tile_table.js";

/** What of a cast's work can be left out, made before its rays are cast. */
export type Skipping = ReturnType<typeof createSkipping>;

/** How a cast's rays know what they may leave out. */
export function skippingOf({ projection, params }: RayCast) {
  const labeled = params.overlay_bits !== 0;
  const tiles = projection === "mip" || projection === "minip";
  return {
    tiles,
    /** By material and, in volume rendering, labels; for other projections labels alone. */
    distances: projection === "dvr" || labeled,
    labels: labeled || params.hide_bits !== 0,
  };
}

export function createSkipping({ engine, grid, bricks }: DisplayTexture) {
  const table = createTileTable(engine, grid, bricks);
  let leaps: DistanceSkipping | undefined;
  let loading: Promise<DistanceSkipping> | undefined;
  let tabled: { readonly cast: RayCast; readonly version: number } | undefined;
  let geometry: TileGeometry | undefined;

  const prepareLeaps = (labels: boolean) => {
    if (leaps) return leaps.prepare(labels);
    loading ??= import("./distance_skipping.js").then(({ createDistanceSkipping }) => {
      leaps = createDistanceSkipping({ engine, bricks });
      return leaps;
    });
    return loading.then((loaded) => loaded.prepare(labels));
  };

  return {
    /** Undefined where there is nothing to wait for. */
    prepare(cast: RayCast): Promise<unknown> | undefined {
      const { tiles, distances, labels } = skippingOf(cast);
      if (!tiles && !distances) return undefined;
      const waits = [bricks.prepare()];
      if (tiles) waits.push(table.prepare());
      if (distances) waits.push(prepareLeaps(labels));
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },

    /** Encodes what is not there yet for a cast; bands of a picture share it. Gives what its rays need. */
    encode(encoder: GPUCommandEncoder, cast: RayCast, { widthPx, heightPx }: RenderTarget) {
      const { tiles, distances, labels } = skippingOf(cast);
      if (tiles || distances) bricks.encode(encoder);
      if (distances) {
        if (!leaps) throw new HounsfieldError("internal", "no distance map");
        leaps.encode(encoder, cast, labels);
      }
      if (tiles && (tabled?.cast !== cast || tabled.version !== bricks.version || !geometry)) {
        tabled = { cast, version: bricks.version };
        geometry = tileGeometry(cast.params, widthPx, heightPx);
        table.reserve(geometry);
        table.encode(encoder, cast.params, geometry, cast.projection === "minip");
      }
      return {
        tiles: table.buffer,
        distances: leaps?.buffer,
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
      leaps?.destroy();
    },
  };
}
