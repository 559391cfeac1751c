// Scalable Vector Graphics as text (SVG 1.1, W3C), no more of it than charts need.

export type Attributes = Readonly<Record<string, string | number>>;

/** An element with its children, or with text. Numbers are written to the hundredth of a pixel. */
export function svg(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === "number" ? String(Number(value.toFixed(2))) : escaped(value);
    return ` ${key}="${text}"`;
  });
  return children.length === 0
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${children.join("")}</${name}>`;
}

export function svgText(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return svg("text", { x, y, ...attributes }, escaped(text));
}

export function svgLine(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return svg("line", { x1, y1, x2, y2, ...attributes });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
