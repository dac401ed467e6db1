import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme } from 'vitepress';

const docs = fileURLToPath(new URL('..', import.meta.url));
const repository = join(docs, '..');

/** The pages of a folder, by their titles. */
function pagesOf(folder: string): DefaultTheme.SidebarItem[] {
  return readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(docs, folder, name), 'utf8');
      const included = /^<!--@include: (.+?)-->/m.exec(text)?.[1];
      const titled = included === undefined ? text : readFileSync(join(docs, folder, included), 'utf8');
      return {
        text: /^# (.+)$/m.exec(titled)?.[1] ?? name,
        link: `/${folder}/${name.replace(/\.md$/, '')}`,
      };
    });
}

/** Where a page's text lies: pages of packages include READMEs. */
function folderOf(page: string): string {
  const included = /^<!--@include: (.+?)-->/.exec(readFileSync(page, 'utf8'))?.[1];
  return dirname(included === undefined ? page : join(dirname(page), included));
}

const section = (text: string, folder: string, collapsed = false) => ({ text, collapsed, items: pagesOf(folder) });

export default defineConfig({
  title: 'Pulselake',
  description: 'A monitoring data lake for microservices, in which every record is accounted for.',
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ['node_modules/**'],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Guides', link: '/guides/own-logs' },
      { text: 'Reference', link: '/reference/cli' },
    ],
    sidebar: [
      { text: 'Start', items: [{ text: 'Ten minutes with Pulselake', link: '/tutorial' }] },
      section('Guides', 'guides'),
      section('Explanation', 'explanation'),
      section('Reference', 'reference'),
      section('API', 'reference/api', true),
      section('Packages', 'packages', true),
      section('Runbook', 'runbook', true),
      section('Decisions', 'decisions', true),
    ],
  },
  markdown: {
    config(markdown) {
      // In the repository links lead to READMEs and folders; on the site to their pages, and folders are only named.
      const open = markdown.renderer.rules.link_open;
      markdown.renderer.rules.link_open = (tokens, index, options, env: { path?: string }, self) => {
        const token = tokens[index]!;
        const href = token.attrGet('href') ?? '';
        if (env.path !== undefined && !/^(?:[a-z]+:|[/#])/.test(href)) {
          const [file = '', anchor] = href.split('#');
          const target = relative(repository, join(folderOf(env.path), file));
          const readme = /^(?:apps|libs|tools)\/([\w-]+)\/README(?:\.md)?$/.exec(target)?.[1];
          const page = /^docs\/(.+)\.md$/.exec(target)?.[1];
          const link = page ?? (readme === undefined ? 'packages/repository' : `packages/${readme}`);
          token.attrSet('href', `/${link}${anchor === undefined ? '' : `#${anchor}`}`);
        }
        return open ? open(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
      };
    },
  },
});
