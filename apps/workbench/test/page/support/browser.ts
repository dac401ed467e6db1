import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Where the browser of the package is unpacked. */
const PACKAGED = join(tmpdir(), 'pulselake-chromium-147');

/** A Chromium: the one that CHROME_PATH names, an installed one, or the one of the package @sparticuz/chromium. */
export async function launchBrowser(): Promise<{ readonly browser: Browser; readonly close: () => Promise<void> }> {
  const scratch = await mkdtemp(join(tmpdir(), 'pulselake-browser-'));
  const installed = [process.env['CHROME_PATH'] ?? '', ...INSTALLED].find(existsSync);
  const executablePath = installed ?? (await unpacked());
  const fonts = installed === undefined ? { FONTCONFIG_FILE: await fontsOf(PACKAGED, scratch) } : {};
  const browser = await chromium.launch({
    executablePath,
    args: FLAGS,
    env: { ...process.env, TMPDIR: scratch, HOME: scratch, ...fonts },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** The browser of the package, unpacked once per version: it takes whatever lies in the temporary folder for its own. */
async function unpacked(): Promise<string> {
  const before = { TMPDIR: process.env['TMPDIR'], AWS_EXECUTION_ENV: process.env['AWS_EXECUTION_ENV'] };
  await mkdir(PACKAGED, { recursive: true });
  process.env['TMPDIR'] = PACKAGED;
  // Makes it bring the libraries that a system without a browser lacks.
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs20.x';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const path = await packaged.executablePath();
    const libraries = join(PACKAGED, 'al2023', 'lib');
    process.env['LD_LIBRARY_PATH'] = [libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
    return path;
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

/** Names the package's fonts, which it looks for elsewhere: without any font, form controls end the browser. */
async function fontsOf(folder: string, scratch: string): Promise<string> {
  const path = join(scratch, 'fonts.conf');
  await writeFile(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(scratch, 'fonts-cache')}</cachedir></fontconfig>`,
  );
  return path;
}
