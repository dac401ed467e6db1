import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findJava } from './find-java.js';
import { installTrino } from './install-trino.js';
import { freePort, Service } from './service.js';

export interface TrinoOptions {
  /** For its settings, its data and its log. */
  readonly folder: string;
  /** Name of the catalog, as views name it. */
  readonly catalog: string;
  /** Address that speaks for S3 and Glue. */
  readonly awsEndpoint: string;
}

/** A Trino of one node on loopback, its catalog in Glue and its data in S3. */
export interface TrinoServer {
  readonly address: string;
  stop(): Promise<void>;
}

const JVM = [
  '-Xmx2G',
  // Short queries gain nothing by the second compiler, and the start takes half as long without.
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:+EnableDynamicAgentLoading',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dfile.encoding=UTF-8',
  '--enable-native-access=ALL-UNNAMED',
  '-Duser.timezone=UTC',
];

export async function startTrino({ folder, catalog, awsEndpoint }: TrinoOptions): Promise<TrinoServer> {
  const java = join(findJava(process.env), 'bin/java');
  const home = await installTrino();
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'catalog'), { recursive: true });
  await writeProperties(join(folder, 'config.properties'), {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'discovery.uri': address,
    'catalog.config-dir': join(folder, 'catalog'),
    'plugin.dir': join(home, 'plugin'),
    'node.environment': 'e2e',
    'node.id': 'e2e',
    'node.bind-ip': '127.0.0.1',
    'node.internal-address': '127.0.0.1',
  });
  await writeProperties(join(folder, 'catalog', `${catalog}.properties`), catalogProperties(awsEndpoint));
  const service = await Service.start({
    name: 'Trino',
    command: java,
    args: [
      ...JVM,
      `-Dconfig=${join(folder, 'config.properties')}`,
      ...['-cp', `${home}/lib/*${delimiter}`, 'io.trino.server.TrinoServer'],
    ],
    cwd: home,
    log: join(folder, 'trino.log'),
    isReady: async () => {
      const answer = await fetch(`${address}/v1/info`).catch(() => undefined);
      return answer?.ok === true && !((await answer.json()) as { starting: boolean }).starting;
    },
    timeoutMs: 240_000,
  });
  return { address, stop: () => service.stop() };
}

/** As Athena has it: tables and projection in Glue, times in UTC. */
function catalogProperties(endpoint: string): Readonly<Record<string, string>> {
  return {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.endpoint-url': endpoint,
    'hive.metastore.glue.aws-access-key': 'none',
    'hive.metastore.glue.aws-secret-key': 'none',
    'hive.partition-projection-enabled': 'true',
    'hive.parquet.time-zone': 'UTC',
    'fs.native-s3.enabled': 'true',
    's3.endpoint': endpoint,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': 'none',
    's3.aws-secret-key': 'none',
  };
}

async function writeProperties(file: string, properties: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`);
  await writeFile(file, lines.join(''));
}
