/**
 * What a page does that was given addresses and has a reader of files: six requests at a time, as browsers
 * allow.
 * @param {readonly string[]} urls
 */
export async function fetchFiles(urls) {
  return Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url);
      return new File([await response.arrayBuffer()], decodeURIComponent(url.split("/").at(-1) ?? ""));
    }),
  );
}
