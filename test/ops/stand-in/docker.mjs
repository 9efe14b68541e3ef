// In the place of `docker`: checks names and flags against the compose files, runs what goes into a container on this
// machine, and prints what the container would have written.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterFlags, refuse, requireContainer } from './names.mjs';

const { DATABASE_URL = '', REDIS_URL = '', SERVICE_LOG = '' } = process.env;
const [command = '', ...args] = process.argv.slice(2);

const COMMANDS = {
  exec() {
    const [container, program = '', ...rest] = afterFlags(args, { switches: ['-i', '-t', '-it'], values: ['-e'] });
    requireContainer(container);
    const inside = INSIDE[program] ?? refuse(`${program} is not expected in ${container}`);
    inside(rest);
  },
  logs() {
    const [container] = afterFlags(args, { switches: ['-f'], values: ['--tail', '--since'] });
    requireContainer(container);
    process.stdout.write(readFileSync(SERVICE_LOG));
  },
  ps: () => void afterFlags(args, { switches: ['-a'], values: ['--filter', '--format'] }),
  restart: () => requireContainer(afterFlags(args, { values: ['-t'] })[0]),
  stats: () => requireContainer(afterFlags(args, { switches: ['--no-stream'] })[0]),
  kill: () => requireContainer(afterFlags(args, { values: ['--signal'] })[0]),
  images: () => requireAgentImage(args[0]),
  tag: () => args.length === 2 || refuse('tag takes two names'),
  build() {
    const [folder = ''] = afterFlags(args, { values: ['-t'] });
    requireAgentImage(args[args.indexOf('-t') + 1]);
    if (!existsSync(`${folder}/Dockerfile`)) refuse(`${folder} has no Dockerfile`);
  },
  run() {
    const [image, input = ''] = afterFlags(args, { switches: ['--rm'], values: ['-v'] });
    requireAgentImage(image);
    JSON.parse(input);
  },
};

const INSIDE = {
  psql: (rest) => runThere('psql', rest, DATABASE_URL),
  pg_dump: (rest) => runThere('pg_dump', rest, DATABASE_URL),
  pg_isready: (rest) => runThere('pg_isready', rest, DATABASE_URL),
  'redis-cli': (rest) => run('redis-cli', ['-u', REDIS_URL, ...rest]),
  sh: ([flag, script = '']) => flag === '-c' && run('sh', ['-n', '-c', script]),
};

/** The user and the database of the compose file, in the place of which the test's own are used. */
function runThere(program, rest, url) {
  const own = rest.filter((value) => !['-U', 'user', '-d', 'orchestration'].includes(value));
  const named = ['-U', 'user', 'orchestration'].every((value) => rest.includes(value));
  if (!named) refuse(`${program} without -U user and the database orchestration`);
  run(program, [`--dbname=${url}`, ...own]);
}

function run(program, programArgs) {
  process.exitCode = spawnSync(program, programArgs, { stdio: 'inherit' }).status ?? 1;
}

function requireAgentImage(name = '') {
  if (!/^commandcenter-agent-[a-z*-]+$/.test(name)) refuse(`${name} is no image of an agent`);
}

(COMMANDS[command] ?? (() => refuse(`unknown command ${command}`)))();
