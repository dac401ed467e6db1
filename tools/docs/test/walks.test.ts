import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../src/pages.js';
import { walks } from '../src/walks.js';

describe.each(walks())('$patch', ({ patch, guides, commands }) => {
  it('applies to the sources', () => {
    expect(() => execFileSync('git', ['apply', '--check', patch], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
  });

  it('is the change of one guide, which says how it is tested', () => {
    expect(guides).toHaveLength(1);
    expect(commands.filter(([program]) => program === 'npx' || program === 'npm')).not.toHaveLength(0);
  });
});

it('has a column, a log format, a panel, a stage and a size of windows', () => {
  expect(
    walks()
      .flatMap(({ guides }) => guides)
      .sort(),
  ).toEqual([
    'docs/guides/add-a-column.md',
    'docs/guides/add-a-log-format.md',
    'docs/guides/add-a-panel.md',
    'docs/guides/add-a-stage.md',
    'docs/guides/change-the-window-size.md',
  ]);
});
