import process from 'node:process';
import { CONTESTANTS } from './contestants.js';

/** Runs one piece of work in this process and tells its memory: `run.js NAME ARGS…`. */
const [name = '', ...args] = process.argv.slice(2);
const work = CONTESTANTS[name];
if (!work) throw new Error(`There is no work called "${name}".`);
const lines = await work(args);
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
process.stderr.write(`\nmaxRSS ${process.resourceUsage().maxRSS}\n`);
