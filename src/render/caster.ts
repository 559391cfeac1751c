import { shaderStage, textureUsage } from "../engine/gpu/constants.js";
import { renderModules } from "../engine/kernels.generated.js";
import type { DisplayTexture } from "./display_texture.js";
import { lazily } from "./lazily.js";
import { type Band, labelFormat, type ProjectedPicture, pictureKind, valueFormats } from "./picture.js";
import { type CastVariant, castVariant } from "./ray/cast_variant.js";
import type { RayCast } from "./ray/ray_cast.js";
import { createTransferTexture } from "./ray/transfer_texture.js";
import { compileScreenPass, createParamsBuffer, uploadParams } from "./screen_pass.js";

/** Casts the rays of pictures through one volume. */
export type Caster = ReturnType<typeof createCaster>;

export function createCaster(display: DisplayTexture) {
  const { engine } = display;
  const { device } = engine;
  const layout = projectLayout(device);
  const pipelines = lazily(({ projection, constants }: CastVariant) =>
    compileScreenPass(
      device,
      `project_${projection}`,
      "project",
      layout,
      [valueFormats[pictureKind(projection)], labelFormat],
      constants,
    ),
  );
  const { project_dvr: module } = renderModules;
  const params = createParamsBuffer(device, module.params);
  const transfer = createTransferTexture(engine);
  const sampler = device.createSampler({ magFilter: "linear", minFilter: "linear" });
  const noLabels = device.createTexture({
    label: "no labels",
    dimension: "3d",
    size: [1, 1, 1],
    format: labelFormat,
    usage: textureUsage.textureBinding,
  });
  const volumeView = display.texture.createView();
  const transferView = transfer.texture.createView();
  let group: { readonly labels: GPUTexture; readonly of: GPUBindGroup } | undefined;
  const groupWith = (labels: GPUTexture = noLabels) => {
    if (group?.labels === labels) return group.of;
    const { bindings } = module;
    const of = device.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: params } },
        { binding: bindings.volume.binding, resource: volumeView },
        { binding: bindings.volume_sampler.binding, resource: sampler },
        { binding: bindings.labels.binding, resource: labels.createView() },
        { binding: bindings.transfer.binding, resource: transferView },
      ],
    });
    group = { labels, of };
    return of;
  };

  return {
    /** Makes what a cast needs: undefined where all is there. */
    prepare: (cast: RayCast) => pipelines.prepare(castVariant(cast)),

    /** Casts the rays of a band; the picture's other rows stay. The cast is prepared, the picture of its kind. One submit. */
    project(cast: RayCast, picture: ProjectedPicture, band: Band): void {
      uploadParams(device, params, module.params, { ...cast.params });
      if (cast.projection === "dvr") transfer.use(cast.transfer);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [picture.values, picture.labels].map((texture) => ({
          view: texture.createView(),
          loadOp: "load" as const,
          storeOp: "store" as const,
        })),
      });
      pass.setPipeline(pipelines.get(castVariant(cast)));
      pass.setBindGroup(0, groupWith(cast.labels));
      pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
      pass.draw(3);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Idempotent. */
    destroy(): void {
      params.destroy();
      noLabels.destroy();
      transfer.destroy();
    },
  };
}

const { fragment: visibility } = shaderStage;

function projectLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = renderModules.project_dvr;
  return device.createBindGroupLayout({
    label: "project",
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      { binding: bindings.volume.binding, visibility, texture: { viewDimension: "3d" } },
      { binding: bindings.volume_sampler.binding, visibility, sampler: {} },
      { binding: bindings.labels.binding, visibility, texture: { viewDimension: "3d", sampleType: "uint" } },
      { binding: bindings.transfer.binding, visibility, texture: { sampleType: "unfilterable-float" } },
    ],
  });
}
