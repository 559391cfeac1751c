import type { MprState } from "hounsfield";
import { slabThrough } from "hounsfield";
import { fillChoices } from "./choices.js";
import { element } from "./panels.js";
import type { Viewer } from "./viewer.js";

const kinds: Readonly<Record<MprState["slabKind"], string>> = {
  maximum: "Maximum",
  average: "Mean",
  minimum: "Minimum",
};

/** Thick slabs: of the planes, and of the 3D pane, round the crosshair whatever the direction. */
export function attachSlabControls({ cuts: [cut], whole, closed: signal }: Viewer): void {
  const check = fillChoices(element("slab-kinds", HTMLFieldSetElement), kinds, (slabKind) =>
    cut.set({ mpr: { slabKind } }),
  );
  const [thin, thick] = ["cut-slab", "volume-slab"].map((id) => element(id, HTMLInputElement));
  thin.addEventListener("input", () => cut.set({ mpr: { slabMm: thin.valueAsNumber } }), { signal });
  thick.addEventListener("input", () => setWholeSlab(thick.valueAsNumber), { signal });

  const setWholeSlab = (thicknessMm: number) => {
    const { camera, mpr } = whole.state;
    const slab = slabThrough(whole.volume.grid, camera, mpr.pointMm, thicknessMm);
    whole.set({ slab: thicknessMm > 0 ? slab : null });
  };
  const show = () => {
    const { slabMm, slabKind } = cut.state.mpr;
    thin.valueAsNumber = slabMm;
    element("cut-slab-value", HTMLOutputElement).value = slabMm > 0 ? `${slabMm} mm` : "none";
    element("slab-kinds", HTMLFieldSetElement).hidden = slabMm === 0;
    check(slabKind);
    const { slab } = whole.state;
    thick.valueAsNumber = slab?.thicknessMm ?? 0;
    element("volume-slab-value", HTMLOutputElement).value = slab ? `${slab.thicknessMm} mm` : "none";
  };
  cut.on("change", show);
  whole.on("change", ({ state, changed }) => {
    if (state.slab && (changed.includes("camera") || changed.includes("mpr")))
      setWholeSlab(state.slab.thicknessMm);
    show();
  });
  show();
}
