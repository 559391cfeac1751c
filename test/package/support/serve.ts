import { onTestFinished } from "vitest";
import { serveFolders } from "../../support/pages.js";

/**
 * Serves folders as any static server would, until the test is over; gives the address of their root, with a
 * slash at its end.
 */
export async function served(
  folders: string | Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const server = await serveFolders(typeof folders === "string" ? { "/": folders } : folders, headers);
  onTestFinished(server.close);
  return `${server.url}/`;
}
