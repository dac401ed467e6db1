export type { EtlAccess } from './etl-access.js';
export { etlProgram, runEtl } from './etl-program.js';
export { packEtl } from './pack-etl.js';
