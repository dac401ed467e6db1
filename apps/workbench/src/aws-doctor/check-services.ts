import type { AccountCheck } from './check.js';

/** What the stacks are made of, as AWS calls it in its list of services by region. */
const SERVICES: Readonly<Record<string, string>> = {
  athena: 'Athena',
  'emr-serverless': 'EMR Serverless',
  firehose: 'Data Firehose',
  glue: 'Glue',
  kinesis: 'Kinesis Data Streams',
  kinesisanalytics: 'Managed Service for Apache Flink',
  states: 'Step Functions',
};
/** Dashboards can be hosted elsewhere. */
const OPTIONAL: Readonly<Record<string, string>> = { grafana: 'Managed Grafana' };

/** Whether the region has the services, by AWS's own public list. */
export const checkServices: AccountCheck = async ({ account, identity, signal }) => {
  const { region } = identity;
  const nameOf = (service: string) => `/aws/service/global-infrastructure/regions/${region}/services/${service}`;
  const services = [...Object.keys(SERVICES), ...Object.keys(OPTIONAL)];
  const { missing } = await account.parameters(services.map(nameOf), { ...(signal && { signal }) });
  const absent = services.filter((service) => missing.includes(nameOf(service)));
  const needed = absent.flatMap((service) => SERVICES[service] ?? []);
  const optional = absent.flatMap((service) => OPTIONAL[service] ?? []);
  if (needed.length > 0) {
    const detail = `${region} has no ${needed.join(', ')}. Deploy to another region: set AWS_REGION.`;
    return [{ name: 'services', status: 'missing', detail }];
  }
  return [
    { name: 'services', status: 'ok', detail: `${region} has ${Object.values(SERVICES).join(', ')}` },
    ...optional.map((service) => ({
      name: 'services',
      status: 'advice' as const,
      detail: `${region} has no ${service}. Host Grafana elsewhere: deploy the role for it only.`,
    })),
  ];
};
