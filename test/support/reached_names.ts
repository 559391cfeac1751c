import { createRequire } from "node:module";

interface Node {
  readonly name?: { readonly text: string };
  readonly declarationList?: { readonly declarations: readonly Node[] };
  readonly text?: string;
  readonly kind: number;
}

/**
 * The top-level names of rolled-up declarations that `exported` ones reach through each other's signatures,
 * and that are not exported themselves.
 */
export function namesBeyondExports(declarations: string, exported: readonly string[]): string[] {
  const { ts } = createRequire(import.meta.url)("ts-morph-6");
  const source = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.ES2022);
  const bodies = new Map<string, Node[]>();
  // A declaration called as one of the platform's has another name within the file.
  const ownNames = new Map(
    [...declarations.matchAll(/^export \{ (\w+) as (\w+) \}$/gm)].map(([, own, name]) => [name, own]),
  );
  for (const statement of source.statements as readonly Node[]) {
    for (const { name } of statement.declarationList?.declarations ?? [statement])
      if (name) bodies.set(name.text, [...(bodies.get(name.text) ?? []), statement]);
  }
  const named = new Set(exported.map((name) => ownNames.get(name) ?? name));
  const reached = new Set(named);
  for (const name of reached) for (const body of bodies.get(name) ?? []) collect(body);
  return [...reached].filter((name) => !named.has(name)).sort();

  /** Members may be called as types are: only what is referred to counts. */
  function collect(node: Node): void {
    ts.forEachChild(node, (child: Node) => {
      const refers =
        ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node) || ts.isTypeQueryNode(node);
      const isKey = ts.isComputedPropertyName(node);
      if ((refers || isKey) && ts.isIdentifier(child) && bodies.has(child.text ?? ""))
        reached.add(child.text ?? "");
      collect(child);
    });
  }
}
