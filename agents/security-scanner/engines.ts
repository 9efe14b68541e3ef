import type { Engines, ScanType } from './scan-file.ts';

/** Loads what `scanType` needs and nothing else: a scan for secrets never loads the parsers. */
export async function loadEngines(scanType: ScanType): Promise<Engines> {
  const { createSecretFinder } = await import('./secrets/find-secrets.ts');
  const findSecrets = await createSecretFinder();
  if (scanType === 'secrets') return { findSecrets, findFlaws: () => [] };
  const [{ analyse }, { languageOf }] = await Promise.all([import('./code/analyse.ts'), import('./code/languages.ts')]);
  return {
    findSecrets,
    findFlaws: (source, extension, wanted) => {
      const language = languageOf(extension);
      return language === undefined ? [] : analyse(source, language, wanted);
    },
  };
}
