import type { GridFailure } from '../../core/protocol/gridMessages.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';

/** A failure as the results page shows it: what happened, what to do, and buttons for it. */
export function toGridFailure(error: unknown): GridFailure {
  const rerun = { id: 'rerun', label: 'Run Again' } as const;
  const showLog = { id: 'showLog', label: 'Show Log' } as const;
  const edit = { id: 'editConnection', label: 'Edit Connection' } as const;
  if (!(error instanceof CampaignError)) {
    return {
      explanation: error instanceof Error ? error.message : String(error),
      nextStep: '',
      details: [],
      actions: [rerun, showLog],
    };
  }
  const isAboutConnection = ['network', 'http', 'signIn', 'badResponse'].includes(error.code);
  return {
    explanation: error.explanation,
    nextStep: error.nextStep,
    details: error.details,
    actions: isAboutConnection ? [rerun, edit, showLog] : [rerun, showLog],
  };
}
