import { shaderStage, textureUsage } from "../../engine/gpu/constants.js";
import { mprModules } from "../../engine/mpr_modules.generated.js";
import { type Band, LABEL_FORMAT, type RenderTarget, valueFormats } from "../frame/render_target.js";
import { compileScreenPass, createParamsBuffer, encodeOrSubmit, uploadParams } from "../frame/screen_pass.js";
import { createWindowPass } from "../frame/window_pass.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import type { MprParams } from "./mpr_params.js";

/**
 * Draws cuts of one volume in two stages, as `createRayPasses` does rays: a change of window or color redraws
 * the second only.
 */
export type MprPasses = Awaited<ReturnType<typeof createMprPasses>>;

export async function createMprPasses(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { device } = display.engine;
  const { mpr_sample: module } = mprModules;
  const layout = sampleLayout(device);
  const windowPass = createWindowPass(display, targetFormat);
  const [samplePass] = await Promise.all([
    compileScreenPass(device, "mpr_sample", module.code, "sample_slice", layout, [
      valueFormats.hu,
      LABEL_FORMAT,
    ]),
    windowPass.prepare("hu", false),
    windowPass.prepare("hu", true),
  ]);
  const paramsBuffer = createParamsBuffer(device, module.params);
  const noLabels = device.createTexture({
    label: "no labels",
    dimension: "3d",
    size: [1, 1, 1],
    format: LABEL_FORMAT,
    usage: textureUsage.textureBinding,
  });

  return {
    /**
     * Samples the rows of a band; the picture's others stay. `labels` is a texture of bits of the volume's
     * size. By `encoder`, or one submit.
     */
    sample(
      params: MprParams,
      picture: RenderTarget,
      band: Band,
      labels: GPUTexture = noLabels,
      encoder?: GPUCommandEncoder,
    ): void {
      uploadParams(device, paramsBuffer, module.params, { ...params });
      const { bindings } = module;
      const group = device.createBindGroup({
        layout,
        entries: [
          { binding: 0, resource: { buffer: paramsBuffer } },
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
        pass.setPipeline(samplePass);
        pass.setBindGroup(0, group);
        pass.setScissorRect(0, band.top, picture.widthPx, band.bottom - band.top);
        pass.draw(3);
        pass.end();
      });
    },

    present: windowPass.present,

    /** Idempotent. Pictures are their makers' to destroy. */
    destroy(): void {
      paramsBuffer.destroy();
      windowPass.destroy();
      noLabels.destroy();
    },
  };
}

const { fragment: visibility } = shaderStage;

function sampleLayout(device: GPUDevice): GPUBindGroupLayout {
  const { bindings } = mprModules.mpr_sample;
  return device.createBindGroupLayout({
    label: "sample_slice",
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
