import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { PYTHON, PYTHON_PROJECT } from './run-python.js';
import { freePort, Service } from './service.js';

/** S3 and Glue on loopback, in memory. */
export interface AwsServices {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly glue: GlueClient;
  stop(): Promise<void>;
}

export async function startAwsServices(folder: string): Promise<AwsServices> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const service = await Service.start({
    name: 'moto',
    command: PYTHON,
    args: ['python/serve_moto.py', String(port)],
    cwd: PYTHON_PROJECT,
    log: join(folder, 'moto.log'),
    isReady: async () => (await fetch(`${endpoint}/moto-api/`).catch(() => undefined))?.ok === true,
    timeoutMs: 60_000,
  });
  const configuration = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: new NodeHttpHandler(),
  };
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  const glue = new GlueClient(configuration);
  return {
    endpoint,
    s3,
    glue,
    stop: async () => {
      s3.destroy();
      glue.destroy();
      await service.stop();
    },
  };
}
