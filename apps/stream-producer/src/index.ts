export { accountLines, type ProduceAccount } from './account.js';
export { InputError, UsageError } from './errors.js';
export { EventLines, type EventLine, type RejectedEventLine } from './event-lines.js';
export type { EventSource } from './event-source.js';
export { Pace, type PaceOptions } from './pace.js';
export { partitionKey } from './partition-key.js';
export { produce, type ProduceOptions, type ProducerSink } from './produce.js';
export { runProducer, type ProducerIo } from './produce-program.js';
