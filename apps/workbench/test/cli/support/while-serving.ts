import type { CommandOptions, CommandResult } from './run-command.js';
import type { SmallLake } from './small-lake.js';

/** Runs a command that serves, does something at its addresses (dashboard, intake), and ends it as Ctrl-C does. */
export async function whileServing(
  target: SmallLake,
  args: readonly string[],
  work: (url: string, ingestUrl: string) => Promise<void>,
  options: Pick<CommandOptions, 'clock'> = {},
): Promise<CommandResult> {
  const stop = new AbortController();
  let told: (urls: string[]) => void;
  const addresses = new Promise<string[]>((resolve) => (told = resolve));
  const running = target.run([...args, '--port', '0'], {
    ...options,
    signal: stop.signal,
    onOutput: (text) => {
      const urls = text.match(/http:\/\/[\w.:[\]/]+/g);
      if (urls) told(urls);
    },
  });
  try {
    const ended = running.then((result) => Promise.reject(new Error(result.stderr)));
    const [url, ingestUrl] = await Promise.race([addresses, ended]);
    await work(url!, ingestUrl ?? '');
  } finally {
    stop.abort();
  }
  return running;
}
