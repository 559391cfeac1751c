import type { ValueScale } from "../../core/value_scale.js";
import { shaderStage, textureUsage } from "../../engine/gpu/constants.js";
import { rayLayouts, renderModules } from "../../engine/kernels.generated.js";
import { lazily } from "../frame/lazily.js";
import {
  type Band,
  LABEL_FORMAT,
  type RenderTarget,
  targetKind,
  valueFormats,
} from "../frame/render_target.js";
import { compileScreenPass, createParamsBuffer, encodeOrSubmit, uploadParams } from "../frame/screen_pass.js";
import type { TransferFunction } from "../state/transfer.js";
import type { RayProjection } from "../state/view_state.js";
import { displayedTransfer } from "../texture/display_scale.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import { type CastMode, type CastVariant, castVariant } from "./cast_variant.js";
import type { RayCast } from "./ray_cast.js";
import { createSkipping } from "./skip/skipping.js";
import { createTransferTexture } from "./transfer_texture.js";

/** Casts the rays of pictures through one volume, leaving out what cannot matter. */
export type RayPass = ReturnType<typeof createRayPass>;

export function createRayPass(display: DisplayTexture, mode: CastMode) {
  const { engine } = display;
  const { device } = engine;
  const layout = projectLayout(device);
  const pipelines = lazily(async ({ projection, constants }: CastVariant) => {
    const code = await rayShader(projection);
    const formats = [valueFormats[targetKind(projection)], LABEL_FORMAT] as const;
    return compileScreenPass(device, `project_${projection}`, code, "project", layout, formats, constants);
  });
  const skipping = createSkipping(display);
  const { project_dvr: module } = rayLayouts;
  const params = createParamsBuffer(device, module.params);
  const transfer = createTransferTexture(engine);
  const sampler = device.createSampler({ magFilter: "linear", minFilter: "linear" });
  const noLabels = device.createTexture({
    label: "no labels",
    dimension: "3d",
    size: [1, 1, 1],
    format: LABEL_FORMAT,
    usage: textureUsage.textureBinding,
  });
  const volumeView = display.texture.createView();
  const transferView = transfer.texture.createView();
  let group: { readonly resources: Resources; readonly of: GPUBindGroup } | undefined;
  const groupWith = (resources: Resources) => {
    const { labels, tiles, distances } = resources;
    const held = group?.resources;
    if (group && held?.labels === labels && held.tiles === tiles && held.distances === distances)
      return group.of;
    const { bindings } = module;
    const of = device.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: params } },
        { binding: bindings.volume.binding, resource: volumeView },
        { binding: bindings.volume_sampler.binding, resource: sampler },
        { binding: bindings.labels.binding, resource: labels.createView() },
        { binding: bindings.transfer.binding, resource: transferView },
        { binding: bindings.tiles.binding, resource: { buffer: tiles } },
        { binding: bindings.distances.binding, resource: { buffer: distances } },
      ],
    });
    group = { resources, of };
    return of;
  };

  let shown:
    | undefined
    | { readonly given: TransferFunction; readonly values: ValueScale; readonly as: TransferFunction };
  /** The same object for the same function, by which its table is known. */
  const transferAs = (given: TransferFunction) => {
    const { values } = display;
    if (given !== shown?.given || values !== shown.values)
      shown = { given, values, as: displayedTransfer(given, values) };
    return shown.as;
  };

  const encodeBand = (encoder: GPUCommandEncoder, given: RayCast, picture: RenderTarget, band: Band) => {
    const cast = { ...given, transfer: transferAs(given.transfer) };
    if (cast.projection === "dvr") transfer.use(cast.transfer, cast.params.step_mm);
    const skip = mode.skipping ? skipping.encode(encoder, cast, picture) : nothingSkipped;
    uploadParams(device, params, module.params, { ...cast.params, ...skip.params });
    const pass = encoder.beginRenderPass({
      colorAttachments: [picture.values, picture.labels].map((texture) => ({
        view: texture.createView(),
        loadOp: "load" as const,
        storeOp: "store" as const,
      })),
    });
    pass.setPipeline(pipelines.get(castVariant(cast, mode)));
    const { tiles = display.bricks.extremes, distances = display.bricks.extremes } = skip;
    pass.setBindGroup(0, groupWith({ labels: cast.labels ?? noLabels, tiles, distances }));
    pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
    pass.draw(3);
    pass.end();
  };

  return {
    /** Makes what a cast needs: undefined where all is there. */
    prepare(cast: RayCast): Promise<unknown> | undefined {
      const waits = [pipelines.prepare(castVariant(cast, mode)), mode.skipping && skipping.prepare(cast)];
      return waits.some(Boolean) ? Promise.all(waits) : undefined;
    },

    /**
     * Casts the rays of a band; the picture's other rows stay. The cast is prepared, the picture of its kind.
     * By `encoder`, or one submit.
     */
    project(cast: RayCast, picture: RenderTarget, band: Band, encoder?: GPUCommandEncoder): void {
      encodeOrSubmit(device, encoder, (to) => encodeBand(to, cast, picture, band));
    },

    /** Idempotent. */
    destroy(): void {
      params.destroy();
      noLabels.destroy();
      skipping.destroy();
      transfer.destroy();
    },
  };
}

async function rayShader(projection: RayProjection): Promise<string> {
  if (projection === "mip") return renderModules.project_mip.code;
  // Loaded with the first picture that is no maximum.
  const { rayModules } = await import("../../engine/ray_modules.generated.js");
  return rayModules[`project_${projection}`].code;
}

interface Resources {
  readonly labels: GPUTexture;
  /** Any buffer where they are not read. */
  readonly tiles: GPUBuffer;
  readonly distances: GPUBuffer;
}

const nothingSkipped = {
  tiles: undefined,
  distances: undefined,
  params: { bricks: [1, 1, 1], tile_columns: 0, first_sample: 0, segment_samples: 0 },
};

const { fragment: visibility } = shaderStage;

function projectLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = rayLayouts.project_dvr;
  return device.createBindGroupLayout({
    label: "project",
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      { binding: bindings.volume.binding, visibility, texture: { viewDimension: "3d" } },
      { binding: bindings.volume_sampler.binding, visibility, sampler: {} },
      { binding: bindings.labels.binding, visibility, texture: { viewDimension: "3d", sampleType: "uint" } },
      { binding: bindings.transfer.binding, visibility, texture: { sampleType: "unfilterable-float" } },
      { binding: bindings.tiles.binding, visibility, buffer: { type: "read-only-storage" } },
      { binding: bindings.distances.binding, visibility, buffer: { type: "read-only-storage" } },
    ],
  });
}
