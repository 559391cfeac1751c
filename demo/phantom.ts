import { type ByteSource, bytesSource, type Control } from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** The phantom's files, with a breath between slices so that the page stays alive. */
export async function phantomSources({ signal, onProgress }: Control): Promise<ByteSource[]> {
  const phantom = chestPhantom();
  const total = phantom.grid.size[2];
  const sources: ByteSource[] = [];
  for (const { name, bytes } of phantomSeries(phantom)) {
    sources.push(bytesSource(name, bytes));
    onProgress?.({ stage: "phantom", done: sources.length, total });
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  }
  return sources;
}
