import type { StartJobRunCommandInput } from '@aws-sdk/client-glue';
import type { StartGlueRunRequest } from './glue-jobs.js';

/** The argument of a run that names its client token: Glue has no such thing of its own. */
export const CLIENT_TOKEN_ARGUMENT = '--client-token';

/** What starting a run sends. Pure. */
export function startGlueRunRequest(request: StartGlueRunRequest): StartJobRunCommandInput {
  const { job, clientToken, arguments: own = {}, maxCapacityDpu, timeoutMinutes } = request;
  return {
    JobName: job,
    Arguments: { ...own, [CLIENT_TOKEN_ARGUMENT]: clientToken },
    ...(maxCapacityDpu !== undefined && { MaxCapacity: maxCapacityDpu }),
    ...(timeoutMinutes !== undefined && { Timeout: timeoutMinutes }),
  };
}
