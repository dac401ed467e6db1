import process from 'node:process';
import { WORKS } from './works.js';

/** Runs one piece of work in this process and tells its memory: `work.js NAME ARGS…`. */
const [name = '', ...args] = process.argv.slice(2);
const work = WORKS[name];
if (!work) throw new Error(`There is no work called "${name}".`);
const lines = await work(args);
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
process.stderr.write(`\nmaxRSS ${process.resourceUsage().maxRSS}\n`);
