import type { StackFailure, Stacks, StackState } from '@pulselake/aws-clients/stacks';
import type { ProgramCall } from '../src/apps.js';
import type { DeployPorts } from '../src/deploy-ports.js';

/** A stack as CloudFormation has it. */
export interface FakeStack {
  status: string;
  template: string;
  reason?: string;
  outputs?: Record<string, string>;
  failures?: readonly StackFailure[];
  resources?: ReadonlyMap<string, string>;
}

/** What each call of a program or of the CDK does, by its words; others end well. */
export type Script = Readonly<Record<string, (account: FakeAccount) => number | Promise<number>>>;

/** An account with stacks; programs and the CDK change it as the script says. */
export class FakeAccount implements Stacks {
  readonly stacks = new Map<string, FakeStack>();
  /** All that was done, in order. */
  readonly did: string[] = [];
  readonly said: string[] = [];
  /** What describing gives, one after the other, before the truth. */
  answers: (Error | StackState)[] = [];

  describe(name: string): Promise<StackState | undefined> {
    const answer = this.answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer) return Promise.resolve(answer);
    const stack = this.stacks.get(name);
    if (!stack) return Promise.resolve(undefined);
    const { status, reason, outputs = {} } = stack;
    return Promise.resolve({ name, status, outputs, ...(reason !== undefined && { reason }) });
  }

  resources(name: string): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.stacks.get(name)?.resources ?? new Map());
  }

  template(name: string): Promise<string> {
    return Promise.resolve(this.stacks.get(name)!.template);
  }

  update(name: string, template: string): Promise<void> {
    this.did.push(`update ${name}`);
    const stack = this.stacks.get(name)!;
    stack.template = template;
    if (stack.status !== 'STUCK') stack.status = 'UPDATE_COMPLETE';
    return Promise.resolve();
  }

  failures(name: string): Promise<readonly StackFailure[]> {
    return Promise.resolve(this.stacks.get(name)?.failures ?? []);
  }

  ports(script: Script = {}): DeployPorts {
    let ms = 0;
    const act = async (words: string): Promise<{ exitCode: number }> => {
      this.did.push(words);
      const found = Object.entries(script).find(([begin]) => words.startsWith(begin));
      return { exitCode: found ? await found[1](this) : 0 };
    };
    return {
      stacks: this,
      emptyBucket: (bucket) => act(`empty ${bucket}`).then(({ exitCode }) => exitCode),
      run: ([program, ...args]: ProgramCall) => act([program.split('/').at(-1)!, ...args].join(' ')),
      cdk: (args) => act(`cdk ${args.slice(0, 2).join(' ')}`),
      say: (text) => this.said.push(text),
      sleep: (pause) => {
        ms += pause;
        return Promise.resolve();
      },
      clock: () => ms,
      signal: new AbortController().signal,
    };
  }
}

/** An account with a lake. */
export function withLake(): FakeAccount {
  const account = new FakeAccount();
  account.stacks.set('pulselake-dev-lake', {
    status: 'CREATE_COMPLETE',
    template: 'lake',
    outputs: { ArtifactsBucket: 'artifacts' },
  });
  return account;
}
