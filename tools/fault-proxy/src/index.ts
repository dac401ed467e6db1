export { startKinesalite, type KinesaliteOptions, type RunningServer } from './start-kinesalite.js';
