/** The page's parts by their id, and which of them is on show. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html has no ${type.name} "${id}"`);
}

const panels = ["start", "choose", "busy", "problem"] as const;
export type Panel = (typeof panels)[number];

/** Shows one panel over the panes, or none. */
export function show(panel: Panel | "none"): void {
  for (const id of panels) element(id, HTMLElement).hidden = id !== panel;
}

const stages: Readonly<Record<string, string>> = {
  phantom: "Computing the phantom",
  archive: "Opening the archive",
  unpack: "Unpacking",
  headers: "Reading headers",
  compare: "Comparing slices",
  load: "Decoding slices",
};
/** Stages that count bytes. */
const inBytes = ["archive", "unpack"];

/** Progress with counts: "Decoding slices", "40 of 148". Without a total, a bar that only moves. */
export function showProgress({ stage, done, total }: { stage: string; done: number; total: number }): void {
  show("busy");
  const title = element("busy-title", HTMLElement);
  const text = stages[stage] ?? "Working";
  if (title.textContent !== text) title.textContent = text;
  const bar = element("progress", HTMLProgressElement);
  if (total > 0) bar.value = done / total;
  else bar.removeAttribute("value");
  const count = inBytes.includes(stage) ? megabytes : String;
  element("count", HTMLElement).textContent = total > 0 ? `${count(done)} of ${count(total)}` : "";
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** With a button, named for the `way`, to try `again` in a way that may work, where there is one. */
export function showProblem(title: string, text: string, again?: () => void, way = ""): void {
  element("problem-title", HTMLElement).textContent = title;
  element("problem-text", HTMLElement).textContent = text;
  const repair = element("repair", HTMLButtonElement);
  repair.hidden = !again;
  repair.textContent = way;
  repair.onclick = again ?? null;
  show("problem");
}

/** Said in a corner of the panes, until undefined. */
export function showNotice(text: string | undefined): void {
  const notice = element("notice", HTMLElement);
  notice.textContent = text ?? "";
  notice.hidden = text === undefined;
}

/** What the start panel says of what was before. */
export function startNote(text: string): void {
  element("start-note", HTMLElement).textContent = text;
}

export interface Choice<T> {
  readonly label: string;
  readonly detail: string;
  readonly value: T;
}

/** One button a choice; resolves with the one taken, rejects when the signal aborts. */
export function choose<T>(choices: readonly Choice<T>[], signal: AbortSignal): Promise<T> {
  show("choose");
  const list = element("series", HTMLElement);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    list.replaceChildren(
      ...choices.map(({ label, detail, value }) => {
        const button = document.createElement("button");
        const small = document.createElement("small");
        button.type = "button";
        small.textContent = detail;
        button.append(label, small);
        button.addEventListener("click", () => resolve(value));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    list.querySelector("button")?.focus();
  });
}
