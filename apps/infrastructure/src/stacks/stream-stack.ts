import { firehoseInput, WINDOWED_METRICS } from '@pulselake/data-model';
import type { Construct } from 'constructs';
import type { Artifact } from '../artifacts.js';
import type { PulselakeConfig } from '../config.js';
import { JobSchedule } from '../stream/job-schedule.js';
import { MetricStreams } from '../stream/metric-streams.js';
import { WindowApplication } from '../stream/window-application.js';
import { WindowDelivery } from '../stream/window-delivery.js';
import type { LakeStack } from './lake-stack.js';
import { PulselakeStack } from './pulselake-stack.js';

export interface StreamStackProps {
  readonly lake: LakeStack;
  readonly jar: Artifact;
}

/** Metric events in real time: into a stream, into windows, into the lake. */
export class StreamStack extends PulselakeStack {
  constructor(scope: Construct, config: PulselakeConfig, { lake, jar }: StreamStackProps) {
    super(scope, 'stream', config, 'Pulselake: metric events, their windows, and how these come into the lake');
    const { names } = this;
    const { events, windows } = new MetricStreams(this, 'streams', { names, config });
    const { lake: lakeBucket, artifacts } = lake.buckets;
    new WindowApplication(this, 'windows', { names, config, events, windows, lake: lakeBucket, artifacts, jar });
    new WindowDelivery(this, 'delivery', {
      names,
      config,
      windows,
      lake: lakeBucket,
      table: lake.catalog.tables.get(WINDOWED_METRICS.name)!,
      input: firehoseInput(lake.catalog.definition(WINDOWED_METRICS.name)),
    });
    if (config.flink.schedule) new JobSchedule(this, 'schedule', { names, ...config.flink.schedule });
  }
}
