export { FAULTS, type Fault } from './fault.js';
export { FaultPlan, type FaultPlanOptions } from './fault-plan.js';
export { FaultProxy, type FaultCounts, type FaultProxyOptions } from './fault-proxy.js';
export { ShardLimits, type ShardLimitOptions } from './shard-limits.js';
export { startKinesalite, type KinesaliteOptions, type RunningServer } from './start-kinesalite.js';
