import { type Options } from 'tsup';
/** The build every package shares: ESM with types, one file per entry, nothing minified. */
export declare const libraryBuild: (overrides?: Options) => Options | Options[] | ((overrideOptions: Options) => Options | Options[] | Promise<Options | Options[]>);
//# sourceMappingURL=tsup.base.d.ts.map