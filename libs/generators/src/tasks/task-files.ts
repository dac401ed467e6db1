import type { DatasetFile } from '../files/dataset-file.js';
import type { Random } from '../random.js';
import { accessLogTaskFiles } from './access-log-task-files.js';
import { metricsStreamTaskFiles } from './metrics-stream-task-files.js';
import type { Task } from './task-schema.js';
import { windowedMetricsTaskFiles } from './windowed-metrics-task-files.js';

/** The files of a task. Its own output paths name another machine's folders and are not used. */
export function taskFiles(task: Task, random: Random): readonly DatasetFile[] {
  switch (task['@type']) {
    case 'windowed-metrics':
      return windowedMetricsTaskFiles(task, random);
    case 'server-access-log':
      return accessLogTaskFiles(task, random);
    case 'kinesis-metrics-stream':
      return metricsStreamTaskFiles(task, random);
  }
}
