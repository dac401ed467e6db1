export { digestFile } from './digest-file.js';
export { DuckDbQueryEngine, globOf, type DuckDbQueryEngineOptions } from './duckdb-query-engine.js';
export { refreshEnrichedReports, staleDays } from './enriched-reports.js';
export { InputError, LakeBusyError, LakeError } from './errors.js';
export { identifyInput, readInput, type IdentifiedInput } from './input-file.js';
export { KnownInputs, type KnownInput } from './known-inputs.js';
export { Lake, nextSequence, type LakeOptions } from './lake.js';
export { listKeys, nodeLakeFiles, type AppendFile, type LakeFiles } from './lake-files.js';
export * from './lake-layout.js';
export { liveFiles, type LiveFile } from './live-files.js';
export { readParquetRows, type ParquetRow } from './parquet-input.js';
export { readRejected, redriveDigest, redrivePartId, type RejectedFile, rejectedFiles } from './rejected-files.js';
export { RejectedWriter, type RejectedWriterOptions } from './rejected-writer.js';
export { decodeRun, encodeRun, lastWriters, readLedger, type Ledger } from './run-ledger.js';
export { RunTransaction, type RunDraft, type StagedRows } from './run-transaction.js';
export {
  reportHasUsers,
  stageTrafficCounts,
  stageTrafficReport,
  trafficPairId,
  type TrafficReportOptions,
} from './traffic-store.js';
export { WindowsWriter, type WindowPart, type WindowRow, type WindowsWriterOptions } from './windows-writer.js';
export { compactLake, type CompactOptions } from './upkeep/compact.js';
export { forgetInputs, inputsNamed, type InputOfStage } from './upkeep/forget.js';
export { pruneLake, prunedBefore } from './upkeep/prune.js';
export { takeOut, type TakeOut, type TakenOut } from './upkeep/take-out.js';
export { countFaults } from './verify/check-runs.js';
export { inspectDelivered, type DeliveredFile } from './verify/inspect-delivered.js';
export type { Problem, Verification } from './verify/problem.js';
export { sweepRemoved } from './verify/sweep-removed.js';
export { verifyLake, type VerifyOptions } from './verify/verify-lake.js';
export { compareExpected, type ExpectedComparison } from './verify/compare-expected.js';
export type { JournalStep } from './journal-steps.js';
export { StreamJournal, takeAbandonedJournals, type AbandonedJournal, type JournalBegin } from './stream-journal.js';
