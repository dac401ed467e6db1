/** Where the job's own words are, for people. Pure. */
export function logAdvice(logStreams: readonly string[]): string {
  if (logStreams.length === 0) {
    return 'The application writes no logs: give it a CloudWatch logging option.';
  }
  return logStreams
    .map((arn) => {
      const [, region, group, stream] =
        /^arn:[^:]*:logs:([^:]*):[^:]*:log-group:([^:]+):log-stream:(.+)$/.exec(arn) ?? [];
      return group === undefined
        ? `Logs: ${arn}`
        : `Logs: aws logs tail ${group} --log-stream-names ${stream!} --since 1h --region ${region!}`;
    })
    .join('\n');
}
