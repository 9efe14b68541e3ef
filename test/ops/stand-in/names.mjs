// What the stand-ins know: the services and containers of the compose files, and how to complain.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const ROOT = new URL('../../../', import.meta.url);

/** @param {string} file @returns {Record<string, { container_name?: string, profiles?: string[] }>} */
export function servicesOf(file) {
  return parse(readFileSync(new URL(file, ROOT), 'utf8'), { merge: true }).services;
}

export const containers = new Set(
  Object.values(servicesOf('docker-compose.observability.yml')).flatMap(({ container_name }) => container_name ?? []),
);

/** @param {string} message @returns {never} */
export function refuse(message) {
  console.error(`stand-in: ${message}`);
  process.exit(125);
}

/**
 * Takes known flags off the front.
 * @param {string[]} args
 * @param {{ switches?: string[], values?: string[] }} known
 * @returns {string[]} what is left
 */
export function afterFlags(args, { switches = [], values = [] }) {
  const [first = '', ...rest] = args;
  if (!first.startsWith('-')) return args;
  const [name = '', value] = first.split('=');
  if (switches.includes(name)) return afterFlags(rest, { switches, values });
  if (values.includes(name)) return afterFlags(value === undefined ? rest.slice(1) : rest, { switches, values });
  return refuse(`unknown flag ${first}`);
}

/** @param {string | undefined} name */
export function requireContainer(name) {
  if (name === undefined || !containers.has(name)) refuse(`no container is called ${name ?? '(nothing)'}`);
}
