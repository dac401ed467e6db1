import ts from 'typescript';

/**
 * The types of the workspace that the declarations of `symbols` name, and those that these name, without `known` ones:
 * what a reader needs, though no caller can import it. In order of name.
 */
export function namedTypes(
  symbols: Iterable<ts.Symbol>,
  known: ReadonlySet<ts.Symbol>,
  checker: ts.TypeChecker,
): ts.Symbol[] {
  const found = new Set<ts.Symbol>();
  const pending = [...symbols];
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    for (const declaration of symbol.declarations ?? []) {
      visitTypes(declaration, (name) => {
        const named = resolved(checker.getSymbolAtLocation(name), checker);
        if (named === undefined || known.has(named) || found.has(named) || !isOfWorkspace(named)) return;
        found.add(named);
        pending.push(named);
      });
    }
  }
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Calls `onName` with each name of a type that a caller of the declaration sees. */
function visitTypes(node: ts.Node, onName: (name: ts.Node) => void): void {
  if (ts.isBlock(node) || ts.isExpression(node) || isHidden(node)) {
    if (!ts.isExpressionWithTypeArguments(node)) return;
    onName(node.expression);
  }
  if (ts.isTypeReferenceNode(node)) onName(node.typeName);
  ts.forEachChild(node, (child) => visitTypes(child, onName));
}

function isHidden(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false;
  if (node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts
      .getModifiers(node)
      ?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword) ??
      false)
  );
}

function resolved(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOfWorkspace({ flags, declarations }: ts.Symbol): boolean {
  const types = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias;
  const file = declarations?.[0]?.getSourceFile().fileName ?? '';
  return (flags & types) !== 0 && /\/libs\/[\w-]+\/src\//.test(file) && !file.includes('/node_modules/');
}
