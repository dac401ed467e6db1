import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config.js';
import { LEAST } from './support/synthesized.js';

describe('configuration', () => {
  it('needs an environment and a region only, and then costs little', () => {
    const config = parseConfig(LEAST, 'test');
    expect(config).toMatchObject({
      streams: { onDemand: false, eventShards: 1, windowShards: 1, retentionHours: 24 },
      flink: { parallelism: 1 },
      grafana: { kind: 'role' },
      metricsEtl: { maxCapacityDpu: 0.0625 },
    });
  });

  const folder = new URL('../config/', import.meta.url);
  it.each(readdirSync(folder))('of %s is right, and of the environment that its name says', (file) => {
    const config = parseConfig(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), file);
    expect(`${config.environment}.json`).toBe(file);
  });

  it.each([
    ['a field that is missing', { environment: 'dev' }, 'region is missing'],
    [
      'an environment that no bucket could be named by',
      { ...LEAST, environment: 'Dev_1' },
      'environment is "Dev_1": must be a small letter',
    ],
    ['a region that is none', { ...LEAST, region: 'frankfurt' }, 'region is "frankfurt": must be an AWS region'],
    [
      'a buffer that Firehose does not allow',
      { ...LEAST, firehose: { bufferMebibytes: 5 } },
      'firehose.bufferMebibytes is 5',
    ],
    ['a field that nobody knows', { ...LEAST, alarmMail: 'x@example.com' }, 'alarmMail'],
    ['a setting that the job does not know', { ...LEAST, flink: { settings: { windowSize: 1 } } }, 'flink.settings'],
    [
      'a schedule that is none',
      { ...LEAST, trafficReport: { daily: 'every day' } },
      'trafficReport.daily is "every day": must be like cron(',
    ],
    ['no object at all', 'dev', '(all) is "dev"'],
  ])('fails with one clear message for %s', (_, input, message) => {
    expect(() => parseConfig(input, 'config/x.json')).toThrow(/^config\/x\.json cannot be used:\n/);
    expect(() => parseConfig(input, 'config/x.json')).toThrow(message);
  });
});
