import { element } from "./panels.js";

export const planes = ["axial", "coronal", "sagittal"] as const;
export const paneNames = [...planes, "volume"] as const;
export type PaneName = (typeof paneNames)[number];

/** A pane's parts in the page. */
export interface Pane {
  readonly figure: HTMLElement;
  /** Holds the canvas and what is written over it. */
  readonly picture: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly enlarge: HTMLButtonElement;
  /** Of planes. */
  readonly slices: HTMLInputElement | null;
}

export function paneOf(name: PaneName): Pane {
  const figure = element("panes", HTMLElement).querySelector<HTMLElement>(`[data-pane=${name}]`);
  const picture = figure?.querySelector<HTMLElement>(".picture");
  const canvas = figure?.querySelector("canvas");
  const enlarge = figure?.querySelector<HTMLButtonElement>(".enlarge");
  if (!figure || !picture || !canvas || !enlarge) throw new Error(`index.html has no whole pane "${name}"`);
  return { figure, picture, canvas, enlarge, slices: figure.querySelector<HTMLInputElement>(".slices") };
}

/** One pane is the chosen one: a narrow screen shows only that, a wide one all four, or that one enlarged. */
export function setUpPanes(): void {
  const all = element("panes", HTMLElement);
  const tabs = element("tabs", HTMLFieldSetElement).querySelectorAll("input");
  const choose = (name: PaneName, alone: boolean) => {
    all.classList.toggle("alone", alone);
    for (const one of paneNames) {
      const { figure, enlarge } = paneOf(one);
      figure.classList.toggle("chosen", one === name);
      enlarge.ariaPressed = String(alone && one === name);
    }
    for (const tab of tabs) tab.checked = tab.value === name;
  };
  const toggle = (name: PaneName) => {
    const isAlone = all.classList.contains("alone") && paneOf(name).figure.classList.contains("chosen");
    choose(name, !isAlone);
  };
  for (const name of paneNames) {
    const { canvas, enlarge } = paneOf(name);
    canvas.addEventListener("dblclick", () => toggle(name));
    enlarge.addEventListener("click", () => toggle(name));
  }
  for (const tab of tabs) tab.addEventListener("change", () => choose(tab.value as PaneName, false));
  addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (all.hidden || ctrlKey || metaKey || altKey || document.querySelector("dialog[open]")) return;
    const name = paneNames[Number(key) - 1];
    if (name) toggle(name);
    else if (key === "Escape") all.classList.contains("alone") && choose(chosen(), false);
  });
}

function chosen(): PaneName {
  return paneNames.find((name) => paneOf(name).figure.classList.contains("chosen")) ?? "axial";
}
