/**
 * What goes wrong inside a method: coded lines, deepest cause first. The dispatcher wraps them into the fault
 * `SOP-330011` with the lines as its detail.
 */
export class CampaignFailure extends Error {
  readonly lines: readonly string[];
  constructor(...lines: string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }

  /** The same failure with an outer line added, as each layer of the server does. */
  within(line: string): CampaignFailure {
    return new CampaignFailure(...this.lines, line);
  }
}

/** A SOAP fault as it is sent. */
export class SoapFault extends Error {
  readonly code: 'Client' | 'Server';
  readonly detail: string;
  constructor(code: 'Client' | 'Server', faultString: string, detail = '') {
    super(faultString);
    this.code = code;
    this.detail = detail;
  }
}

/** An answer that is one line of text instead of an envelope (expired sessions, refused logons). */
export class TextReply extends Error {
  readonly status: number;
  constructor(status: number, line: string) {
    super(line);
    this.status = status;
  }
}

export const wrongCredentials = (): TextReply =>
  new TextReply(403, 'XSV-350012 Invalid login or password. Connection denied.');

export const blockedAddress = (address: string): TextReply =>
  new TextReply(
    403,
    `XSV-350013 The '${address}' IP address via which you are connecting is not authorized.`,
  );

export const sessionExpired = (status: number): TextReply =>
  new TextReply(status, 'XSV-350008 Session has expired or is invalid. Please reconnect.');

/**
 * What the sandbox cannot do: run JavaScript, run native scripts on a database that is none of Campaign's, change rows by
 * a document of unknown form. The one place that says so.
 */
export const notImplemented = (what: string): CampaignFailure =>
  new CampaignFailure(`BAS-010007 Function not implemented (iRc=-55): ${what}`);

export const methodUnknown = (method: string, service: string): SoapFault =>
  new SoapFault('Client', `SOP-330006 The method '${method}' is not defined in the service '${service}'.`);

export const badParameters = (method: string, service: string, reason: string): SoapFault =>
  new SoapFault(
    'Client',
    `SOP-330003 Error while reading parameters of method '${method}' of service '${service}'.`,
    reason,
  );

/** Wraps what a method threw. With `showErrors` off the server hides the reason. */
export function executionFault(
  method: string,
  service: string,
  lines: readonly string[],
  showErrors: boolean,
): SoapFault {
  return new SoapFault(
    'Server',
    `SOP-330011 Error while executing the method '${method}' of service '${service}'.`,
    showErrors ? lines.join('\n') : 'SOP-330023 You are not authorized to see the detail of this error.',
  );
}
