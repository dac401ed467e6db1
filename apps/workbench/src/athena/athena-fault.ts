/** Kinds of faults that the Athena API answers with. */
export type FaultType =
  | 'InvalidRequestException'
  | 'MetadataException'
  | 'TooManyRequestsException'
  | 'UnknownOperationException'
  | 'SerializationException'
  | 'AccessDeniedException'
  | 'InternalServerException';

/** A request that is answered with a fault, in AWS's shape. */
export class AthenaFault extends Error {
  override readonly name = 'AthenaFault';

  constructor(
    readonly type: FaultType,
    message: string,
    /** Members of the answer besides the message. */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function invalidRequest(message: string, athenaErrorCode = 'INVALID_INPUT'): AthenaFault {
  return new AthenaFault('InvalidRequestException', message, { AthenaErrorCode: athenaErrorCode });
}
