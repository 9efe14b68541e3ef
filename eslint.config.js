import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE_GLOBALS = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'URL',
    'clearTimeout',
    'console',
    'fetch',
    'performance',
    'process',
    'setTimeout',
  ].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  {
    // fixtures are broken on purpose; generated files are checked by their generators' tests
    ignores: [
      'dist/',
      'coverage/',
      '.orchestration/',
      '**/node_modules/',
      'agents/*/dist/',
      'test/**/fixtures/',
      'bench/peers/',
      '**/*.generated.ts',
    ],
  },
  eslint.configs.recommended,
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: { ...NODE_GLOBALS, module: 'writable' } } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `() => undefined` callbacks and `void` results in arrows read well; a lost promise is still an error
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // a number in a template literal is no mistake
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // our objects are closures: their methods know no `this` that destructuring could lose
      '@typescript-eslint/unbound-method': 'off',
      // a callback that may be asynchronous is `void | Promise<void>`
      '@typescript-eslint/no-invalid-void-type': 'off',
      // `[...text]` for code points is meant
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // type aliases and interfaces both have their place: unions and functions, and shapes
      '@typescript-eslint/consistent-type-definitions': 'off',
      // an empty string of the environment means "not set"
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // the compiler lets an index signature be read both ways
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      eqeqeq: 'error',
    },
  },
  {
    // The house: no environment, console or connection at module level; they come as arguments.
    files: ['{api,contracts,flows,platform,sql,workers}/**/*.ts'],
    ignores: ['sql/migrate-cli.ts', 'platform/environment.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // the service's answers are parsed JSON: a test asserts what they hold, the compiler cannot know
      // `${'AKIA'}…` keeps a made-up secret from looking like one to scanners of this repository
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      // answers are looked into as they come: a guard too many hides nothing here
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/prefer-includes': 'off',
    },
  },
);
