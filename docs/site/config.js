// The site's shape: what scripts/docs.js put together, by the vitepress that it installed.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * @typedef {{ readonly text: string, readonly link?: string, readonly collapsed?: boolean,
 * readonly items?: readonly Item[] }} Item
 */

/**
 * Modules, the kinds of their names, the names: folders of the reference.
 * @param {string} pages the folder of all pages
 * @returns {readonly Item[]}
 */
function referenceItems(pages) {
  const reference = join(pages, "reference");
  /** @param {string} folder */
  const foldersIn = (folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  return foldersIn(reference).map((module) => ({
    text: module === "index" ? "hounsfield" : `hounsfield/${module}`,
    link: `/reference/${module}/`,
    collapsed: true,
    items: foldersIn(join(reference, module)).map((kind) => ({
      text: kind,
      collapsed: true,
      items: readdirSync(join(reference, module, kind)).map((file) => {
        const name = basename(file, ".md");
        return { text: name, link: `/reference/${module}/${kind}/${name}` };
      }),
    })),
  }));
}

/** @param {string} pages the folder of all pages @param {readonly string[]} decisions their names */
export function siteConfig(pages, decisions) {
  /** @param {string} text @param {string} name @returns {Item} */
  const page = (text, name) => ({ text, link: `/${name}` });
  return {
    title: "hounsfield",
    description: "A WebGPU engine for CT volumes in TypeScript.",
    cleanUrls: true,
    themeConfig: {
      search: { provider: "local" },
      nav: [page("Guide", "embedding"), page("Gallery", "gallery"), page("Reference", "reference/")],
      sidebar: {
        "/reference/": referenceItems(pages),
        "/": [
          {
            text: "Use",
            items: [
              page("Start", ""),
              page("Embedding", "embedding"),
              page("Views", "views"),
              page("Rendering", "rendering"),
              page("Pictures from the command line", "render"),
              page("Engines", "engines"),
              page("Gallery of operations", "gallery"),
              page("Operations", "operations"),
            ],
          },
          {
            text: "Data",
            items: [
              page("Sources", "sources"),
              page("Series and geometry", "series"),
              page("Formats", "formats"),
              page("Errors", "errors"),
              page("COVID-CT-MD", "covid-ct-md"),
              page("Lung mask", "lung-mask"),
            ],
          },
          {
            text: "How it is made",
            items: [
              page("Design", "design"),
              page("Performance", "performance"),
              page("Contributing", "contributing"),
              page("Tests", "testing"),
              page("Changes", "changelog"),
              {
                text: "Decisions",
                items: decisions.map((name) => page(name.replaceAll("-", " "), `decisions/${name}`)),
              },
            ],
          },
        ],
      },
    },
  };
}
