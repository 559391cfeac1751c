import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A setting of a consumer's project. */
export interface Setting {
  readonly moduleResolution: "bundler" | "nodenext";
  readonly types: readonly string[];
  readonly exactOptionalPropertyTypes: boolean;
}

export function describeSetting({ moduleResolution, types, exactOptionalPropertyTypes }: Setting): string {
  return [moduleResolution, ...types, exactOptionalPropertyTypes ? "exact" : "not exact"].join(", ");
}

/**
 * The strictest that is supported: the libraries are checked too, and WebGPU and `Symbol.dispose` may be
 * missing.
 */
function compilerOptions({ moduleResolution, types, exactOptionalPropertyTypes }: Setting) {
  return {
    target: "es2022",
    lib: ["es2022", "dom"],
    module: moduleResolution === "bundler" ? "esnext" : "nodenext",
    moduleResolution,
    types,
    exactOptionalPropertyTypes,
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
}

/**
 * @returns what a compiler complains of in `files`, and in all that they reach but the platform's own types
 */
export type Compile = (files: readonly string[], setting: Setting) => string[];

/**
 * TypeScript as it is inside a package that carries it: two of the real ones would fight for the command
 * `tsc`.
 */
export function carriedCompiler(packageName: string): {
  readonly version: string;
  readonly compile: Compile;
} {
  const { ts, getLibFiles, libFolderInMemoryPath } = createRequire(import.meta.url)(packageName);
  const libraries = new Map<string, string>(
    getLibFiles().map(({ fileName, text }: { fileName: string; text: string }) => [
      `${libFolderInMemoryPath}/${fileName}`,
      text,
    ]),
  );
  const parsed = new Map<string, unknown>();
  const compile: Compile = (files, setting) => {
    const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions(setting), ".");
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    options.lib = options.lib.map((name: string) => `${libFolderInMemoryPath}/${name}`);
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists, getSourceFile } = host;
    host.getDefaultLibLocation = () => libFolderInMemoryPath;
    host.fileExists = (path: string) => libraries.has(path) || fileExists(path);
    host.readFile = (path: string) => libraries.get(path) ?? readFile(path);
    host.getSourceFile = (path: string, ...rest: unknown[]) => {
      const text = libraries.get(path);
      if (text === undefined) return getSourceFile(path, ...rest);
      const library = parsed.get(path) ?? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
      parsed.set(path, library);
      return library;
    };
    const program = ts.createProgram(files, options, host);
    // Not those of the platform, which would be most of the time.
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }: { fileName: string }) => !isPlatform(fileName));
    return [
      ...program.getOptionsDiagnostics(),
      ...ours.flatMap((file: unknown) => program.getSyntacticDiagnostics(file)),
      ...ours.flatMap((file: unknown) => program.getSemanticDiagnostics(file)),
    ].map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trim());
  };
  return { version: ts.version, compile };
}

/** The project's own compiler, which has no interface but its command. */
export function nativeCompiler(folder: string): Compile {
  return (files, setting) => {
    mkdirSync(folder, { recursive: true });
    const project = join(folder, "tsconfig.json");
    writeFileSync(project, JSON.stringify({ compilerOptions: compilerOptions(setting), files }));
    const command = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [command, "-p", project], { encoding: "utf8" });
    const errors = stdout.split("\n").filter((line) => /error TS\d+/.test(line));
    if (status !== 0 && errors.length === 0) throw new Error(stdout);
    return errors.filter((line) => !isPlatform(line));
  };
}

/**
 * What declares the platform: the DOM library and @webgpu/types contradict each other since TypeScript 6,
 * whoever uses both.
 */
function isPlatform(path = ""): boolean {
  return /(^|\/)lib\.[\w.]+\.d\.ts|@webgpu\/types|@types\/node/.test(path.split("(")[0]);
}
