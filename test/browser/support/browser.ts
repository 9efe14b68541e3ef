import { chromium, type Browser } from 'playwright-core';
import { needsProgram } from '../../support/program.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of the machine's own; skips the suite, and says why, where there is none. */
export async function openBrowser(context: Mocha.Context): Promise<Browser> {
  const executablePath = await needsProgram(context, 'chromium');
  return chromium.launch({ executablePath, args: FLAGS });
}
