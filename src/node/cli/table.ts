/**
 * A plain text table. Columns are left-aligned but for those of `right`, by number: the last one where
 * nothing is said, which holds sizes or times.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = head.length > 1 ? [head.length - 1] : [],
): string {
  const widths = head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i])].map(displayWidth)));
  const pad = (cell: string, i: number) => {
    const spaces = " ".repeat(widths[i] - displayWidth(cell));
    return right.includes(i) ? spaces + cell : cell + spaces;
  };
  const line = (cells: readonly string[]) => cells.map(pad).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return `${[line(head), line(rule), ...rows.map(line)].join("\n")}\n`;
}

/** Names and values, a line each; a value that is longer than `width` goes on below itself. */
export function facts(rows: readonly (readonly [name: string, value: string])[], width = Infinity): string {
  const indent = Math.max(0, ...rows.map(([name]) => name.length)) + 4;
  return rows
    .map(([name, value]) => {
      const lines = wrapped(value, Math.max(40, width - indent));
      return `  ${name.padEnd(indent - 2)}${lines.join(`\n${" ".repeat(indent)}`)}\n`;
    })
    .join("");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Terminals show the scripts of East Asia two cells wide. */
function displayWidth(text: string): number {
  let width = 0;
  for (const letter of text)
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u.test(
        letter,
      )
        ? 2
        : 1;
  return width;
}
