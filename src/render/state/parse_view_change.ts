import type { Camera } from "./camera.js";
import type { Clip, ClipBox, ClipPlane, ViewSlab } from "./clip.js";
import {
  color,
  finite,
  flag,
  list,
  named,
  object,
  oneOf,
  pair,
  type Reader,
  text,
  triple,
} from "./json_reader.js";
import type { MaskCut } from "./mask_clip.js";
import { type MprState, mprInterpolations, mprSlabKinds } from "./mpr_state.js";
import type { OverlayChange } from "./overlays.js";
import type { MprPlane } from "./plane.js";
import type { Shading } from "./shading.js";
import type { GradientOpacityPoint, TransferFunction, TransferPoint } from "./transfer.js";
import { type TransferPreset, transferPresets } from "./transfer_presets.js";
import { rayProjections, type ViewChange, type ViewProjection } from "./view_state.js";
import { type CtWindow, type WindowPreset, windowPresets } from "./window_presets.js";

const keysOf = <T extends object>(names: T) => Object.keys(names) as (keyof T & string)[];

const camera = object<Partial<Camera>>({
  azimuthDeg: finite,
  elevationDeg: finite,
  rollDeg: finite,
  perspectiveDeg: finite,
  zoom: finite,
  panMm: pair,
});

const plane: Reader<MprPlane> = named<Extract<MprPlane, string>, Exclude<MprPlane, string>>(
  oneOf(["axial", "coronal", "sagittal"]),
  object<Exclude<MprPlane, string>>({ right: triple, down: triple }, ["right", "down"]),
);

const mpr = object<Partial<MprState>>({
  plane,
  pointMm: triple,
  interpolation: oneOf(mprInterpolations),
  slabMm: finite,
  slabKind: oneOf(mprSlabKinds),
  zoom: finite,
  panMm: pair,
});

const slab = object<ViewSlab>({ centerMm: finite, thicknessMm: finite }, ["centerMm", "thicknessMm"]);

const clip = object<Clip>({
  box: object<ClipBox>({ fromMm: triple, toMm: triple }, ["fromMm", "toMm"]),
  planes: list(object<ClipPlane>({ normal: triple, offsetMm: finite }, ["normal", "offsetMm"])),
});

const transfer = object<TransferFunction>(
  {
    points: list(
      object<TransferPoint>({ hu: finite, color, opacityPerMm: finite }, ["hu", "color", "opacityPerMm"]),
    ),
    gradientOpacity: list(
      object<GradientOpacityPoint>({ gradientHuPerMm: finite, factor: finite }, [
        "gradientHuPerMm",
        "factor",
      ]),
    ),
  },
  ["points"],
);

const viewChange = object<ViewChange>({
  projection: oneOf<ViewProjection>([...rayProjections, "mpr"]),
  window: named<WindowPreset, CtWindow>(
    oneOf(keysOf(windowPresets)),
    object<CtWindow>(
      { centerHu: finite, widthHu: finite, voiFunction: oneOf(["LINEAR", "LINEAR_EXACT", "SIGMOID"]) },
      ["centerHu", "widthHu"],
    ),
  ),
  camera,
  mpr,
  overlays: list(object<OverlayChange>({ mask: text, color, opacity: finite, outline: finite }, ["mask"])),
  slab: (value, path) => (value === null ? null : slab(value, path)),
  clip,
  cut: list(object<MaskCut>({ mask: text, outside: oneOf(["hide", "dim"]) }, ["mask", "outside"])),
  transfer: named<TransferPreset, TransferFunction>(oneOf(keysOf(transferPresets)), transfer),
  shading: object<Partial<Shading>>({
    on: flag,
    ambient: finite,
    diffuse: finite,
    specular: finite,
    shininess: finite,
  }),
  background: color,
});

/**
 * A stored state, or a part of one, as what `view.set` and `renderToPixels` take: every key known, every
 * value of its type. Ranges are theirs to check.
 * @throws HounsfieldError `invalid-option`, naming the key
 */
export function parseViewChange(json: unknown): ViewChange {
  return viewChange(json, "");
}
