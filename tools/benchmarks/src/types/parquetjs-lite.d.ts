/** The part of parquetjs-lite that is used; the package has no types of its own. */
declare module 'parquetjs-lite' {
  interface FieldDefinition {
    readonly type: 'UTF8' | 'DOUBLE' | 'INT64' | 'TIMESTAMP_MILLIS';
    readonly optional?: boolean;
  }

  interface ParquetSchema {
    readonly schema: Readonly<Record<string, FieldDefinition>>;
  }

  interface ParquetWriter {
    appendRow(row: object): Promise<void>;
    close(): Promise<void>;
  }

  const parquet: {
    readonly ParquetSchema: new (fields: Readonly<Record<string, FieldDefinition>>) => ParquetSchema;
    readonly ParquetWriter: {
      openFile(
        schema: ParquetSchema,
        path: string,
        options?: { readonly rowGroupSize?: number; readonly useDataPageV2?: boolean },
      ): Promise<ParquetWriter>;
    };
  };
  export default parquet;
}
