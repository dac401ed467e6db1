import type { Suppression } from '../suppress.js';

/** Why a service may list all groups of logs. */
export function explainLogGroups(): Suppression {
  return {
    id: 'AwsSolutions-IAM5',
    reason: 'The service lists groups to find its own; listing is granted on all groups of a region or on none',
    appliesTo: [{ regex: '/^Resource::arn:aws:logs:.*:log-group:\\*$/' }],
  };
}
