import { parseSync, Visitor } from "oxc-parser";

/** One module that a source file names. `isTypeOnly`: erased by the compiler, so nothing is loaded at run time. */
export type ModuleImport = { specifier: string; isTypeOnly: boolean; line: number };

/**
 * Every module a TypeScript or JavaScript source names: import and export statements, `import()`, `import("…").Type`,
 * `import x = require("…")` and `require("…")`. Computed specifiers are not seen.
 *
 * @throws Error when the source does not parse
 */
export function readImports(path: string, source: string): ModuleImport[] {
  const { program, errors } = parseSync(path, source);
  const [fault] = errors;
  if (fault) throw new Error(`${path}: ${fault.message}`);
  const found: ModuleImport[] = [];
  const add = (node: { type: string; start: number }, isTypeOnly: boolean) => {
    if (node.type !== "Literal" || !("value" in node) || typeof node.value !== "string") return;
    found.push({ specifier: node.value, isTypeOnly, line: source.slice(0, node.start).split("\n").length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, isErased(node.importKind, node.specifiers)),
    ExportNamedDeclaration: (node) => node.source && add(node.source, isErased(node.exportKind, node.specifiers)),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === "type"),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    TSExternalModuleReference: (node) => add(node.expression, false),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === "Identifier" && callee.name === "require" && first) add(first, false);
    },
  }).visit(program);
  return found;
}

/** `import type …`, or a non-empty list in which each name is a type. */
function isErased(kind: string | null | undefined, names: object[]): boolean {
  if (kind === "type") return true;
  return (
    names.length > 0 &&
    names.every((name) => ("importKind" in name ? name.importKind : "exportKind" in name && name.exportKind) === "type")
  );
}
