import { expect, it } from 'vitest';
import { logAdvice } from '../control/log-advice.js';

it.each([
  [undefined, '/aws-glue/python-jobs'],
  ['/aws-glue/python-jobs', '/aws-glue/python-jobs'],
  ['/aws-glue/python-jobs/', '/aws-glue/python-jobs'],
  ['/aws-glue/python-jobs/output', '/aws-glue/python-jobs'],
  ['/team/etl/error', '/team/etl'],
])('a run that names the group %s writes below %s', (logGroup, below) => {
  const run = { job: 'etl', id: 'jr_1', arguments: {}, ...(logGroup !== undefined && { logGroup }) };
  expect(logAdvice({ ...run, state: 'FAILED' })).toEqual([
    `Logs (error): aws logs tail ${below}/error --log-stream-names jr_1 --since 7d`,
    `Logs (output): aws logs tail ${below}/output --log-stream-names jr_1 --since 7d`,
  ]);
});
