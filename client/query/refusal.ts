import { CampaignError } from '../../core/soap/campaignError.ts';

/**
 * Is the query at fault, and not rights, the connection or what is in the tables? Judged by the code: expressions and
 * schemas (`XTK`, `XFR`) and what the database says of the SQL (`PGS`, `ODB`); old servers give none.
 */
export function isAboutQuery(error: unknown): error is CampaignError {
  if (!(error instanceof CampaignError) || error.code !== 'fault') return false;
  const { campaignCode } = error;
  // Access denied to an anonymous operator.
  return (
    campaignCode === undefined ||
    (/^(?:XTK|XFR|PGS|ODB)-/.test(campaignCode) && campaignCode !== 'XTK-170019')
  );
}

/** What it means, then what the server said, whose last line tells the expression and the code. */
export function refusalMessage({ explanation, nextStep, details, campaignCode }: CampaignError): string {
  const summary = nextStep === '' ? explanation : `${explanation} ${nextStep}`;
  const rest = details.filter((line) => !summary.includes(line));
  const message = [summary, ...rest].join('\n');
  return campaignCode === undefined || message.includes(campaignCode)
    ? message
    : `${campaignCode} ${message}`;
}
