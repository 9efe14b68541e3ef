// In the place of `docker-compose`: does nothing, but refuses files, services, profiles and flags that do not exist.
import { afterFlags, refuse, servicesOf } from './names.mjs';

const args = process.argv.slice(2);
const file = args[args.indexOf('-f') + 1] ?? '';
if (!args.includes('-f')) refuse('the runbook names its file');
const services = servicesOf(file);
const profiles = Object.values(services).flatMap((service) => service.profiles ?? []);
const [command = '', ...rest] = afterFlags(args, { values: ['-f', '--profile'] });
if (args.includes('--profile') && !profiles.includes(args[args.indexOf('--profile') + 1] ?? ''))
  refuse('unknown profile');

const FLAGS = {
  up: { switches: ['-d', '--build', '--no-deps'], values: ['--scale'] },
  down: {},
  restart: { values: ['-t'] },
  stop: { values: ['-t'] },
};
const flags = FLAGS[command] ?? refuse(`unknown command ${command}`);
const named = afterFlags(rest, flags);
const scaled = rest.flatMap((value, index) => (rest[index - 1] === '--scale' ? [value.split('=')[0] ?? ''] : []));
for (const name of [...named, ...scaled]) if (!(name in services)) refuse(`${file} has no service ${name}`);
