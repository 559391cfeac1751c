import { bufferUsage, shaderStage, textureUsage } from "../engine/gpu/constants.js";
import { type ParamsLayout, writeParams } from "../engine/gpu/params.js";
import { renderModules } from "../engine/kernels.generated.js";
import { windowOf } from "../ops/value/window.js";
import type { DisplayTexture } from "./display_texture.js";
import type { Rays } from "./rays.js";
import type { RayProjection, ViewState } from "./view_state.js";

/** HU along the rays of a picture, before any window: one f32 a pixel. */
export interface ProjectedPicture {
  readonly texture: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Idempotent. */
  destroy(): void;
}

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
const projectedFormat = "r32float";

const projectionModules = { mip: "project_mip" } as const satisfies Record<
  RayProjection,
  keyof typeof renderModules
>;

/**
 * Draws one volume, in two stages: rays to HU, then HU through a window to the target. A change of window alone redraws
 * the second only. Each call is one submit. `targetFormat` is the format of all textures presented to.
 */
export type Painter = Awaited<ReturnType<typeof createPainter>>;

export async function createPainter(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { device, memory } = display.engine;
  const layouts = { project: projectLayout(device), present: presentLayout(device) };
  const [mip, present] = await Promise.all([
    compile(device, projectionModules.mip, "project", layouts.project, projectedFormat),
    compile(device, "present_window", "present", layouts.present, targetFormat),
  ]);
  const pipelines = { mip } as const satisfies Record<RayProjection, GPURenderPipeline>;
  const rayParams = paramsBuffer(device, renderModules.project_mip.params);
  const presentParams = paramsBuffer(device, renderModules.present_window.params);
  const { bindings } = renderModules.project_mip;
  const volumeGroup = device.createBindGroup({
    layout: layouts.project,
    entries: [
      { binding: 0, resource: { buffer: rayParams } },
      { binding: bindings.volume.binding, resource: display.texture.createView() },
      {
        binding: bindings.volume_sampler.binding,
        resource: device.createSampler({ magFilter: "linear", minFilter: "linear" }),
      },
    ],
  });

  return {
    createPicture(widthPx: number, heightPx: number): ProjectedPicture {
      const texture = device.createTexture({
        label: "projected picture",
        size: [widthPx, heightPx],
        format: projectedFormat,
        usage: textureUsage.renderAttachment | textureUsage.textureBinding,
      });
      const release = memory.take("projected picture", widthPx * heightPx * 4);
      const destroy = () => {
        texture.destroy();
        release();
      };
      return { texture, widthPx, heightPx, destroy };
    },

    /** Casts the rays of a band; the picture's other rows stay. */
    project(projection: RayProjection, rays: Rays, picture: ProjectedPicture, band: Band): void {
      upload(device, rayParams, renderModules.project_mip.params, { ...rays });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: picture.texture.createView(), loadOp: "load", storeOp: "store" }],
      });
      pass.setPipeline(pipelines[projection]);
      pass.setBindGroup(0, volumeGroup);
      pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
      pass.draw(3);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Shows layers through the state's window, each scaled to the whole target and cut to its band. */
    present(state: ViewState, layers: readonly Layer[], target: PresentTarget): void {
      const { lowHu, highHu } = windowOf(state.window.centerHu, state.window.widthHu);
      upload(device, presentParams, renderModules.present_window.params, {
        background: state.background,
        low_hu: lowHu,
        high_hu: highHu,
        target_px: [target.widthPx, target.heightPx],
      });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target.texture.createView(), loadOp: "clear", storeOp: "store" }],
      });
      pass.setPipeline(present);
      for (const { picture, band } of layers) {
        if (band.bottom <= band.top) continue;
        pass.setBindGroup(0, presentGroup(device, layouts.present, presentParams, picture));
        pass.setScissorRect(0, band.top, target.widthPx, band.bottom - band.top);
        pass.draw(3);
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      rayParams.destroy();
      presentParams.destroy();
    },
  };
}

function projectLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = renderModules.project_mip;
  return device.createBindGroupLayout({
    label: "project",
    entries: [
      { binding: 0, visibility: shaderStage.fragment, buffer: { type: "uniform" } },
      {
        binding: bindings.volume.binding,
        visibility: shaderStage.fragment,
        texture: { viewDimension: "3d" },
      },
      { binding: bindings.volume_sampler.binding, visibility: shaderStage.fragment, sampler: {} },
    ],
  });
}

function presentLayout(device: GPUDevice): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label: "present",
    entries: [
      { binding: 0, visibility: shaderStage.fragment, buffer: { type: "uniform" } },
      {
        binding: renderModules.present_window.bindings.projected.binding,
        visibility: shaderStage.fragment,
        texture: { sampleType: "unfilterable-float" },
      },
    ],
  });
}

function presentGroup(
  device: GPUDevice,
  layout: GPUBindGroupLayout,
  params: GPUBuffer,
  { texture }: ProjectedPicture,
): GPUBindGroup {
  const { binding } = renderModules.present_window.bindings.projected;
  return device.createBindGroup({
    layout,
    entries: [
      { binding: 0, resource: { buffer: params } },
      { binding, resource: texture.createView() },
    ],
  });
}

function compile(
  device: GPUDevice,
  name: keyof typeof renderModules,
  fragment: string,
  layout: GPUBindGroupLayout,
  format: GPUTextureFormat,
): Promise<GPURenderPipeline> {
  const module = device.createShaderModule({ label: name, code: renderModules[name].code });
  return device.createRenderPipelineAsync({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    vertex: { module, entryPoint: "cover" },
    fragment: { module, entryPoint: fragment, targets: [{ format }] },
  });
}

function paramsBuffer(device: GPUDevice, { bytes }: ParamsLayout): GPUBuffer {
  return device.createBuffer({
    label: "render params",
    size: bytes,
    usage: bufferUsage.uniform | bufferUsage.copyDestination,
  });
}

function upload(
  device: GPUDevice,
  buffer: GPUBuffer,
  layout: ParamsLayout,
  values: Readonly<Record<string, number | ArrayLike<number>>>,
): void {
  const view = new DataView(new ArrayBuffer(layout.bytes));
  writeParams(view, 0, layout, values);
  device.queue.writeBuffer(buffer, 0, view.buffer);
}
