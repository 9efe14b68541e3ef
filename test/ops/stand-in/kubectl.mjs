// In the place of `kubectl rollout`: refuses deployments that ops/k8s does not have.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { afterFlags, refuse, ROOT } from './names.mjs';

const [rollout, action = '', target = ''] = afterFlags(process.argv.slice(2), { values: ['-n'] });
if (rollout !== 'rollout' || !['undo', 'status'].includes(action)) refuse(`unknown command ${rollout} ${action}`);
const names = ['api', 'worker'].flatMap((name) =>
  parseAllDocuments(readFileSync(new URL(`ops/k8s/base/${name}.yaml`, ROOT), 'utf8'))
    .map((document) => document.toJS())
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => `deployment/${metadata.name}`),
);
if (!names.includes(target)) refuse(`there is no ${target}`);
