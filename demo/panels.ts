/** The page's parts by their id, and which of them is on show. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html has no ${type.name} "${id}"`);
}

const panels = ["start", "choose", "busy", "problem"] as const;
export type Panel = (typeof panels)[number];

/** Shows one panel over the picture, or none. */
export function show(panel: Panel | "none"): void {
  for (const id of panels) element(id, HTMLElement).hidden = id !== panel;
}

const stages: Readonly<Record<string, string>> = {
  phantom: "Computing the phantom",
  headers: "Reading headers",
  load: "Decoding slices",
};

/** Progress with counts: "Decoding slices", "40 of 148". Without a total, a bar that only moves. */
export function showProgress({ stage, done, total }: { stage: string; done: number; total: number }): void {
  show("busy");
  const title = element("busy-title", HTMLElement);
  const text = stages[stage] ?? "Working";
  if (title.textContent !== text) title.textContent = text;
  const bar = element("progress", HTMLProgressElement);
  if (total > 0) bar.value = done / total;
  else bar.removeAttribute("value");
  element("count", HTMLElement).textContent = total > 0 ? `${done} of ${total}` : "";
}

export function showProblem(title: string, text: string): void {
  element("problem-title", HTMLElement).textContent = title;
  element("problem-text", HTMLElement).textContent = text;
  show("problem");
}

/** One button a choice; resolves with the one taken, rejects when the signal aborts. */
export function choose<T>(choices: readonly { label: string; value: T }[], signal: AbortSignal): Promise<T> {
  show("choose");
  const list = element("series", HTMLElement);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    list.replaceChildren(
      ...choices.map(({ label, value }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => resolve(value));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    list.querySelector("button")?.focus();
  });
}
