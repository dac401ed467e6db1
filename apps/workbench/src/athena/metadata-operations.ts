import { invalidRequest } from './athena-fault.js';
import { checkCatalog, checkDatabase, DATABASES, TABLE_METADATA, tableMetadata } from './catalog.js';
import { CATALOG, ENGINE_VERSION, WORK_GROUP } from './execution.js';
import { optionalText, pageOf, requiredText, type Input } from './read-input.js';

/** Answers one operation. */
export type Operation = (input: Input) => unknown;

/** Operations that tell what there is: it never changes. */
export const METADATA_OPERATIONS: Readonly<Record<string, Operation>> = {
  ListDataCatalogs: (input) => {
    const { items, token } = pageOf([{ CatalogName: CATALOG, Type: 'GLUE' }], input, 50);
    return { DataCatalogsSummary: items, ...token };
  },
  GetDataCatalog: (input) => {
    checkCatalog(requiredText(input, 'Name'));
    return { DataCatalog: { Name: CATALOG, Type: 'GLUE', Description: 'The lake of this machine' } };
  },
  ListDatabases: (input) => {
    checkCatalog(requiredText(input, 'CatalogName'));
    const { items, token } = pageOf(DATABASES, input, 50);
    return { DatabaseList: items, ...token };
  },
  GetDatabase: (input) => {
    checkCatalog(requiredText(input, 'CatalogName'));
    checkDatabase(requiredText(input, 'DatabaseName'));
    return { Database: DATABASES[0] };
  },
  ListTableMetadata: (input) => {
    checkCatalog(requiredText(input, 'CatalogName'));
    checkDatabase(requiredText(input, 'DatabaseName'));
    const pattern = expressionOf(optionalText(input, 'Expression'));
    const { items, token } = pageOf(
      TABLE_METADATA.filter(({ Name }) => pattern.test(Name)),
      input,
      50,
    );
    return { TableMetadataList: items, ...token };
  },
  GetTableMetadata: (input) => {
    checkCatalog(requiredText(input, 'CatalogName'));
    checkDatabase(requiredText(input, 'DatabaseName'));
    return { TableMetadata: tableMetadata(requiredText(input, 'TableName')) };
  },
  ListWorkGroups: (input) => {
    const { items, token } = pageOf([{ Name: WORK_GROUP, State: 'ENABLED', EngineVersion: ENGINE_VERSION }], input, 50);
    return { WorkGroups: items, ...token };
  },
  GetWorkGroup: (input) => {
    checkWorkGroup(requiredText(input, 'WorkGroup'));
    return {
      WorkGroup: {
        Name: WORK_GROUP,
        State: 'ENABLED',
        Description: 'Queries on the lake of this machine',
        Configuration: {
          ResultConfiguration: {},
          EnforceWorkGroupConfiguration: false,
          PublishCloudWatchMetricsEnabled: false,
          RequesterPaysEnabled: false,
          EngineVersion: ENGINE_VERSION,
        },
      },
    };
  },
};

/** @throws AthenaFault when it is another work group than the one there is */
export function checkWorkGroup(name: string): void {
  if (name !== WORK_GROUP) throw invalidRequest(`WorkGroup ${name} is not found; there is ${WORK_GROUP}`);
}

/** Hive's patterns: `*` for any letters, `|` between alternatives; other letters stand for themselves here. */
function expressionOf(expression = '*'): RegExp {
  const source = expression.replace(/[.+?^${}()[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^(?:${source})$`, 'i');
}
