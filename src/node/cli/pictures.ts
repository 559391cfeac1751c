import type { Control } from "../../core/control.js";
import type { ViewState } from "../../render/state/view_state.js";
import { createDisplayTexture, type Downsampling } from "../../render/texture/display_texture.js";
import type { Masks } from "../../render/texture/label_texture.js";
import { renderToPixels } from "../../render/view/render_to_pixels.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { UsageError } from "./usage_error.js";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Of textures on every WebGPU device. */
const MOST_PIXELS = 8192;

/**
 * `--size`: "512x512" unless told.
 * @throws a usage error
 */
export function pictureSize(text = "512x512"): PictureSize {
  const [width, height] = (/^(\d{1,5})x(\d{1,5})$/i.exec(text) ?? []).slice(1).map(Number);
  if (width >= 1 && height >= 1 && width <= MOST_PIXELS && height <= MOST_PIXELS) return { width, height };
  throw new UsageError(`--size takes WIDTHxHEIGHT of 1 to ${MOST_PIXELS} pixels, got "${text}"`);
}

/** The state, and the camera going once round in equal steps. */
export function turntable(state: ViewState, frames: number): ViewState[] {
  return Array.from({ length: frames }, (_, i) => {
    const azimuthDeg = state.camera.azimuthDeg + (360 * i) / frames;
    return { ...state, camera: { ...state.camera, azimuthDeg } };
  });
}

/** "chest.png" for one picture, else "chest-000.png" and on. */
export function frameName(name: string, frame: number, frames: number): string {
  if (frames === 1) return name;
  const digits = Math.max(3, String(frames - 1).length);
  return name.replace(/\.png$/i, (extension) => `-${String(frame).padStart(digits, "0")}${extension}`);
}

export interface PicturesOptions extends PictureSize {
  readonly masks?: Masks;
  /**
   * Told before the first picture, where the volume is too large for the device and all are coarser than it.
   */
  onDownsampled(downsampling: Downsampling): void;
}

/**
 * RGBA of each state, all drawn from one texture. Progress, stage "draw", is that of the picture where there
 * is only one, else it counts pictures.
 * @throws what `renderToPixels` throws
 */
export async function* drawPictures(
  volume: CtVolume,
  states: readonly ViewState[],
  { onDownsampled, ...options }: PicturesOptions,
  { signal, onProgress }: Control,
): AsyncGenerator<Uint8Array> {
  const display = await createDisplayTexture(volume);
  if (display.downsampling) onDownsampled(display.downsampling);
  const total = states.length;
  const isOne = total === 1;
  try {
    if (!isOne) onProgress?.({ stage: "draw", done: 0, total });
    for (const [i, state] of states.entries()) {
      const within = { signal, onProgress: isOne ? onProgress : undefined };
      yield await renderToPixels(volume, state, { ...options, ...within, display });
      if (!isOne) onProgress?.({ stage: "draw", done: i + 1, total });
    }
  } finally {
    display.destroy();
  }
}

/** Whether a picture shows nothing: one color everywhere. */
export function isBlank(rgba: Uint8Array): boolean {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  return pixels.every((pixel) => pixel === pixels[0]);
}
