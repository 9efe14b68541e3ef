import type { Rule } from './rule.ts';
import { composeRules } from './rules/compose.ts';
import { configurationRules } from './rules/configuration.ts';
import { dependencyRules } from './rules/dependencies.ts';
import { dockerfileRules } from './rules/dockerfile.ts';
import { kubernetesRules } from './rules/kubernetes.ts';
import { licenceRules } from './rules/licences.ts';
import { secretRules } from './rules/secrets.ts';
import { workflowRules } from './rules/workflows.ts';

/** Every rule there is, in the order in which they are applied. */
export const RULES: readonly Rule[] = [
  ...licenceRules,
  ...dependencyRules,
  ...dockerfileRules,
  ...composeRules,
  ...kubernetesRules,
  ...workflowRules,
  ...configurationRules,
  ...secretRules,
];
