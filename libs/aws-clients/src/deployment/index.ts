export * from './deployment-names.js';
