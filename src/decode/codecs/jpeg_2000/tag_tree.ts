/** A tag tree (T.800 B.10.2): of each node the least value it may have, and whether that is its value. */
export interface TagTree {
  readonly levels: readonly { readonly columns: number; readonly at: number }[];
  readonly least: Uint16Array;
  readonly known: Uint8Array;
}

export function createTagTree(columns: number, rows: number): TagTree {
  const levels = [];
  let nodes = 0;
  for (let [width, height] = [columns, rows]; ; ) {
    levels.push({ columns: width, at: nodes });
    nodes += width * height;
    if (width * height <= 1) break;
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  }
  return { levels, least: new Uint16Array(nodes), known: new Uint8Array(nodes) };
}

/** Reads on until it is known whether the leaf's value is below `threshold`, and says so. */
export function isBelow(
  { levels, least, known }: TagTree,
  column: number,
  row: number,
  threshold: number,
  bit: () => number,
): boolean {
  let floor = 0;
  let node = 0;
  for (let level = levels.length - 1; level >= 0; level--) {
    const { columns, at } = levels[level];
    node = at + Math.floor(row / 2 ** level) * columns + Math.floor(column / 2 ** level);
    let value = Math.max(least[node], floor);
    while (value < threshold && !known[node]) {
      if (bit()) known[node] = 1;
      else value++;
    }
    least[node] = value;
    floor = value;
  }
  return known[node] === 1 && least[node] < threshold;
}

/** The value of a leaf of which `isBelow` has become true. */
export function leafValue({ levels, least }: TagTree, column: number, row: number): number {
  return least[row * levels[0].columns + column];
}
