/**
 * What to do about a code of the server:
 * `relogon` once, then repeat the call once · `retry` with back-off where the call allows it · `show` to the person ·
 * `never` repeat automatically.
 */
export type CodeAction = 'relogon' | 'retry' | 'show' | 'never';

export interface CampaignCode {
  readonly code: string;
  readonly action: CodeAction;
  readonly explanation: string;
  /** `''` when the server's own text says it all. */
  readonly nextStep: string;
}

const row = (code: string, action: CodeAction, explanation: string, nextStep = ''): CampaignCode => ({
  code,
  action,
  explanation,
  nextStep,
});

/**
 * Codes seen in documentation, traces and live notes. Codes do not change with the server's language, messages do.
 */
const rows: readonly CampaignCode[] = [
  row('XSV-350008', 'relogon', 'The session has expired or is no longer valid.', 'Connect again.'),
  row(
    'XSV-350012',
    'never',
    'The login or the password is wrong.',
    'Check both and connect again; on v8 from 8.6 technical users sign in with Adobe IMS instead.',
  ),
  row(
    'XSV-350013',
    'never',
    'This computer’s IP address may not connect to the instance.',
    'Ask the administrator to add the address to the allow-list of the security zone.',
  ),
  row(
    'XSV-350063',
    'never',
    'The server knows no instance under this address.',
    'Check the URL of the connection.',
  ),
  row('XSV-350000', 'show', 'The entity does not exist.', 'Check the schema and the key.'),
  row('XSV-350001', 'show', 'The entity could not be loaded from its key.', 'Check the schema and the key.'),
  row('XSV-350023', 'show', 'The document could not be saved.'),
  row('XSV-350122', 'show', 'The process on the server stopped.'),
  row(
    'SOP-330003',
    'never',
    'The method takes other parameters than were sent.',
    'Compare with the method’s declaration on this instance: versions differ.',
  ),
  row(
    'SOP-330006',
    'never',
    'This instance does not have the method.',
    'It may need a newer version of Campaign.',
  ),
  row('SOP-330011', 'show', 'The method failed on the server.'),
  row(
    'SOP-330023',
    'show',
    'The server hides the details of the error.',
    'Read the web log of the instance, or set showErrors for the security zone; often the technical account is not an operator yet.',
  ),
  row(
    'SOP-330024',
    'never',
    'The method belongs to another interface, or its JavaScript library is not declared.',
    'Write, WriteCollection and GetEntityIfMoreRecent belong to xtk:persist; a method in JavaScript needs a library attribute.',
  ),
  row(
    'XTK-170006',
    'show',
    'The expression could not be read.',
    'Check its brackets, quotes and function names.',
  ),
  row(
    'XTK-170036',
    'show',
    'The expression names a field that this schema does not have, or that is stored as XML.',
    'Check the spelling; for a field stored in XML select the node data instead.',
  ),
  row('XTK-170024', 'show', 'The temporary schema does not exist in this context.'),
  row('XFR-180000', 'show', 'The schema or file does not exist on the instance.', 'Check the name.'),
  row('WDB-200011', 'show', 'No record matches.', 'Use getIfExists when that is normal.'),
  row('PGS-220000', 'show', 'The database refused the operation.'),
  row('ODB-240000', 'show', 'The database refused the operation.'),
  row('DLV-490009', 'show', 'The delivery has no target population.'),
  row('DLV-490012', 'show', 'The delivery failed.'),
  row(
    'JST-310027',
    'show',
    'The script called an address that is not allowed.',
    'Add it to the urlPermission list of the server.',
  ),
  row('JST-310040', 'show', 'The server warned during a migration test.'),
  row('INT-150012', 'show', 'A web call made by the server was answered with an error.'),
  row('IOB-090020', 'show', 'The server failed in its TLS library.'),
  row('IOB-090013', 'show', 'The server failed in its TLS library.'),
  row('BAS-010007', 'never', 'The server does not implement this function.'),
  row('RST-360000', 'show', 'The REST layer of the server failed.'),
  row('RST-360011', 'show', 'The REST layer of the server failed.'),
  row('RST-360012', 'show', 'The REST layer of the server failed.'),
];

/** By family, for codes not listed. */
const families: readonly CampaignCode[] = [
  row('PGS', 'show', 'The database refused the operation.'),
  row('ODB', 'show', 'The database refused the operation.'),
  row('WDB', 'show', 'The database layer refused the operation.'),
  row('XTK', 'show', 'An expression or schema is wrong.'),
  row('XSV', 'show', 'The server refused the call.'),
  row('SOP', 'never', 'The call does not have the shape the method expects.'),
  row('DLV', 'show', 'The delivery failed.'),
  row('JST', 'show', 'A script on the server failed.'),
  row('INT', 'show', 'The server failed in a network call of its own.'),
  row('IOB', 'show', 'The server failed in a network call of its own.'),
];

const unknownCode = row('', 'show', 'The server reported an error.');
const byCode: ReadonlyMap<string, CampaignCode> = new Map(
  [...rows, ...families].map((entry) => [entry.code, entry]),
);

/** Every code with its own row, for documentation and tests. */
export const campaignCodes: readonly CampaignCode[] = rows;

/** A code of the server in a text: two to four capitals and six digits. */
const codePattern = /\b[A-Z]{2,4}-\d{6}\b/g;

/** All codes in a text, in order. */
export function findCodes(text: string): string[] {
  return text.match(codePattern) ?? [];
}

/**
 * What a code means. Unknown codes are judged by their family (the letters), those of no known family as `show`.
 * `text` decides the one case where the code does not: a database error is worth a retry when it says deadlock,
 * serialization failure or lost connection.
 */
export function resolveCode(code: string | undefined, text = ''): CampaignCode {
  const found =
    code === undefined ? undefined : (byCode.get(code) ?? byCode.get(code.slice(0, code.indexOf('-'))));
  if (found === undefined) return unknownCode;
  const isDatabase = /^(?:PGS|ODB)-/.test(code ?? '');
  const isPassing =
    /\b40001\b|\b40P01\b|deadlock|could not serialize|server closed the connection|connection (?:was )?lost/i;
  return isDatabase && isPassing.test(text) ? { ...found, action: 'retry' } : found;
}

/** Codes that only wrap another; the useful one is elsewhere in the text. */
export const wrapperCodes: ReadonlySet<string> = new Set(['SOP-330011', 'XSV-350023', 'XSV-350122']);
