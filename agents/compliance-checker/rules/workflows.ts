import type { Breach, Rule } from '../rule.ts';
import { readYaml, type YamlMap } from '../yaml-documents.ts';

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;

export const workflowRules: readonly Rule[] = [
  {
    id: 'workflow-action-unpinned',
    scope: 'workflows',
    severity: 'warning',
    remediation: 'Pin the action to a commit',
    check: async (project) => {
      const files = await readYaml(project, WORKFLOW);
      return files.flatMap(({ file, map }) => steps(map).flatMap((step) => unpinned(file, step)));
    },
  },
  {
    id: 'workflow-script-injection',
    scope: 'workflows',
    severity: 'critical',
    remediation: 'Pass the value through env and quote it',
    check: async (project) => {
      const files = await readYaml(project, WORKFLOW);
      return files.flatMap(({ file, map }) =>
        steps(map)
          .filter((step) =>
            /\$\{\{\s*github\.(event\.(issue|pull_request|comment|review|head_commit)\S*\.(title|body|message|ref|label)|head_ref)/.test(
              textOf(step.get('run')),
            ),
          )
          .map((step): Breach => ({
            file,
            line: step.line('run'),
            message: 'A script contains what a stranger wrote',
          })),
      );
    },
  },
  {
    id: 'workflow-target-checkout',
    scope: 'workflows',
    severity: 'critical',
    remediation: 'Use pull_request, or do not check out the head of the pull request',
    check: async (project) => {
      const files = await readYaml(project, WORKFLOW);
      return files
        .filter(({ map }) => hasTargetTrigger(map.get('on')))
        .flatMap(({ file, map }) =>
          steps(map)
            .filter((step) => /github\.(event\.pull_request\.head|head_ref)/.test(textOf(step.get('with', 'ref'))))
            .map((step): Breach => ({
              file,
              line: step.line('with', 'ref'),
              message: 'Code of strangers runs with the secrets of this repository',
            })),
        );
    },
  },
];

function steps(map: YamlMap): YamlMap[] {
  return map.children('jobs').flatMap(({ map: job }) => job.children('steps').map(({ map: step }) => step));
}

function unpinned(file: string, step: YamlMap): Breach[] {
  const uses = step.get('uses');
  if (typeof uses !== 'string' || uses.startsWith('./') || uses.startsWith('docker://')) return [];
  const ref = uses.split('@')[1] ?? '';
  if (/^[0-9a-f]{40}$/.test(ref)) return [];
  // a release tag can be moved, a branch moves by itself
  const severity = /^v?\d/.test(ref) ? ('info' as const) : ('warning' as const);
  return [{ file, line: step.line('uses'), message: `${uses} is not pinned to a commit`, severity }];
}

function hasTargetTrigger(on: unknown): boolean {
  return JSON.stringify(on ?? '').includes('pull_request_target');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
