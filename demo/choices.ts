/**
 * Chips of which one is chosen: radio buttons in a fieldset. Gives the call that shows which one it is, or
 * none.
 */
export function fillChoices<T extends string>(
  fieldset: HTMLFieldSetElement,
  names: Readonly<Record<T, string>>,
  onChoose: (value: T) => void,
): (value: T | undefined) => void {
  const values = Object.keys(names) as T[];
  const inputs = values.map((value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: fieldset.id, value });
    input.addEventListener("change", () => onChoose(value));
    return input;
  });
  const labels = values.map((value, i) => {
    const label = document.createElement("label");
    const chip = document.createElement("span");
    chip.textContent = names[value];
    label.append(inputs[i], chip);
    return label;
  });
  fieldset.replaceChildren(...labels);
  return (value) => {
    for (const input of inputs) input.checked = input.value === value;
  };
}
