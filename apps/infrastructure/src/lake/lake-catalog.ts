import { athenaView, glueTables, type TableDefinition, TABLES } from '@pulselake/data-model';
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { tableInput } from './table-input.js';

export interface LakeCatalogProps {
  readonly database: string;
  readonly bucket: IBucket;
  /** `YYYY-MM-DD`. */
  readonly firstDay: string;
  /** Default: all tables of the data model. */
  readonly tables?: readonly TableDefinition[];
}

/** The database, its tables and the view, as the data model defines them. */
export class LakeCatalog extends Construct {
  readonly database: CfnDatabase;
  readonly tables: ReadonlyMap<string, CfnTable>;
  readonly #definitions: readonly TableDefinition[];

  constructor(scope: Construct, id: string, { database, bucket, firstDay, tables = TABLES }: LakeCatalogProps) {
    super(scope, id);
    this.#definitions = tables;
    this.database = new CfnDatabase(this, 'database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: database, description: 'Pulselake: metrics and traffic of microservices' },
    });
    const made = glueTables(tables).map((table) => {
      const one = new CfnTable(this, table.name, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: database,
        tableInput: tableInput(table, { lakeUri: `s3://${bucket.bucketName}`, firstDay }),
      });
      one.addResourceDependency(this.database);
      return [table.name, one] as const;
    });
    this.tables = new Map(made);
    const view = athenaView({ database });
    const current = new CfnTable(this, view.name, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database,
      tableInput: {
        name: view.name,
        description: 'One row for each window: repeated deliveries and corrections merged',
        tableType: 'VIRTUAL_VIEW',
        parameters: view.parameters,
        storageDescriptor: { columns: [...view.columns], serdeInfo: {} },
        viewOriginalText: `/* Presto View: ${Buffer.from(view.prestoView).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
      },
    });
    current.addResourceDependency(this.tables.get('windowed_metrics')!);
  }

  /** What a table was made from. */
  definition(name: string): TableDefinition {
    return this.#definitions.find((table) => table.name === name)!;
  }

  /** ARNs that reading the catalog asks for: the catalog, the database and the tables in it. */
  static arns(scope: Construct, database: string, tables: readonly string[]): string[] {
    const arn = (resource: string, resourceName?: string) =>
      Stack.of(scope).formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) });
    return [arn('catalog'), arn('database', database), ...tables.map((table) => arn('table', `${database}/${table}`))];
  }
}
