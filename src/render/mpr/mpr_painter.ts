import { shaderStage, textureUsage } from "../../engine/gpu/constants.js";
import { renderModules } from "../../engine/kernels.generated.js";
import { windowOf } from "../../ops/value/window.js";
import type { DisplayTexture } from "../display_texture.js";
import { type LabelStyle, labelLookParams } from "../label_look.js";
import type { Band } from "../picture.js";
import type { PresentTarget } from "../presenter.js";
import { compileScreenPass, createParamsBuffer, uploadParams } from "../screen_pass.js";
import type { CtWindow } from "../window_presets.js";
import type { CutParams } from "./cut_params.js";

/** HU and label bits of a cut, before any window and color. */
export interface CutPicture {
  readonly hu: GPUTexture;
  readonly labels: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Idempotent. */
  destroy(): void;
}

export interface CutLayer {
  readonly picture: CutPicture;
  readonly band: Band;
}

export interface CutLook {
  readonly window: CtWindow;
  readonly background: readonly [number, number, number];
  /** The last on top. */
  readonly labels: readonly LabelStyle[];
  /** In pixels of the target. */
  readonly outlinePx: number;
}

const huFormat = "r32float";
const labelFormat = "r8uint";
const bytesPerPixel = 5;

/** Draws cuts of one volume in two stages, as `createPainter` does rays: a change of window or color redraws the second only. */
export type MprPainter = Awaited<ReturnType<typeof createMprPainter>>;

export async function createMprPainter(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { device, memory } = display.engine;
  const { mpr_sample: cutModule, present_hu: presentModule } = renderModules;
  const layouts = { cut: cutLayout(device), present: presentLayout(device) };
  const [cutPass, plainPass, labelledPass] = await Promise.all([
    compileScreenPass(device, "mpr_sample", "cut", layouts.cut, [huFormat, labelFormat]),
    compileScreenPass(device, "present_hu", "present", layouts.present, [targetFormat], { labelled: 0 }),
    compileScreenPass(device, "present_hu", "present", layouts.present, [targetFormat]),
  ]);
  const cutBuffer = createParamsBuffer(device, cutModule.params);
  const presentBuffer = createParamsBuffer(device, presentModule.params);
  const noLabels = device.createTexture({
    label: "no labels",
    dimension: "3d",
    size: [1, 1, 1],
    format: labelFormat,
    usage: textureUsage.textureBinding,
  });

  return {
    createPicture(widthPx: number, heightPx: number): CutPicture {
      const usage = textureUsage.renderAttachment | textureUsage.textureBinding | textureUsage.copySource;
      const size = [widthPx, heightPx];
      const hu = device.createTexture({ label: "cut", size, format: huFormat, usage });
      const labels = device.createTexture({ label: "cut labels", size, format: labelFormat, usage });
      const release = memory.take("cut", widthPx * heightPx * bytesPerPixel);
      const destroy = () => {
        hu.destroy();
        labels.destroy();
        release();
      };
      return { hu, labels, widthPx, heightPx, destroy };
    },

    /** Samples the rows of a band; the picture's others stay. `labels` is a texture of bits of the volume's size. */
    cut(params: CutParams, picture: CutPicture, band: Band, labels: GPUTexture = noLabels): void {
      uploadParams(device, cutBuffer, cutModule.params, { ...params });
      const { bindings } = cutModule;
      const group = device.createBindGroup({
        layout: layouts.cut,
        entries: [
          { binding: 0, resource: { buffer: cutBuffer } },
          { binding: bindings.volume.binding, resource: display.texture.createView() },
          { binding: bindings.labels.binding, resource: labels.createView() },
        ],
      });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [picture.hu, picture.labels].map((texture) => ({
          view: texture.createView(),
          loadOp: "load" as const,
          storeOp: "store" as const,
        })),
      });
      pass.setPipeline(cutPass);
      pass.setBindGroup(0, group);
      pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
      pass.draw(3);
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Shows layers, each scaled to the whole target and cut to its band of it. */
    present(look: CutLook, layers: readonly CutLayer[], target: PresentTarget): void {
      uploadParams(device, presentBuffer, presentModule.params, lookParams(look, target));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target.texture.createView(), loadOp: "clear", storeOp: "store" }],
      });
      pass.setPipeline(look.labels.length > 0 ? labelledPass : plainPass);
      const { bindings } = presentModule;
      for (const { picture, band } of layers) {
        if (band.bottom <= band.top) continue;
        const group = device.createBindGroup({
          layout: layouts.present,
          entries: [
            { binding: 0, resource: { buffer: presentBuffer } },
            { binding: bindings.projected.binding, resource: picture.hu.createView() },
            { binding: bindings.labels.binding, resource: picture.labels.createView() },
          ],
        });
        pass.setBindGroup(0, group);
        pass.setScissorRect(0, band.top, target.widthPx, band.bottom - band.top);
        pass.draw(3);
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    },

    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      cutBuffer.destroy();
      presentBuffer.destroy();
      noLabels.destroy();
    },
  };
}

function lookParams({ window, background, labels, outlinePx }: CutLook, target: PresentTarget) {
  const { lowHu, highHu } = windowOf(window.centerHu, window.widthHu);
  return {
    background,
    low_hu: lowHu,
    high_hu: highHu,
    target_px: [target.widthPx, target.heightPx],
    outline_px: outlinePx,
    ...labelLookParams(labels),
  };
}

const { fragment: visibility } = shaderStage;

function cutLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = renderModules.mpr_sample;
  return device.createBindGroupLayout({
    label: "cut",
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      {
        binding: bindings.volume.binding,
        visibility,
        texture: { viewDimension: "3d", sampleType: "unfilterable-float" },
      },
      { binding: bindings.labels.binding, visibility, texture: { viewDimension: "3d", sampleType: "uint" } },
    ],
  });
}

function presentLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = renderModules.present_hu;
  return device.createBindGroupLayout({
    label: "present cut",
    entries: [
      { binding: 0, visibility, buffer: { type: "uniform" } },
      { binding: bindings.projected.binding, visibility, texture: { sampleType: "unfilterable-float" } },
      { binding: bindings.labels.binding, visibility, texture: { sampleType: "uint" } },
    ],
  });
}
