import { listSeries, openSources } from "hounsfield";

declare global {
  interface Window {
    /**
     * Opens the addresses, or what they give as files of those names, and lists what is in them: names of
     * slices in order.
     */
    listSlices(urls: readonly string[], asFiles: boolean): Promise<readonly string[]>;
  }
}

window.listSlices = async (urls, asFiles) => {
  const inputs = await Promise.all(urls.map((url) => (asFiles ? fetchFile(url) : url)));
  const { series } = await listSeries(await openSources(inputs));
  const [one] = series;
  if (one.refusal) throw one.refusal;
  // The last pixel of each slice: also what lies behind the head is there.
  for (const { source, pixelData } of one.slices) {
    const end = pixelData.offset + pixelData.length;
    const [, value] = await source.read(end - 2, end);
    if (value !== 7) throw new Error(`${source.name}: ${value}`);
  }
  return one.slices.map(({ source }) => source.name);
};

async function fetchFile(url: string): Promise<File> {
  return new File([await (await fetch(url)).blob()], url.split("/").at(-1) ?? "");
}
