CREATE TABLE windowed_metrics (
  component_name VARCHAR,
  metric_name VARCHAR,
  unit VARCHAR,
  min_value DOUBLE,
  max_value DOUBLE,
  sum_value DOUBLE,
  sample_count BIGINT,
  from_timestamp TIMESTAMP,
  to_timestamp TIMESTAMP,
  source VARCHAR,
  part_id VARCHAR,
  revision INTEGER,
  emitted_at TIMESTAMP,
  input_id VARCHAR,
  dt VARCHAR
);

CREATE TABLE traffic_reports (
  id VARCHAR,
  source VARCHAR,
  target VARCHAR,
  total_requests BIGINT,
  failed_requests BIGINT,
  report_date VARCHAR
);

CREATE TABLE traffic_reports_enriched (
  id VARCHAR,
  source VARCHAR,
  target VARCHAR,
  total_requests BIGINT,
  failed_requests BIGINT,
  metrics STRUCT("metricName" VARCHAR, "unit" VARCHAR, "minValue" DOUBLE, "maxValue" DOUBLE, "avgValue" DOUBLE)[],
  report_date VARCHAR
);

CREATE TABLE rejected_records (
  run_id VARCHAR,
  reason VARCHAR,
  message VARCHAR,
  file VARCHAR,
  line BIGINT,
  sequence_number VARCHAR,
  input_id VARCHAR,
  raw VARCHAR,
  raw_base64 VARCHAR,
  truncated BOOLEAN,
  stage VARCHAR,
  dt VARCHAR
);

CREATE TABLE pipeline_runs (
  run_id VARCHAR,
  stage VARCHAR,
  started_at VARCHAR,
  finished_at VARCHAR,
  status VARCHAR,
  inputs STRUCT("uri" VARCHAR, "inputId" VARCHAR, "bytes" BIGINT, "sha256" VARCHAR, "contentBytes" BIGINT, "etag" VARCHAR, "modifiedAt" VARCHAR, "records" BIGINT)[],
  outputs STRUCT("uri" VARCHAR, "rows" BIGINT, "bytes" BIGINT, "sha256" VARCHAR, "records" BIGINT, "sequence" BIGINT)[],
  replaced VARCHAR[],
  counts STRUCT("read" BIGINT, "accepted" BIGINT, "duplicate" BIGINT, "external" BIGINT, "outOfRange" BIGINT, "rejected" BIGINT),
  rejected_by_reason MAP(VARCHAR, BIGINT),
  open BIGINT,
  rows_written BIGINT,
  windows_corrected BIGINT,
  sequence BIGINT,
  supersedes VARCHAR[],
  rewritten STRUCT("read" BIGINT, "kept" BIGINT, "takenOut" BIGINT),
  forgotten VARCHAR[],
  pruned_before VARCHAR,
  days VARCHAR[],
  stream STRUCT("name" VARCHAR, "region" VARCHAR, "positions" MAP(VARCHAR, VARCHAR)),
  job STRUCT("name" VARCHAR, "outputStream" VARCHAR),
  error VARCHAR,
  digest VARCHAR,
  dt VARCHAR
);

CREATE TABLE traffic_counts (
  source VARCHAR,
  target VARCHAR,
  total_requests BIGINT,
  failed_requests BIGINT,
  kind VARCHAR,
  report_date VARCHAR
);
