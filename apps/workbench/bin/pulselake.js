#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/main.js', import.meta.url);
const builder = new URL('../../../tools/build-runnable.mjs', import.meta.url);
// In a fresh checkout nothing is built yet; a published package is.
if (!existsSync(built) && existsSync(builder)) await import(builder);
await import(built);
