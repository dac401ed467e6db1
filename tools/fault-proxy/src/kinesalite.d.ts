declare module 'kinesalite' {
  import type { Server } from 'node:http';

  /** Kinesis' actions over HTTP; streams live in memory, or in a folder. */
  export default function kinesalite(options?: {
    path?: string;
    createStreamMs?: number;
    deleteStreamMs?: number;
    updateStreamMs?: number;
    shardLimit?: number;
  }): Server;
}
