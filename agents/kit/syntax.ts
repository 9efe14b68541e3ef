import { createRequire } from 'node:module';
import { parse, registerDynamicLanguage, type SgNode } from '@ast-grep/napi';

type Grammar = Parameters<typeof parse>[0];
export type LanguageName = 'javascript' | 'python' | 'go' | 'java';

export interface Syntax {
  readonly language: LanguageName;
  readonly grammar: Grammar;
}

const BY_EXTENSION: Readonly<Record<string, Syntax>> = {
  '.js': { language: 'javascript', grammar: 'Tsx' }, // a superset that reads JSX and type annotations too
  '.jsx': { language: 'javascript', grammar: 'Tsx' },
  '.tsx': { language: 'javascript', grammar: 'Tsx' },
  '.mjs': { language: 'javascript', grammar: 'JavaScript' },
  '.cjs': { language: 'javascript', grammar: 'JavaScript' },
  '.ts': { language: 'javascript', grammar: 'TypeScript' },
  '.mts': { language: 'javascript', grammar: 'TypeScript' },
  '.cts': { language: 'javascript', grammar: 'TypeScript' },
  '.py': { language: 'python', grammar: 'python' },
  '.go': { language: 'go', grammar: 'go' },
  '.java': { language: 'java', grammar: 'java' },
};

/** How to read a file with this extension (lower case, with the dot); undefined when no grammar does. */
export function syntaxOf(extension: string): Syntax | undefined {
  return BY_EXTENSION[extension];
}

/** The syntax tree's root. Errors in the source are nodes of the tree. Throws where a parser has no prebuilt binary. */
export function parseSource({ grammar }: Syntax, source: string): SgNode {
  registerLanguages();
  return parse(grammar, source).root();
}

/** Registering is process-wide and allowed once. */
let registered = false;

/** Makes the grammars known that do not come with ast-grep; they lie prebuilt in their packages. */
function registerLanguages(): void {
  if (registered) return;
  const load = createRequire(import.meta.url);
  registerDynamicLanguage({
    python: load('@ast-grep/lang-python') as never,
    go: load('@ast-grep/lang-go') as never,
    java: load('@ast-grep/lang-java') as never,
  });
  registered = true;
}
