import { shaderStage, textureUsage } from "../engine/gpu/constants.js";
import { renderModules } from "../engine/kernels.generated.js";
import { windowOf } from "../ops/value/window.js";
import type { DisplayTexture } from "./display_texture.js";
import { labelLookParams, labelStyles, outlinePx } from "./label_look.js";
import type { LabelTexture } from "./label_texture.js";
import type { RayCast } from "./ray/ray_cast.js";
import { createTransferTexture } from "./ray/transfer_texture.js";
import { compileScreenPass, createParamsBuffer, uploadParams } from "./screen_pass.js";
import type { RayProjection, ViewState } from "./view_state.js";

/** What the rays of a picture gave, before any window and outline: HU (r32float) or colors (rgba16float, premultiplied), and label bits. */
export interface ProjectedPicture {
  readonly kind: PictureKind;
  readonly values: GPUTexture;
  readonly labels: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Idempotent. */
  destroy(): void;
}

export type PictureKind = "hu" | "color";

/** Rows [top, bottom) of a picture. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** A projected picture, and which rows of the target show it. */
export interface Layer {
  readonly picture: ProjectedPicture;
  readonly band: Band;
}

export interface PresentTarget {
  readonly texture: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** f32 in HU needs no scaling, is renderable everywhere, and is only loaded, never filtered. */
const formats = { hu: "r32float", color: "rgba16float" } as const;
const pixelBytes = { hu: 4, color: 8 } as const;
const labelFormat = "r8uint";
const presentModules = { hu: "present_hu", color: "present_color" } as const;

export function pictureKind(projection: RayProjection): PictureKind {
  return projection === "dvr" ? "color" : "hu";
}

/**
 * Draws one volume, in two stages: rays to HU or colors, then those to the target, HU through a window. A change of window alone redraws
 * the second only. Each call is one submit. `targetFormat` is the format of all textures presented to.
 */
export type Painter = Awaited<ReturnType<typeof createPainter>>;

export async function createPainter(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { engine } = display;
  const { device, memory } = engine;
  const layouts = { project: projectLayout(device), present: presentLayout(device) };
  const castPass = (projection: RayProjection) =>
    compileScreenPass(device, `project_${projection}`, "project", layouts.project, [
      formats[pictureKind(projection)],
      labelFormat,
    ]);
  const presentPass = (kind: PictureKind) =>
    compileScreenPass(device, presentModules[kind], "present", layouts.present, [targetFormat]);
  const [mip, minip, average, dvr, hu, color] = await Promise.all([
    castPass("mip"),
    castPass("minip"),
    castPass("average"),
    castPass("dvr"),
    presentPass("hu"),
    presentPass("color"),
  ]);
  const casts = { mip, minip, average, dvr } as const satisfies Record<RayProjection, GPURenderPipeline>;
  const presents = { hu, color } as const satisfies Record<PictureKind, GPURenderPipeline>;
  const { project_dvr: castModule } = renderModules;
  const castBuffer = createParamsBuffer(device, castModule.params);
  const presentBuffers = {
    hu: createParamsBuffer(device, renderModules.present_hu.params),
    color: createParamsBuffer(device, renderModules.present_color.params),
  };
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
  const castGroup = (labels: GPUTexture = noLabels) => {
    if (group?.labels === labels) return group.of;
    const { bindings } = castModule;
    const of = device.createBindGroup({
      layout: layouts.project,
      entries: [
        { binding: 0, resource: { buffer: castBuffer } },
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
    createPicture(kind: PictureKind, widthPx: number, heightPx: number): ProjectedPicture {
      const usage = textureUsage.renderAttachment | textureUsage.textureBinding | textureUsage.copySource;
      const size = [widthPx, heightPx];
      const values = device.createTexture({ label: "projected", size, format: formats[kind], usage });
      const labels = device.createTexture({ label: "projected labels", size, format: labelFormat, usage });
      const release = memory.take("projected picture", widthPx * heightPx * (pixelBytes[kind] + 1));
      const destroy = () => {
        values.destroy();
        labels.destroy();
        release();
      };
      return { kind, values, labels, widthPx, heightPx, destroy };
    },

    /** Casts the rays of a band; the picture's other rows stay. The picture is of the projection's kind. */
    project(cast: RayCast, picture: ProjectedPicture, band: Band): void {
      uploadParams(device, castBuffer, castModule.params, { ...cast.params });
      if (cast.projection === "dvr") transfer.use(cast.transfer);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [picture.values, picture.labels].map((texture) => ({
          view: texture.createView(),
          loadOp: "load" as const,
          storeOp: "store" as const,
        })),
      });
      pass.setPipeline(casts[cast.projection]);
      pass.setBindGroup(0, castGroup(cast.labels));
      pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
      pass.draw(3);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Shows layers of one kind, each scaled to the whole target and cut to its band, HU through the state's window, under its overlays. */
    present(
      state: ViewState,
      masks: LabelTexture | undefined,
      layers: readonly Layer[],
      target: PresentTarget,
    ): void {
      const kind = layers[0]?.picture.kind ?? "hu";
      const { params } = renderModules[presentModules[kind]];
      uploadParams(device, presentBuffers[kind], params, presentParams(state, masks, kind, target));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target.texture.createView(), loadOp: "clear", storeOp: "store" }],
      });
      pass.setPipeline(presents[kind]);
      for (const { picture, band } of layers) {
        if (band.bottom <= band.top) continue;
        pass.setBindGroup(0, presentGroup(device, layouts.present, presentBuffers[kind], picture));
        pass.setScissorRect(0, band.top, target.widthPx, band.bottom - band.top);
        pass.draw(3);
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      castBuffer.destroy();
      presentBuffers.hu.destroy();
      presentBuffers.color.destroy();
      noLabels.destroy();
      transfer.destroy();
    },
  };
}

/** Volume rendering has its labels' insides in the volume; over it go outlines only. */
function presentParams(
  { window, background, overlays }: ViewState,
  masks: LabelTexture | undefined,
  kind: PictureKind,
  target: PresentTarget,
) {
  const { lowHu, highHu } = windowOf(window.centerHu, window.widthHu);
  const styles = labelStyles(overlays, masks);
  const laid = kind === "hu" ? styles : styles.map((style) => ({ ...style, fillOpacity: 0 }));
  return {
    background,
    low_hu: lowHu,
    high_hu: highHu,
    target_px: [target.widthPx, target.heightPx],
    outline_px: outlinePx,
    ...labelLookParams(laid),
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

function presentLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = renderModules.present_hu;
  return device.createBindGroupLayout({
    label: "present",
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      { binding: bindings.projected.binding, visibility, texture: { sampleType: "unfilterable-float" } },
      { binding: bindings.labels.binding, visibility, texture: { sampleType: "uint" } },
    ],
  });
}

function presentGroup(
  device: GPUDevice,
  layout: GPUBindGroupLayout,
  params: GPUBuffer,
  { values, labels }: ProjectedPicture,
): GPUBindGroup {
  const { bindings } = renderModules.present_hu;
  return device.createBindGroup({
    layout,
    entries: [
      { binding: 0, resource: { buffer: params } },
      { binding: bindings.projected.binding, resource: values.createView() },
      { binding: bindings.labels.binding, resource: labels.createView() },
    ],
  });
}
