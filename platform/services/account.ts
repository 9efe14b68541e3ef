import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An account of the system that is not root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/** Whom Postgres, which refuses to be root, runs as when we are root; undefined when we are not: then as ourselves. */
export async function accountInsteadOfRoot(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  return CANDIDATES.map((name) => accounts.find((account) => account.name === name)).find(Boolean);
}

function parsePasswd(text: string): Account[] {
  return text.split('\n').map((line) => {
    const [name = '', , uid, gid] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  });
}

/** True when the account may enter the folder and each one above it. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, account);
}
