import type { Resource, Synthesized } from './synthesized.js';
import { STACKS } from '../../src/names.js';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** What each role may do: by its name, `action on resource`, sorted. */
export function rightsByRole(synthesized: Synthesized): Map<string, string[]> {
  const rights = new Map<string, string[]>();
  for (const kind of STACKS) {
    const other = synthesized.resources(kind, 'AWS::IAM::Policy');
    if (other.length > 0) throw new Error(`${kind} has ${other.length} policies that are not in their role`);
    for (const { Properties } of synthesized.resources(kind, 'AWS::IAM::Role')) {
      const { Policies, RoleName } = Properties as {
        Policies: { PolicyDocument: { Statement: Statement[] } }[];
        RoleName: string;
      };
      const found = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(
        ({ Effect, Action, Resource }) => {
          if (Effect !== 'Allow') throw new Error(`${RoleName} has a statement of effect ${Effect}`);
          return [Action]
            .flat()
            .flatMap((action) => [Resource].flat().map((resource) => `${action} on ${place(resource)}`));
        },
      );
      rights.set(RoleName, found.sort());
    }
  }
  return rights;
}

/** A resource as people write it: `lake/windowed_metrics/*`, `arn:aws:glue:…`. */
export function place(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[name, value]] = Object.entries(resource as Record<string, unknown>) as [[string, unknown]];
  if (name === 'Ref') return value === 'AWS::AccountId' ? 'ACCOUNT' : logical(value as string);
  if (name === 'Fn::Join') return (value as [string, unknown[]])[1].map(place).join('');
  if (name === 'Fn::GetAtt') return logical((value as string[])[0]!);
  if (name === 'Fn::ImportValue') return bucketOf(value as string);
  if (name === 'Fn::GetStackOutput') return bucketOf((value as { OutputName: string }).OutputName);
  throw new Error(`${name} is no part of a resource that this test knows`);
}

function logical(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

function bucketOf(output: string): string {
  const found = /buckets(lake|landing|artifacts|queryresults)[0-9A-F]{8}/.exec(output);
  if (!found) throw new Error(`${output} is no bucket`);
  return found[1]!;
}

/** All resources of all stacks. */
export function everything(synthesized: Synthesized): Resource[] {
  return STACKS.flatMap((kind) =>
    Object.values(synthesized.template(kind).toJSON()['Resources'] as Record<string, Resource>),
  );
}
