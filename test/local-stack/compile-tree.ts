import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Compiles a directory of the project's sources into `target`, for tests in which a process of its own runs them; a build
 * of everything would take longer, and depend on everything.
 */
export function compileTree(sources: string, target: string): void {
  for (const file of readdirSync(join(ROOT, sources), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const compiled = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(compiled), { recursive: true });
    writeFileSync(compiled, compile(readFileSync(join(ROOT, sources, file), 'utf8')));
  }
}

function compile(source: string): string {
  const { ScriptTarget, ModuleKind } = ts;
  const compilerOptions = {
    target: ScriptTarget.ES2023,
    module: ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
