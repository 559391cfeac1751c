import { isHounsfieldError, type LungMask, lungMask } from "hounsfield";
import { fillChoices } from "./choices.js";
import { lungWords } from "./lung_words.js";
import { element } from "./panels.js";
import { describeProblem } from "./problems.js";
import type { Viewer } from "./viewer.js";

const parts = ["right", "left", "airways"] as const;
/** As in style/controls.css. */
const colors = { right: [1, 0.42, 0.36], left: [0.33, 0.62, 1], airways: [0.36, 0.88, 0.58] } as const;
const OUTLINE_OPACITY = 0.9;
type Outside = "show" | "dim" | "hide";
const outsides: Readonly<Record<Outside, string>> = { show: "Show", dim: "Dim", hide: "Hide" };

/** Lungs and airways: found when asked for, with the page alive meanwhile; then laid over all panes. */
export function attachLungs({ volume, panes, whole, closed }: Viewer): void {
  const views = Object.values(panes);
  const find = element("find-lungs", HTMLButtonElement);
  const opacity = element("opacity", HTMLInputElement);
  const note = element("lungs-note", HTMLElement);
  let outside: Outside = "show";
  let lungs: LungMask | undefined;
  let job: AbortController | undefined;

  const isShown = (part: string) => element(`mask-${part}`, HTMLInputElement).checked;
  const lay = () => {
    const shown = lungs ? parts.filter(isShown) : [];
    const fill = opacity.valueAsNumber;
    const overlays = shown.map((mask) => ({
      mask,
      color: colors[mask],
      opacity: fill,
      outline: OUTLINE_OPACITY,
    }));
    for (const view of views) view.set({ overlays });
    const around = outside;
    whole.set({ cut: around === "show" ? [] : shown.map((mask) => ({ mask, outside: around })) });
    element("opacity-value", HTMLOutputElement).value = `${Math.round(fill * 100)} %`;
  };
  const state = (now: "ask" | "busy" | "found", text = "") => {
    find.hidden = now !== "ask";
    element("lungs-busy", HTMLElement).hidden = now !== "busy";
    element("lungs-found", HTMLElement).hidden = now !== "found";
    note.textContent = text;
    note.hidden = text === "";
  };
  const drop = (text?: string) => {
    job?.abort();
    lungs?.destroy();
    lungs = undefined;
    lay();
    state("ask", text);
  };
  const start = async () => {
    const { signal } = (job = new AbortController());
    showSteps(0, 0);
    state("busy");
    try {
      const found = await lungMask(volume, {
        signal,
        onProgress: ({ done, total }) => showSteps(done, total),
      });
      if (signal.aborted) found.destroy();
      signal.throwIfAborted();
      lungs = found;
      const { note: text, values, details } = lungWords(found.quality);
      for (const part of parts) {
        const label = element(`mask-${part}`, HTMLInputElement).parentElement;
        label?.querySelector("output")?.replaceChildren(values?.[part] ?? "");
        if (label) label.title = details?.[part] ?? "";
      }
      const { right, left, airways } = found;
      for (const view of views) view.setMasks({ right, left, airways });
      lay();
      state(values ? "found" : "ask", text);
    } catch (error) {
      if (signal.aborted) state("ask");
      else state("ask", describeProblem(error).text);
    }
  };

  const listening = { signal: closed };
  find.addEventListener("click", start, listening);
  element("lungs-cancel", HTMLButtonElement).addEventListener("click", () => job?.abort(), listening);
  for (const part of parts)
    element(`mask-${part}`, HTMLInputElement).addEventListener("change", lay, listening);
  opacity.addEventListener("input", lay, listening);
  fillChoices(element("outside", HTMLFieldSetElement), outsides, (chosen) => {
    outside = chosen;
    lay();
  })(outside);
  // What was computed goes with a lost device.
  whole.on("notice", (notice) => {
    if (notice.code !== "no-overlays") return;
    const { error } = notice;
    const isLost = isHounsfieldError(error, "device-lost");
    drop(isLost ? "Lost with the GPU; find them again." : describeProblem(error).text);
  });
  closed.addEventListener("abort", () => {
    job?.abort();
    lungs?.destroy();
  });
  state("ask");
}

function showSteps(done: number, total: number): void {
  const bar = element("lungs-progress", HTMLProgressElement);
  if (total > 0) bar.value = done / total;
  else bar.removeAttribute("value");
  element("lungs-count", HTMLElement).textContent =
    total > 0 ? `step ${Math.min(total, done + 1)} of ${total}` : "";
}
