import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate } from '../measure.js';
import { atLeast } from '../verdict.js';
import { secondsText, type Suite } from './suite.js';

const ROWS = 8_000_000;

/** `verify` of a lake of high-entropy windows, against `sha256sum` on the same files. */
export const verify: Suite = async ({ folder, rounds, scale, work }) => {
  const lake = join(folder, 'lake');
  const [made] = await alternate(
    [
      {
        name: 'make',
        command: work('make-lake', lake, String(ROWS * scale)),
        setup: () => rm(lake, { recursive: true, force: true }),
      },
    ],
    1,
  );
  const [ours, sha256sum] = await alternate(
    [
      { name: 'pulselake verify', command: work('pulselake', '--lake', lake, 'verify') },
      { name: 'sha256sum', command: ['sh', '-c', `find '${lake}/windowed_metrics' -type f | xargs sha256sum`] },
    ],
    rounds,
  );
  await rm(folder, { recursive: true });
  return [
    {
      work: `verify, ${made!.stdout.trim()}`,
      figure: secondsText(ours!.seconds),
      baseline: `sha256sum ${secondsText(sha256sum!.seconds)}`,
      ...atLeast(sha256sum!.seconds / ours!.seconds, 0.8),
      rssMiB: ours!.rssMiB,
      spread: `${secondsText(ours!.secondsMin)}–${secondsText(ours!.secondsMax)}`,
    },
  ];
};
