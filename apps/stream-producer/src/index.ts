export { partitionKey } from './partition-key.js';
