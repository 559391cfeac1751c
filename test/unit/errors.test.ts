import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type ErrorCode,
  errorOf,
  HounsfieldError,
  isHounsfieldError,
  type Repair,
  type SeriesCandidate,
} from "../../src/core/errors.js";

const source = join(import.meta.dirname, "../../src");

describe("fields are typed by code", () => {
  const error: unknown = new HounsfieldError("unfaithful-geometry", "tilted", { allow: ["tilt"], got: 3 });

  test("one code", () => {
    if (!isHounsfieldError(error, "unfaithful-geometry")) throw error;
    expectTypeOf(error.code).toEqualTypeOf<"unfaithful-geometry">();
    expectTypeOf(error.fields.allow).toEqualTypeOf<readonly Repair[] | undefined>();
    expectTypeOf(error.fields.url).toEqualTypeOf<undefined>();
    expect(error.fields.allow).toEqual(["tilt"]);
  });

  test("several codes, told apart by `code`", () => {
    if (!isHounsfieldError(error, "unfaithful-geometry", "several-series")) throw error;
    if (error.code === "several-series")
      expectTypeOf(error.fields.candidates).toEqualTypeOf<readonly SeriesCandidate[]>();
    else expectTypeOf(error.fields.allow).toEqualTypeOf<readonly Repair[] | undefined>();
  });

  test("all codes", () => {
    if (!isHounsfieldError(error)) throw error;
    expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
    expectTypeOf(error.fields.file).toEqualTypeOf<string | undefined>();
    expectTypeOf(error.fields.allow).toEqualTypeOf<readonly Repair[] | undefined>();
    switch (error.code) {
      case "git-lfs-pointer":
        expectTypeOf(error.fields.file).toEqualTypeOf<string>();
        break;
      case "worker-failed":
        expectTypeOf(error.fields.url).toEqualTypeOf<string | undefined>();
        break;
    }
  });

  test("an error of one code is an error of any", () => {
    const any: HounsfieldError = new HounsfieldError("io", "unread");
    expect(any.fields).toEqual({});
  });

  test("the constructor takes what the code has, and all that it must have", () => {
    expect(new HounsfieldError("io", "unread", { file: "a" }).fields.file).toBe("a");
    // @ts-expect-error a pointer has a file
    expect(new HounsfieldError("git-lfs-pointer", "pointer").fields).toEqual({});
    // @ts-expect-error no such field
    expect(new HounsfieldError("io", "unread", { allow: ["gaps"] }).code).toBe("io");
    // @ts-expect-error no such code
    expect(new HounsfieldError("bogus", "unread").code).toBe("bogus");
  });
});

describe("isHounsfieldError", () => {
  const error = new HounsfieldError("truncated", "cut", { offset: 3 }, new Error("why"));

  test("asks for the codes given", () => {
    expect(isHounsfieldError(error)).toBe(true);
    expect(isHounsfieldError(error, "truncated")).toBe(true);
    expect(isHounsfieldError(error, "io", "truncated")).toBe(true);
    expect(isHounsfieldError(error, "io")).toBe(false);
  });

  test.each([undefined, null, 3, "truncated", {}, new Error("truncated"), { code: "truncated" }])(
    "is false for %s",
    (other) => expect(isHounsfieldError(other)).toBe(false),
  );

  test("knows the errors of another copy of the library", () => {
    const other = Object.assign(new Error("cut"), {
      code: "truncated",
      [Symbol.for("hounsfield.error")]: true,
    });
    expect(isHounsfieldError(other, "truncated")).toBe(true);
  });

  test("the cause and the name stay", () => {
    expect([error.name, error.cause]).toEqual(["HounsfieldError", new Error("why")]);
    expect(errorOf("truncated", "cut", { offset: 3 }, error.cause)).toEqual(error);
  });
});

test("no message of the library speaks of a command line's options", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.ts$/.test(name) && !/^node\/cli\//.test(name) && !/generated/.test(name),
  );
  // Comments may speak of Node's and Deno's own.
  const code = (name: string) =>
    readFileSync(join(source, name), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const strays = files.filter((name) => /[\s"'`(]--[a-z][\w-]*(?![\w.-])/.test(code(name)));
  expect(files.length).toBeGreaterThan(300);
  expect(strays).toEqual([]);
});

test("docs/errors.md has every code", () => {
  const script = join(import.meta.dirname, "../../scripts/error-table.js");
  expect(spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" }).stderr).toBe("");
  const page = readFileSync(join(import.meta.dirname, "../../docs/errors.md"), "utf8");
  const codes = readFileSync(join(source, "core/error_codes.ts"), "utf8").match(
    /^ {2}"?[a-z-]+"?: (?=Location|File|Amount)/gm,
  );
  expect(page.match(/^\| `[a-z-]+`/gm)).toHaveLength(codes?.length ?? 0);
});
