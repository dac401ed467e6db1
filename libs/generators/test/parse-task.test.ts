import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MalformedTaskError, parseTask, type Task } from '../src/index.js';

const sample = (name: string): string => readFileSync(new URL(`./samples/${name}-task.json`, import.meta.url), 'utf8');
const NAMES = ['windowed-metrics', 'server-access-log', 'kinesis-metrics-stream'];

/** A task with one value replaced; `undefined` removes it. */
function changed(name: string, path: string, value: unknown): string {
  const task = JSON.parse(sample(name)) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, task);
  parent[last] = value;
  return JSON.stringify(task);
}

function messageOf(text: string, options?: Parameters<typeof parseTask>[1]): string {
  try {
    parseTask(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedTaskError);
    return (error as MalformedTaskError).message;
  }
  throw new Error('the task was accepted');
}

describe('parseTask', () => {
  it.each(NAMES)('reads the training task %s', (name) => {
    expect(parseTask(sample(name))['@type']).toBe(name);
  });

  it('fills placeholders with values, else with their defaults', () => {
    const endpoint = (task: Task): string | undefined =>
      task['@type'] === 'kinesis-metrics-stream' ? task.stream.endpoint : undefined;
    const text = sample('kinesis-metrics-stream');
    expect(endpoint(parseTask(text))).toBe('http://127.0.0.1:4567');
    expect(endpoint(parseTask(text, { placeholders: { 'kinesis.port': '9' } }))).toBe('http://127.0.0.1:9');
  });

  it('fills numbers outside of quotes and escapes what it fills within them', () => {
    const text = sample('windowed-metrics')
      .replace('"stepMillis": 300000', '"stepMillis": ${step:-60000}')
      .replace('"outputFilePath": "', '"outputFilePath": "${dir}');
    const task = parseTask(text, { placeholders: { dir: 'a"b\\c' } });
    expect(task).toMatchObject({ timer: { stepMillis: 60_000 } });
    expect((task as { outputFilePath: string }).outputFilePath.startsWith('a"b\\c')).toBe(true);
  });

  it('takes names that are no placeholders as they are', () => {
    expect(JSON.stringify(parseTask(sample('server-access-log')))).toContain('/api/v1/users/{id}');
  });

  it.each([
    [
      'timer.stepMillis',
      0,
      'task.json: timer.stepMillis is 0; it must be at least 1. Set it to the distance between two windows, for example 300000.',
    ],
    ['timer.stepMillis', 1.5, 'task.json: timer.stepMillis is 1.5; it must be a whole number.'],
    ['timer.stepMillis', '5', 'task.json: timer.stepMillis is "5"; it must be of type number.'],
    ['timer.stepMillis', undefined, 'task.json: timer.stepMillis is missing; it must be of type number.'],
    [
      'timer.startTime',
      '2024-02-30T00:00:00Z',
      'task.json: timer.startTime is "2024-02-30T00:00:00Z"; it must be an instant',
    ],
    ['timer.@type', 'sundial', 'task.json: timer.@type is "sundial"; it must be "synthetic" or "realtime".'],
    ['@type', 'metrics', 'task.json: @type is "metrics"; it must be "windowed-metrics", "server-access-log" or'],
    ['numberOfIterations', -1, 'task.json: numberOfIterations is -1; it must be at least 1.'],
    ['colour', 'red', 'task.json: the task has the unknown field "colour". Remove it, or correct its name.'],
    ['timer.zone', 'UTC', 'task.json: timer has the unknown field "zone".'],
    ['metrics.a/b', {}, 'none of them "/"'],
    ['metrics.order-service', 3, 'task.json: metrics.order-service is 3; it must be of type'],
    ['timer.stepMillis', 999_999_999_999_999, 'task.json: timer runs beyond the year 9999;'],
  ])('fails on %s = %j', (path, value, message) => {
    expect(messageOf(changed('windowed-metrics', path, value))).toContain(message);
  });

  it('fails on what is no JSON or no object, and names the file it was told', () => {
    expect(messageOf('{"@type":}', { fileName: 'my.json' })).toMatch(/^my\.json: not valid JSON \(/);
    expect(messageOf('[]')).toContain('task.json: the task is []; it must be');
    expect(messageOf('')).toContain('not valid JSON');
  });

  it('fails on a placeholder without value, or without end', () => {
    expect(messageOf('{"@type": "${type}"}')).toBe(
      'task.json: ${type} has no value. Give it one, or write ${type:-default} in the task.',
    );
    expect(messageOf('{"@type": "${type"')).toContain('does not end. Close it with "}".');
  });

  it('fails on a call of an endpoint that does not exist', () => {
    const text = sample('server-access-log').replaceAll(
      '"/oauth/token",\n              "httpMethod"',
      '"/oauth/t",\n              "httpMethod"',
    );
    expect(messageOf(text)).toContain('calls "auth-service POST /oauth/t", which is no endpoint of any service.');
  });

  it('fails on services that call each other in a circle', () => {
    const task = JSON.parse(sample('server-access-log')) as { services: { endpoints: { dependencies: object[] }[] }[] };
    task.services[1]!.endpoints[0]!.dependencies.push({
      serviceName: 'auth-service',
      relativeUrl: '/oauth/token',
      httpMethod: 'POST',
    });
    expect(messageOf(JSON.stringify(task))).toContain(
      'in a circle: auth-service POST /oauth/token → audit-service POST /api/v1/audit → auth-service POST /oauth/token.',
    );
  });

  it('fails on a lag without range', () => {
    expect(messageOf(changed('server-access-log', 'networkLagMinMillis', 9000))).toContain(
      'networkLagMinMillis is 9000; it must be at most networkLagMaxMillis, which is 4000.',
    );
  });
});
