export { grafanaProgram } from './commands.js';
export * from './connection.js';
export * from './grafana-dashboard.js';
export * from './provisioning-files.js';
export * from './grafana-api.js';
export * from './push.js';
export * from './workspace-token.js';
