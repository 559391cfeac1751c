/**
 * `Symbol.dispose` where the reader's TypeScript libraries have it; a symbol of our own where they do not, so
 * that our declarations compile with either.
 */
type DisposeKey = [keyof SymbolConstructor & "dispose"] extends [never]
  ? typeof ownKey
  : SymbolConstructor[keyof SymbolConstructor & "dispose"];
declare const ownKey: unique symbol;

/**
 * The method that `using` calls when its block ends. Safari before 27.3, Firefox before 141 and Chrome before
 * 125 have no `Symbol.dispose`: there it is the symbol that esbuild and Babel look for where they compile
 * `using` to what these browsers know. This library itself never relies on it.
 */
export const dispose: DisposeKey = Symbol.dispose ?? Symbol.for("Symbol.dispose");
