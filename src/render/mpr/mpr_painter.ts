import { cutModules } from "../../engine/cut_modules.generated.js";
import { shaderStage, textureUsage } from "../../engine/gpu/constants.js";
import { type Band, labelFormat, type ProjectedPicture, valueFormats } from "../frame/render_target.js";
import { compileScreenPass, createParamsBuffer, encodeOrSubmit, uploadParams } from "../frame/screen_pass.js";
import { createPresenter } from "../frame/window_pass.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { MprParams } from "./mpr_params.js";

/**
 * Draws cuts of one volume in two stages, as `createPainter` does rays: a change of window or color redraws
 * the second only.
 */
export type MprPainter = Awaited<ReturnType<typeof createMprPainter>>;

export async function createMprPainter(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { device } = display.engine;
  const { mpr_sample: cutModule } = cutModules;
  const layout = cutLayout(device);
  const presenter = createPresenter(display, targetFormat);
  const [cutPass] = await Promise.all([
    compileScreenPass(device, "mpr_sample", cutModule.code, "cut", layout, [valueFormats.hu, labelFormat]),
    presenter.prepare("hu", false),
    presenter.prepare("hu", true),
  ]);
  const cutBuffer = createParamsBuffer(device, cutModule.params);
  const noLabels = device.createTexture({
    label: "no labels",
    dimension: "3d",
    size: [1, 1, 1],
    format: labelFormat,
    usage: textureUsage.textureBinding,
  });

  return {
    /**
     * Samples the rows of a band; the picture's others stay. `labels` is a texture of bits of the volume's
     * size. By `encoder`, or one submit.
     */
    cut(
      params: MprParams,
      picture: ProjectedPicture,
      band: Band,
      labels: GPUTexture = noLabels,
      encoder?: GPUCommandEncoder,
    ): void {
      uploadParams(device, cutBuffer, cutModule.params, { ...params });
      const { bindings } = cutModule;
      const group = device.createBindGroup({
        layout,
        entries: [
          { binding: 0, resource: { buffer: cutBuffer } },
          { binding: bindings.volume.binding, resource: display.texture.createView() },
          { binding: bindings.labels.binding, resource: labels.createView() },
        ],
      });
      encodeOrSubmit(device, encoder, (to) => {
        const pass = to.beginRenderPass({
          colorAttachments: [picture.values, picture.labels].map((texture) => ({
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
      });
    },

    present: presenter.present,

    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      cutBuffer.destroy();
      presenter.destroy();
      noLabels.destroy();
    },
  };
}

const { fragment: visibility } = shaderStage;

function cutLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = cutModules.mpr_sample;
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
