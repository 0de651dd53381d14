import { CampaignError, type CallOutcome, type CampaignErrorInit } from './campaignError.ts';
import { findCodes, resolveCode, wrapperCodes, type CodeAction } from './campaignCodes.ts';
import { maskSecrets } from './maskSecrets.ts';

/** An error as the server states it, in any of its shapes. */
export interface Fault {
  /** `SOAP-ENV:Server`, an internal return code, or `''` for an answer that is plain text. */
  readonly faultCode: string;
  readonly faultString: string;
  /** Root cause first, one message per line; `''` when missing. */
  readonly detail: string;
}

/** What a fault comes to. */
export interface FaultVerdict {
  readonly action: CodeAction;
  readonly campaignCode: string | undefined;
  /** The server's messages, root cause first, the wrapper last. */
  readonly lines: readonly string[];
}

/** Old builds write sentences without codes. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/session has expired or is invalid/i, 'XSV-350008'],
  [/invalid login or password/i, 'XSV-350012'],
  [/\bIP address via which\b/i, 'XSV-350013'],
  [/attribute '[^']*' unknown|element '[^']*' unknown/i, 'XTK-170036'],
];

/**
 * Finds the code that says most: the first one in the detail that is not a mere wrapper, else one in the fault string,
 * else a wrapper, else what an old build's sentence stands for.
 */
export function judgeFault(fault: Fault): FaultVerdict {
  const lines = `${fault.detail}\n${fault.faultString}`
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = lines.join('\n');
  const codes = findCodes(text);
  const campaignCode =
    codes.find((code) => !wrapperCodes.has(code)) ??
    sentences.find(([pattern]) => pattern.test(text))?.[1] ??
    codes[0];
  return { action: resolveCode(campaignCode, text).action, campaignCode, lines };
}

const maxLineLength = 2000;

/** The error for a fault. The server's own first line is part of the explanation: it names the field, table or key. */
export function toFaultError(
  fault: Fault,
  context: { method: string; secrets: Iterable<string>; status?: number; outcome?: CallOutcome },
): CampaignError {
  const { campaignCode, lines } = judgeFault(fault);
  const secrets = [...context.secrets];
  const details = lines.map((line) => maskSecrets(line, secrets).slice(0, maxLineLength));
  const meaning = resolveCode(campaignCode, lines.join('\n'));
  const said =
    details.find((line) => campaignCode !== undefined && line.includes(campaignCode)) ?? details[0] ?? '';
  const isSignIn = campaignCode === 'XSV-350012' || campaignCode === 'XSV-350013';
  const isExpiry = meaning.action === 'relogon';
  const explanation =
    isSignIn || isExpiry || said === '' ? meaning.explanation : `${meaning.explanation} ${endSentence(said)}`;
  const init: CampaignErrorInit = {
    code: isSignIn ? 'signIn' : isExpiry ? 'sessionExpired' : 'fault',
    explanation: isSignIn ? `${explanation.replace(/\.$/, '')} (${campaignCode}).` : explanation,
    nextStep: meaning.nextStep,
    method: context.method,
    campaignCode,
    details,
    status: context.status,
    outcome: context.outcome ?? 'failed',
  };
  return new CampaignError(init);
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
