import { expect, test } from 'vitest';
import { isAboutQuery, refusalMessage } from '../../../client/query/refusal.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { toFaultError } from '../../../core/soap/fault.ts';

/** The error of a fault with these lines of detail. */
const fault = (...lines: string[]): CampaignError =>
  toFaultError(
    {
      faultCode: 'SOAP-ENV:Server',
      faultString: "SOP-330011 Error while executing the method 'BuildQuery' of service 'xtk:queryDef'.",
      detail: lines.join('\n'),
    },
    { method: 'xtk:queryDef#BuildQuery', secrets: [] },
  );

const unknownField = [
  "Attribute 'emial' unknown (see definition of schema 'Recipients (nms:recipient)').",
  "XTK-170036 Unable to parse expression '@emial'.",
];

test.each([
  ['XTK-170036 Unable to parse expression.', true],
  ["XFR-180000 The schema 'a:b' does not exist.", true],
  ['PGS-220000 PostgreSQL error: ERROR: column "x" does not exist', true],
  ["Attribute 'x' unknown (see definition of schema 'A (a:b)').", true],
  ['XTK-170019 Access denied.', false],
  ['WDB-200011 The requested record does not exist.', false],
  ["SOP-330006 The method 'BuildQuery' is not defined.", false],
  ['XSV-350008 Session has expired.', false],
])('%s: is the query at fault? %s', (line, expected) => expect(isAboutQuery(fault(line))).toBe(expected));

test('what is no fault of a server is not about the query', () => {
  const init = { explanation: 'no', nextStep: '', campaignCode: undefined };
  expect(isAboutQuery(new CampaignError({ ...init, code: 'network' }))).toBe(false);
  expect(isAboutQuery(new CampaignError({ ...init, code: 'cancelled' }))).toBe(false);
  expect(isAboutQuery(new Error('XTK-170036'))).toBe(false);
});

test('the message says what it means, the code, and each line of the server once', () => {
  const message = refusalMessage(fault(...unknownField));
  expect(message).toContain('names a field that this schema does not have');
  expect(message).toContain('XTK-170036');
  for (const line of unknownField) expect(message.split(line)).toHaveLength(2);
});

test('a code that no line has is said nevertheless', () => {
  const error = fault("Attribute 'emial' unknown (see definition of schema 'Recipients (nms:recipient)').");
  expect(error.campaignCode).toBe('XTK-170036');
  expect(refusalMessage(error)).toMatch(/^XTK-170036 /);
});
