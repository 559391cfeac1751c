import type { ValueScale } from "../../core/value_scale.js";
import { shaderStage } from "../../engine/gpu/constants.js";
import { renderModules } from "../../engine/kernels.generated.js";
import { type HuWindow, windowOf } from "../../ops/value/window_slabs.js";
import type { ViewState } from "../state/view_state.js";
import type { CtWindow } from "../state/window_presets.js";
import { displayedValue } from "../texture/display_scale.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import { labelLookParams, labelStyles, OUTLINE_PX } from "../texture/label_style.js";
import type { LabelTexture } from "../texture/label_texture.js";
import { lazily } from "./lazily.js";
import type { Band, RenderTarget, TargetKind } from "./render_target.js";
import { compileScreenPass, createParamsBuffer, encodeOrSubmit, uploadParams } from "./screen_pass.js";

/** A projected picture, and which rows of the target show it. */
export interface Layer {
  readonly picture: RenderTarget;
  readonly band: Band;
}

export interface PresentTarget {
  readonly texture: GPUTexture;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Of both kinds: their modules declare the same. */
const { params } = renderModules.present_hu;

/** What a pipeline that presents is compiled for. */
interface PresentVariant {
  readonly kind: TargetKind;
  readonly labeled: boolean;
}

/** Shows projected pictures on targets of one format. */
export type WindowPass = ReturnType<typeof createWindowPass>;

export function createWindowPass(display: DisplayTexture, targetFormat: GPUTextureFormat) {
  const { device } = display.engine;
  const layout = presentLayout(device);
  const pipelines = lazily(async ({ kind, labeled }: PresentVariant) => {
    const code = await presentShader(kind);
    const constants = { labeled: labeled ? 1 : 0 };
    return compileScreenPass(device, `present ${kind}`, code, "present", layout, [targetFormat], constants);
  });
  const buffers = { hu: createParamsBuffer(device, params), color: createParamsBuffer(device, params) };
  /** Bind groups by picture: nothing is made anew a frame. */
  const groups = new WeakMap<RenderTarget, GPUBindGroup>();
  const groupOf = (picture: RenderTarget) => {
    const known = groups.get(picture);
    if (known) return known;
    const group = presentGroup(device, layout, buffers[picture.kind], picture);
    groups.set(picture, group);
    return group;
  };
  return {
    /**
     * To be waited for before the first `present` of such pictures; undefined where there is nothing to wait
     * for.
     */
    prepare: (kind: TargetKind, labeled: boolean) => pipelines.prepare({ kind, labeled }),

    /**
     * Shows layers of one kind, each scaled to the whole target and cut to its band, HU through the state's
     * window, under its overlays. By `encoder`, or one submit.
     */
    present(
      state: ViewState,
      masks: LabelTexture | undefined,
      layers: readonly Layer[],
      target: PresentTarget,
      encoder?: GPUCommandEncoder,
    ): void {
      const kind = layers[0]?.picture.kind ?? "hu";
      const values = presentParams(state, display.values, masks, kind, target);
      const pipeline = pipelines.get({ kind, labeled: values.count > 0 });
      uploadParams(device, buffers[kind], params, values);
      encodeOrSubmit(device, encoder, (to) => {
        const view = target.texture.createView();
        const pass = to.beginRenderPass({ colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }] });
        for (const { picture, band } of layers) {
          if (band.bottom <= band.top) continue;
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, groupOf(picture));
          pass.setScissorRect(0, band.top, target.widthPx, band.bottom - band.top);
          pass.draw(3);
        }
        pass.end();
      });
    },

    /** Idempotent. */
    destroy(): void {
      buffers.hu.destroy();
      buffers.color.destroy();
    },
  };
}

async function presentShader(kind: TargetKind): Promise<string> {
  if (kind === "hu") return renderModules.present_hu.code;
  // Loaded with the first picture in colors, as its rays are.
  const { rayModules } = await import("../../engine/ray_modules.generated.js");
  return rayModules.present_color.code;
}

/** Volume rendering has its labels' insides in the volume; over it go outlines only. */
function presentParams(
  { window, background, overlays }: ViewState,
  values: ValueScale,
  masks: LabelTexture | undefined,
  kind: TargetKind,
  target: PresentTarget,
) {
  const { lowHu, highHu } = shownRange(window);
  const styles = labelStyles(overlays, masks);
  const laid = kind === "hu" ? styles : styles.map((style) => ({ ...style, fillOpacity: 0 }));
  return {
    background,
    low_hu: displayedValue(values, lowHu),
    high_hu: displayedValue(values, highHu),
    target_px: [target.widthPx, target.heightPx],
    sigmoid: window.voiFunction === "SIGMOID" ? 1 : 0,
    outline_px: OUTLINE_PX,
    ...labelLookParams(laid),
  };
}

/**
 * What is black and what is white. LINEAR's range begins half a value below the center and is a value
 * narrower (PS3.3 C.11.2.1.2.1).
 */
function shownRange({ centerHu, widthHu, voiFunction }: CtWindow): HuWindow {
  if (voiFunction !== "LINEAR") return windowOf(centerHu, widthHu);
  return windowOf(centerHu - 0.5, Math.max(widthHu - 1, 1e-3));
}

const { fragment: visibility } = shaderStage;

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
  { values, labels }: RenderTarget,
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
