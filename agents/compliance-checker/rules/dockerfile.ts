import { parseDockerfile, type Instruction } from '../dockerfile.ts';
import type { Project } from '../project.ts';
import type { Breach, Rule } from '../rule.ts';
import { PRACTICE } from '../source-lines.ts';

const DOCKERFILE = /(^|\/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[dD]ockerfile$/;
const SECRET_NAME = /\b\w*(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)\w*/i;

export const dockerfileRules: readonly Rule[] = [
  perFile(
    'dockerfile-runs-as-root',
    'critical',
    'Add a USER that is not root before the end of the last stage',
    (instructions) => {
      const stage = lastStage(instructions);
      const user = stage.findLast(({ name }) => name === 'USER');
      const from = stage[0];
      if (from === undefined || /\bscratch\b|nonroot|distroless/.test(from.args)) return [];
      if (user === undefined)
        return [{ line: from.line, message: 'The container runs as root: no USER in the last stage' }];
      return /^(root|0)(:|$)/.test(user.args) ? [{ line: user.line, message: 'The container runs as root' }] : [];
    },
  ),
  perFile('dockerfile-image-unpinned', 'warning', 'Name an exact tag, or better a digest', (instructions) => {
    const stages = new Set(
      instructions
        .filter(({ name }) => name === 'FROM')
        .flatMap(({ args }) => /\sas\s+(\S+)/i.exec(args)?.[1]?.toLowerCase() ?? []),
    );
    return instructions
      .filter(
        ({ name, args }) => name === 'FROM' && isUnpinned(args.replace(/^--\S+\s+/, '').split(/\s/)[0] ?? '', stages),
      )
      .map(({ line, args }) => ({ line, message: `The base image has no exact tag: ${args}` }));
  }),
  perFile(
    'dockerfile-secret-in-image',
    'critical',
    'Pass it at run time, or with RUN --mount=type=secret',
    (instructions) =>
      instructions
        .filter(
          ({ name, args }) =>
            (name === 'ENV' || name === 'ARG') &&
            SECRET_NAME.test(args.split(/[=\s]/)[0] ?? '') &&
            /[=\s]\s*["']?[^\s"'$]+/.test(args.slice(args.search(/[=\s]/))) &&
            /[=\s]/.test(args),
        )
        .map(({ line, args }) => ({
          line,
          message: `A secret becomes part of the image: ${args.split(/[=\s]/)[0] ?? ''}`,
        })),
  ),
  perFile(
    'dockerfile-add-from-network',
    'warning',
    'Use RUN with curl and a checksum, or ADD --checksum',
    (instructions) =>
      instructions
        .filter(({ name, args }) => name === 'ADD' && /https?:\/\//.test(args) && !args.includes('--checksum'))
        .map(({ line }) => ({ line, message: 'ADD fetches from the network without a checksum' })),
  ),
  perFile('dockerfile-pipe-to-shell', 'warning', 'Download, check a checksum, then run', (instructions) =>
    instructions
      .filter(({ name, args }) => name === 'RUN' && /\b(curl|wget)\b[^|&;]*\|\s*(sudo\s+)?(ba|z|da)?sh\b/.test(args))
      .map(({ line }) => ({ line, message: 'A script from the network is run as it comes' })),
  ),
  perFile(
    'dockerfile-copies-everything-as-root',
    'info',
    'Keep a .dockerignore beside the Dockerfile',
    (instructions, path, project) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const copy = instructions.find(
        ({ name, args }) => name === 'COPY' && /^(--\S+\s+)*\.\/?\s/.test(args) && !args.includes('--from'),
      );
      if (copy === undefined || project.has(`${folder}.dockerignore`) || project.has('.dockerignore')) return [];
      return [{ line: copy.line, message: 'Everything in the folder is copied, and no .dockerignore says what not' }];
    },
  ),
  perFile('dockerfile-no-healthcheck', 'info', 'Add a HEALTHCHECK, or let the orchestrator probe', (instructions) => {
    const serves = instructions.find(({ name }) => name === 'EXPOSE');
    const checked = instructions.some(({ name }) => name === 'HEALTHCHECK');
    return serves === undefined || checked ? [] : [{ line: serves.line, message: 'A server without a HEALTHCHECK' }];
  }),
  perFile('dockerfile-sudo', 'warning', 'Run the step before USER instead', (instructions) =>
    instructions
      .filter(({ name, args }) => name === 'RUN' && /(^|[\s;&|])sudo\s/.test(args))
      .map(({ line }) => ({ line, message: 'sudo in an image' })),
  ),
];

type Place = Omit<Breach, 'file'>;

function perFile(
  id: string,
  severity: Rule['severity'],
  remediation: string,
  check: (instructions: readonly Instruction[], path: string, project: Project) => Place[],
): Rule {
  return {
    id,
    scope: 'dockerfile',
    severity,
    remediation,
    async check(project) {
      const paths = project.files.filter((path) => DOCKERFILE.test(path) && !PRACTICE.test(path));
      const breaches = paths.map(async (file) => {
        const instructions = parseDockerfile(await project.read(file));
        return check(instructions, file, project).map((place) => ({ file, ...place }));
      });
      return (await Promise.all(breaches)).flat();
    },
  };
}

function lastStage(instructions: readonly Instruction[]): readonly Instruction[] {
  return instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
}

function isUnpinned(image: string, stages: ReadonlySet<string>): boolean {
  if (image === 'scratch' || stages.has(image.toLowerCase()) || image.includes('@sha256:') || image.includes('$'))
    return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}
