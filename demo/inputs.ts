import { type ByteSource, type Control, droppedSources, fileSources } from "hounsfield";
import { element } from "./panels.js";
import { phantomSources } from "./phantom.js";

export interface InputHooks {
  open(find: (control: Control) => Promise<readonly ByteSource[]>): void;
  cancel(): void;
  toStart(): void;
}

/** All ways in: folder, files, drop, phantom; and the ways back. Ready before the engine is. */
export function setUpInputs({ open, cancel, toStart }: InputHooks): void {
  for (const id of ["folder", "files"]) {
    const input = element(id, HTMLInputElement);
    input.addEventListener("change", () => {
      const sources = fileSources(input.files ?? []);
      input.value = "";
      if (sources.length > 0) open(async () => sources);
    });
  }
  const stage = element("stage", HTMLElement);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    stage.classList.remove("over");
    // Asked for at once: the items are gone after the event.
    const sources = event.dataTransfer && droppedSources(event.dataTransfer.items);
    if (sources) open(() => sources);
  });
  element("phantom", HTMLButtonElement).addEventListener("click", () => open(phantomSources));
  for (const id of ["cancel", "choose-cancel"])
    element(id, HTMLButtonElement).addEventListener("click", cancel);
  for (const id of ["another", "back"]) element(id, HTMLButtonElement).addEventListener("click", toStart);
  element("controls", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
}
