import ts from 'typescript';

const TYPE_FORMAT: ts.TypeFormatFlags =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.InTypeAlias |
  ts.TypeFormatFlags.MultilineObjectLiterals |
  ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType |
  ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** What a caller sees of a symbol, as TypeScript without bodies: members keep their comments, private ones are left out. */
export function signatureOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return (symbol.declarations ?? [])
    .filter((declaration) => !isImplementationOfOverloads(declaration))
    .map((declaration) => ofDeclaration(declaration, checker))
    .join('\n\n');
}

function ofDeclaration(declaration: ts.Declaration, checker: ts.TypeChecker): string {
  if (ts.isFunctionDeclaration(declaration)) {
    return `function ${declaration.name?.text ?? ''}${callOf(declaration, checker)};`;
  }
  if (ts.isClassDeclaration(declaration)) return ofClass(declaration, checker);
  if (ts.isInterfaceDeclaration(declaration)) return withoutExport(declaration);
  if (ts.isTypeAliasDeclaration(declaration)) return ofTypeAlias(declaration, checker);
  if (ts.isVariableDeclaration(declaration)) return ofConstant(declaration, checker);
  throw new Error(`The reference cannot show a ${ts.SyntaxKind[declaration.kind]}: teach tools/docs to.`);
}

/** Type parameters, parameters with their defaults, and the result. */
function callOf(declaration: ts.SignatureDeclaration, checker: ts.TypeChecker): string {
  const typeParameters = declaration.typeParameters?.map((one) => one.getText()).join(', ');
  const parameters = declaration.parameters.map((parameter) =>
    // What a constructor keeps of it is not the caller's business.
    [parameter.dotDotDotToken ? '...' : '', parameter.name.getText(), parameter.questionToken ? '?' : '']
      .concat(parameter.type ? `: ${parameter.type.getText()}` : '')
      .concat(parameter.initializer ? ` = ${parameter.initializer.getText()}` : '')
      .join(''),
  );
  const call = `${typeParameters === undefined ? '' : `<${typeParameters}>`}(${parameters.join(', ')})`;
  if (ts.isConstructorDeclaration(declaration)) return call;
  const signature = checker.getSignatureFromDeclaration(declaration)!;
  const result = declaration.type?.getText() ?? typeText(checker.getReturnTypeOfSignature(signature), checker);
  return `${call}: ${result}`;
}

function ofClass(declaration: ts.ClassDeclaration, checker: ts.TypeChecker): string {
  const members = declaration.members.flatMap((member) => {
    const text = ofMember(member, checker);
    return text === undefined ? [] : [commentOf(member) + text];
  });
  const kept = declaration.members.filter(ts.isConstructorDeclaration).flatMap(({ parameters }) =>
    parameters
      .filter((one) => ts.isParameterPropertyDeclaration(one, one.parent) && isPublic(one))
      .map((one) => {
        const readonly = hasModifier(one, ts.SyntaxKind.ReadonlyKeyword) ? 'readonly ' : '';
        return `${readonly}${one.name.getText()}: ${one.type?.getText() ?? 'unknown'};`;
      }),
  );
  const typeParameters = declaration.typeParameters?.map((one) => one.getText()).join(', ');
  const heritage = declaration.heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? '';
  const name = `${declaration.name!.text}${typeParameters === undefined ? '' : `<${typeParameters}>`}`;
  const abstract = hasModifier(declaration, ts.SyntaxKind.AbstractKeyword) ? 'abstract ' : '';
  return `${abstract}class ${name}${heritage} {\n${[...kept, ...members].join('\n')}\n}`;
}

