import { element } from "./panels.js";

/** The dialog that says how to move: by its button, or by "?". */
export function setUpHelp(): void {
  const help = element("help", HTMLDialogElement);
  element("help-open", HTMLButtonElement).addEventListener("click", () => help.showModal());
  addEventListener("keydown", ({ key }) => {
    if (key === "?" && !help.open) help.showModal();
  });
  // Its own area is its children's: a click on itself is one beside them.
  help.addEventListener("click", ({ target }) => target === help && help.close());
}
