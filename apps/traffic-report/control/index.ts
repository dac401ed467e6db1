export { packTraffic } from './pack-traffic.js';
export type { TrafficAccess } from './traffic-access.js';
export { runTraffic, trafficProgram } from './traffic-program.js';