/** A member as it is called; `undefined` when it is no caller's. */
function ofMember(member: ts.ClassElement, checker: ts.TypeChecker): string | undefined {
  if (!isPublic(member)) return undefined;
  if (ts.isConstructorDeclaration(member)) {
    return member.parameters.length === 0 || (member.body === undefined && isImplementationOfOverloads(member))
      ? undefined
      : `constructor${callOf(member, checker)};`;
  }
  if (member.name === undefined || ts.isPrivateIdentifier(member.name)) return undefined;
  const name = `${hasModifier(member, ts.SyntaxKind.StaticKeyword) ? 'static ' : ''}NAME`;
  const named = (before: string, after: string) => name.replace('NAME', () => before + member.name!.getText() + after);
  if (ts.isMethodDeclaration(member)) {
    return isImplementationOfOverloads(member) ? undefined : `${named('', callOf(member, checker))};`;
  }
  const type = () => typeText(checker.getTypeAtLocation(member), checker);
  if (ts.isGetAccessor(member)) return `${named('readonly ', `: ${member.type?.getText() ?? type()}`)};`;
  if (!ts.isPropertyDeclaration(member)) return undefined;
  const readonly = hasModifier(member, ts.SyntaxKind.ReadonlyKeyword) ? 'readonly ' : '';
  return `${named(readonly, `${member.questionToken ? '?' : ''}: ${member.type?.getText() ?? type()}`)};`;
}

/** What is computed from a value or a schema is written out. */
function ofTypeAlias(declaration: ts.TypeAliasDeclaration, checker: ts.TypeChecker): string {
  const text = withoutExport(declaration);
  if (!/\bz\.(?:infer|input|output)\b|\(typeof \w+\)\[number\]|keyof typeof/.test(text)) return text;
  return `type ${declaration.name.text} = ${typeText(checker.getTypeAtLocation(declaration), checker)};`;
}

/** With its value where that is short, and for a schema its rules. */
function ofConstant(declaration: ts.VariableDeclaration, checker: ts.TypeChecker): string {
  const { initializer, type } = declaration;
  const name = declaration.name.getText();
  const text = initializer?.getText() ?? '';
  const annotated = type === undefined ? '' : `: ${type.getText()}`;
  const short = initializer !== undefined && isLiteral(initializer) && text.split('\n').length <= 20;
  const isSchema = checker.typeToString(checker.getTypeAtLocation(declaration)).startsWith('Zod');
  if (short || (isSchema && annotated === '')) return `const ${name}${annotated} = ${text};`;
  const shape = annotated || `: ${typeText(checker.getTypeAtLocation(declaration), checker)}`;
  return `declare const ${name}${shape};`;
}

/** Whether it is written out, down to its leaves. */
function isLiteral(node: ts.Expression): boolean {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return isLiteral(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((one) => ts.isPropertyAssignment(one) && isLiteral(one.initializer));
  if (ts.isBinaryExpression(node)) return isLiteral(node.left) && isLiteral(node.right);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  return (
    ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword
  );
}

function typeText(type: ts.Type, checker: ts.TypeChecker): string {
  // The compiler names modules that are not imported by their place on this machine.
  return checker.typeToString(type, undefined, TYPE_FORMAT).replace(/import\("[^"]*"\)\./g, '');
}

function withoutExport(node: ts.Node): string {
  return node.getText().replace(/^export (?:declare )?/, '');
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comment === undefined ? '' : `${comment.getText()}\n`;
}

function isPublic(node: ts.Node): boolean {
  return !hasModifier(node, ts.SyntaxKind.PrivateKeyword) && !hasModifier(node, ts.SyntaxKind.ProtectedKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

/** Callers see the overloads only. */
function isImplementationOfOverloads(node: ts.Node): boolean {
  if (!(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)))
    return false;
  if (node.body === undefined) return false;
  const siblings = ts.isFunctionDeclaration(node)
    ? (node.parent as ts.SourceFile).statements.filter(ts.isFunctionDeclaration)
    : (node.parent as ts.ClassDeclaration).members.filter((one) => one.kind === node.kind);
  return siblings.some(
    (one) =>
      one !== node && (one as ts.MethodDeclaration).body === undefined && one.name?.getText() === node.name?.getText(),
  );
}
