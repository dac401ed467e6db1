import type { AddressState, Navigate } from './state/address.js';

/** What every view is given. */
export interface ViewProps {
  readonly state: AddressState;
  /** Where moving ranges end. */
  readonly nowMs: number;
  /** Changes when something new is in the lake. */
  readonly version: number;
  readonly navigate: Navigate;
}
