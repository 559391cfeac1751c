// @ts-check
import { createRequire } from "node:module";

/** @typedef {import("ts-morph-6").ts.Node} Node */
/** @typedef {import("ts-morph-6").ts.TypeNode} TypeNode */

/** @type {typeof import("ts-morph-6")} */
const { ts } = createRequire(import.meta.url)("ts-morph-6");

/**
 * Declarations as every compiler reads them, from TypeScript 5.4 on and under any option. Every optional
 * property may be undefined as well as absent: this library is compiled without exactOptionalPropertyTypes,
 * where `signal?: AbortSignal` means just that; whoever compiles with it reads the same only when it is
 * written out. Arrays over an ArrayBuffer of their own are named by what makes them: they are generic since
 * 5.7 only.
 * @param {string} text of a .d.ts
 */
export function portableTypes(text) {
  const source = ts.createSourceFile("types.d.ts", text, ts.ScriptTarget.ES2022);
  /** @type {{ start: number, end: number, text: string }[]} */
  const edits = [];
  visit(source);
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end), text);

  /** @param {Node} node */
  function visit(node) {
    const isProperty = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node);
    if ((isProperty || ts.isMappedTypeNode(node)) && node.questionToken && node.type) orUndefined(node.type);
    if (ts.isTypeReferenceNode(node) && node.typeArguments) ownArray(node);
    ts.forEachChild(node, visit);
  }

  /** @param {TypeNode} type */
  function orUndefined(type) {
    if (mayBeUndefined(type)) return;
    const wrapped = ts.isFunctionTypeNode(type) || ts.isConditionalTypeNode(type);
    edits.push({ start: type.end, end: type.end, text: `${wrapped ? ")" : ""} | undefined` });
    const start = type.getStart(source);
    if (wrapped) edits.push({ start, end: start, text: "(" });
  }

  /** @param {import("ts-morph-6").ts.TypeReferenceNode} reference */
  function ownArray(reference) {
    const name = reference.typeName.getText(source);
    if (!/^(Ui|I)nt(8|16|32)(Clamped)?Array$|^Float(32|64)Array$/.test(name)) return;
    const buffer = reference.typeArguments?.[0].getText(source);
    const made = buffer === "ArrayBuffer" ? `ReturnType<${name}Constructor["of"]>` : name;
    edits.push({ start: reference.getStart(source), end: reference.end, text: made });
  }
}

/** @param {TypeNode} type */
function mayBeUndefined(type) {
  const parts = ts.isUnionTypeNode(type) ? type.types : [type];
  return parts.some(
    (part) => part.kind === ts.SyntaxKind.UndefinedKeyword || part.kind === ts.SyntaxKind.UnknownKeyword,
  );
}
