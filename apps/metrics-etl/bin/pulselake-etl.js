#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/main.js', import.meta.url);
if (!existsSync(built)) {
  process.stderr.write('Nothing is built yet. Run: npx nx build metrics-etl\n');
  process.exit(1);
}
await import(built);
