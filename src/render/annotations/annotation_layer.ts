import { checkOptions, invalidOption } from "../../core/options.js";
import { listOf } from "../../core/rules.js";
import type { MprPlane } from "../state/plane.js";
import { checkView, isView } from "../view/check_given.js";
import { followElementSize } from "../view/element_size.js";
import { framesOf } from "../view/frames.js";
import type { View } from "../view/view.js";
import { type Annotations, annotationsOf } from "./annotations.js";

/** Options of attachAnnotations. */
export interface AnnotationLayerOptions {
  /** Views whose cuts are shown as lines in this one. */
  readonly others?: readonly View[];
}

/** As 3D Slicer has them. */
const planeColors: Readonly<Record<string, string>> = {
  axial: "#ff6b6b",
  coronal: "#5fd38d",
  sagittal: "#ffd166",
};
const OBLIQUE_COLOR = "#c3a6ff";
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const views = listOf((view) => (isView(view) ? undefined : "a view"), "views");
const MARGIN_PX = 8;
const FONT_PX = 13;

/**
 * Writes a view's annotations over it, as SVG in `container`, a positioned element of the canvas's size:
 * orientation letters, scale bar, window, position of the slice, and where the slices of `others` pass.
 * Follows the views. A page that wants them otherwise takes `annotationsOf` and draws them itself. Gives the
 * call that takes them away.
 * @throws HounsfieldError `invalid-option`
 */
export function attachAnnotations(
  view: View,
  container: HTMLElement,
  options: AnnotationLayerOptions = {},
): () => void {
  const { others = [] } = checkOptions("attachAnnotations", options, { others: views });
  checkView("attachAnnotations", view);
  if (typeof container?.append !== "function")
    throw invalidOption("attachAnnotations", "container", container, "an element");
  const svg = svgElement("svg", { "aria-hidden": "true", class: "hounsfield-annotations" });
  svg.style.cssText = "position:absolute;inset:0;width:100%;height:100%;pointer-events:none;overflow:hidden";
  container.append(svg);
  const frames = framesOf(svg);
  const draw = () => {
    if (svg.clientWidth === 0) return;
    const scale = view.widthPx / Math.max(1, svg.clientWidth);
    svg.replaceChildren(...marksOf(annotationsOf(view, others), svg.clientWidth, svg.clientHeight, scale));
  };
  const update = () => frames.request(draw);
  const size = followElementSize(container, { onSize: update, onMoved: update });
  const ends = [view, ...others].flatMap((one) => [one.on("change", update), one.on("resize", update)]);
  update();
  return () => {
    for (const end of ends) end();
    size.stop();
    frames.cancel();
    svg.remove();
  };
}

/** In CSS pixels; `scale` device pixels to one. */
function marksOf(annotations: Annotations, width: number, height: number, scale: number): SVGElement[] {
  const { edges, crossings, point, scaleBar, window, position = "" } = annotations;
  const lines = crossings.map(({ plane, from, to }) =>
    lineOf(from[0] / scale, from[1] / scale, to[0] / scale, to[1] / scale, colorOf(plane)),
  );
  const cross = point && crossings.length === 0 ? crossOf(point[0] / scale, point[1] / scale) : [];
  const barPx = scaleBar.lengthPx / scale;
  const [barX, barY] = [width - MARGIN_PX - barPx, height - MARGIN_PX];
  const tick = 4;
  const path = `M${barX} ${barY - tick}v${tick}h${barPx}v${-tick}`;
  return [
    ...lines,
    ...cross,
    textOf(edges.left, MARGIN_PX, height / 2, "start"),
    textOf(edges.right, width - MARGIN_PX, height / 2, "end"),
    textOf(edges.top, width / 2, MARGIN_PX + FONT_PX * 0.8, "middle"),
    textOf(edges.bottom, width / 2, height - MARGIN_PX, "middle"),
    textOf(window, MARGIN_PX, height - MARGIN_PX, "start"),
    textOf(position, MARGIN_PX, MARGIN_PX + FONT_PX * 0.8, "start"),
    svgElement("path", { d: path, fill: "none", stroke: "#fff", "stroke-width": "1.5" }),
    textOf(scaleBar.label, width - MARGIN_PX, barY - tick - 4, "end"),
  ];
}

function colorOf(plane: MprPlane): string {
  return typeof plane === "string" ? planeColors[plane] : OBLIQUE_COLOR;
}

function crossOf(x: number, y: number): SVGElement[] {
  const arm = 10;
  return [lineOf(x - arm, y, x + arm, y, OBLIQUE_COLOR), lineOf(x, y - arm, x, y + arm, OBLIQUE_COLOR)];
}

function lineOf(x1: number, y1: number, x2: number, y2: number, stroke: string): SVGElement {
  return svgElement("line", { x1: `${x1}`, y1: `${y1}`, x2: `${x2}`, y2: `${y2}`, stroke, opacity: "0.7" });
}

function textOf(text: string, x: number, y: number, anchor: string): SVGElement {
  const element = svgElement("text", {
    x: `${x}`,
    y: `${y}`,
    "text-anchor": anchor,
    fill: "#fff",
    // Readable over bone and over air.
    stroke: "#000",
    "stroke-width": "3",
    "paint-order": "stroke",
    "font-family": "system-ui, sans-serif",
    "font-size": `${FONT_PX}`,
  });
  element.textContent = text;
  return element;
}

function svgElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG_NAMESPACE, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
