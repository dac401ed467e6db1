/** The apps that are deployed, in the order of a first deployment. */
export const DEPLOYABLE = ['infrastructure', 'window-aggregator', 'metrics-etl', 'traffic-report', 'grafana'] as const;

export type DeployableApp = (typeof DEPLOYABLE)[number];

/** A program of the workspace and its arguments. */
export type ProgramCall = readonly [program: string, ...args: string[]];

/** Where a deployment goes. */
export interface Target {
  /** Name of the environment, for example `dev`. */
  readonly environment: string;
  readonly region: string;
}

/** What a deployment of an app consists of. */
export interface AppDeployment {
  readonly app: DeployableApp;
  /** Its stacks, by their names, in the order in which they are made. No other stack is touched. */
  readonly stacks: readonly string[];
  /** Brings its code into the bucket of artifacts, under its digest. */
  readonly upload?: (bucket: string) => ProgramCall;
  /** Starts what a stack makes and does not start, and waits until it runs; done again it changes nothing. */
  readonly start?: ProgramCall;
  /** Stops it before its stack is removed, keeping its state. */
  readonly stop?: ProgramCall;
}

/** What the deployment of an app does. Pure. */
export function appDeployment(app: DeployableApp, { environment, region }: Target): AppDeployment {
  const stack = (kind: string) => `pulselake-${environment}-${kind}`;
  const upload =
    (program: string) =>
    (bucket: string): ProgramCall => [
      program,
      'upload',
      ...['--bucket', bucket, '--prefix', `${app}/`, '--region', region],
    ];
  switch (app) {
    case 'infrastructure':
      return { app, stacks: [stack('lake'), stack('operations')] };
    case 'window-aggregator': {
      const application = ['--application', stack('window-aggregator'), '--region', region] as const;
      return {
        app,
        stacks: [stack('stream')],
        upload: upload('apps/window-aggregator/bin/pulselake-flink.js'),
        start: ['apps/window-aggregator/bin/pulselake-flink.js', 'start', ...application],
        stop: ['apps/window-aggregator/bin/pulselake-flink.js', 'stop', ...application],
      };
    }
    case 'metrics-etl':
      return { app, stacks: [stack('metrics-etl')], upload: upload('apps/metrics-etl/bin/pulselake-etl.js') };
    case 'traffic-report':
      return { app, stacks: [stack('traffic-report')], upload: upload('apps/traffic-report/bin/pulselake-traffic.js') };
    case 'grafana':
      return { app, stacks: [stack('grafana')] };
  }
}

/** The stack that holds the buckets: all others stand on it. */
export function lakeStack({ environment }: Target): string {
  return `pulselake-${environment}-lake`;
}
