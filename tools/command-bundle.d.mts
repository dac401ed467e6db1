import type { BuildOptions } from 'esbuild';

export declare const COMMAND_BUNDLE: BuildOptions;
