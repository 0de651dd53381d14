import type { Instance } from '../instance.ts';
import { createElement, elements, isTrue, NotWellFormed, textOf, type Element } from '../xml/element.ts';
import { xmlReply, type Reply } from '../http/reply.ts';
import type { Credentials } from '../session/credentials.ts';
import { authenticate } from '../session/credentials.ts';
import type { Session } from '../session/sessions.ts';
import { isRelease } from '../settings.ts';
import { readRequest, writeFault, writeResponse } from './envelope.ts';
import {
  badParameters,
  CampaignFailure,
  executionFault,
  methodUnknown,
  notImplemented,
  SoapFault,
  TextReply,
} from './fault.ts';
import type { Action, Call, Invoked, Method, Parameter } from './method.ts';
import { isXmlType } from './envelope.ts';

/** `urn#Method`, quoted or not; `undefined` when the header says nothing usable. */
export function readAction(header: string | undefined): Action | undefined {
  const match = /^\s*"?\s*(?:urn:)?([^#"]+)#([A-Za-z_]\w*)\s*"?\s*$/.exec(header ?? '');
  return match === null ? undefined : { service: match[1]!, method: match[2]! };
}

/** The name a call is counted and matched by: the pipe form without its schema. */
export const callName = (action: Action): string => `${action.service.split('|')[0]!}#${action.method}`;

interface Target {
  method: Method;
  schemaId: string;
  /** What follows `urn:` in the answer. */
  namespace: string;
}

/** Finds the method of a call and runs it. Knows no HTTP beyond the reply's status. */
export class Dispatcher {
  private readonly instance: Instance;
  private readonly methods: ReadonlyMap<string, Method>;

  constructor(instance: Instance, methods: readonly Method[]) {
    this.instance = instance;
    this.methods = new Map(methods.map((entry) => [`${entry.service}#${entry.name}`, entry]));
  }

  async handle(action: Action, body: string, credentials: Credentials): Promise<Reply> {
    try {
      return xmlReply(200, await this.run(action, body, credentials));
    } catch (error) {
      return this.failure(action, error);
    }
  }

  private async run(action: Action, body: string, credentials: Credentials): Promise<Iterable<string>> {
    const { method, service } = action;
    const args = this.readArguments(action, body);
    const target = this.resolve(action);
    // Invariant: by position. The first child is the session token, whatever it is called.
    const [token, ...rest] = args;
    const session = authenticate(
      this.instance,
      credentials,
      token === undefined ? '' : textOf(token).trim(),
      {
        anonymous: target.method.access === 'anonymous',
        method,
        service,
      },
    );
    this.checkAccess(target.method, session);
    const call = this.prepare(target, action, rest, session, credentials.address);
    const answer = await this.instance.as(session, () => target.method.run(call));
    return writeResponse(target.method, target.namespace, answer);
  }

  private readArguments(action: Action, body: string): Element[] {
    try {
      return readRequest(body).arguments;
    } catch (error) {
      const fragment = error instanceof NotWellFormed ? ` near '${error.fragment}'` : '';
      throw new SoapFault(
        'Client',
        `The XML SOAP message is invalid (service '${action.service}', method '${action.method}').`,
        `${error instanceof Error ? error.message : String(error)}${fragment}`,
      );
    }
  }

  private resolve(action: Action): Target {
    const { service, method: name } = action;
    const [first = '', second] = service.split('|');
    const method = this.methods.get(`${first}#${name}`);
    if (second !== undefined) {
      const schema = this.instance.model.getSchema(second);
      if (method === undefined || schema === null) throw methodUnknown(name, service);
      // [S] Static methods of a job answer in the namespace of its schema, those of xtk:persist in the interface's.
      const isPersistence = method.kind === 'static' && first === 'xtk:persist';
      return { method, schemaId: second, namespace: isPersistence ? 'wpp:default' : second };
    }
    if (method !== undefined && this.exists(method)) {
      // An interface is no schema with rows of its own.
      const isInterface = first === 'xtk:persist' || first === 'xtk:jobInterface';
      return { method, schemaId: first, namespace: isInterface ? 'wpp:default' : first };
    }
    const schema = this.instance.model.getSchema(first);
    const implemented = schema?.implementedInterface ?? '';
    if (this.methods.has(`${implemented}#${name}`)) {
      throw executionFault(
        name,
        service,
        [
          `SOP-330024 Unspecified function library ('library' attribute) for JavaScript SOAP call '${name}' in schema '${first}'.`,
        ],
        this.instance.settings.showErrors,
      );
    }
    if (schema?.methods.get(name)?.library !== undefined) {
      throw notImplemented('the sandbox runs no JavaScript, and this method is implemented in a library.');
    }
    throw methodUnknown(name, service);
  }

  /** Methods that came with a version. */
  private exists(method: Method): boolean {
    const { settings } = this.instance;
    if (method.name === 'GetModifiedEntities') return isRelease(settings, 8, 4);
    const isStaging =
      method.name === 'Ingest' || method.name === 'IngestExt' || method.service === 'nms:replicationStrategy';
    if (isStaging) return settings.ffda && isRelease(settings, 8, 0);
    return true;
  }

  /** Runs a method for a caller who is known already: what a job does. */
  private invoke(
    action: Action,
    args: readonly Element[],
    session: Session | undefined,
    address: string,
  ): Invoked {
    const target = this.resolve(action);
    this.checkAccess(target.method, session);
    const call = this.prepare(target, action, args, session, address);
    const answer = this.instance.as(session, () => target.method.run(call));
    if (answer instanceof Promise)
      throw new CampaignFailure(`The method '${action.method}' cannot be run by a job.`);
    const response = [...writeResponse(target.method, target.namespace, answer)].join('');
    return { entity: answer.entity, response };
  }

  private checkAccess(method: Method, session: Session | undefined): void {
    if (method.access !== 'admin' && method.access !== 'sql') return;
    const isAllowed =
      session?.operator.rights.some((right) => right === 'admin' || right === method.access) === true;
    if (!isAllowed)
      throw new CampaignFailure(`You do not have the right to call the method '${method.name}'.`);
  }

  private prepare(
    target: Target,
    action: Action,
    args: readonly Element[],
    session: Session | undefined,
    address: string,
  ): Call {
    const { method } = target;
    const fail = (reason: string): never => {
      throw badParameters(action.method, action.service, reason);
    };
    const inputs = method.parameters.filter((parameter) => parameter.direction === 'in');
    const hasDocument = method.kind !== 'static';
    const needed = inputs.filter((input) => !input.optional).length + (hasDocument ? 1 : 0);
    if (args.length < needed) fail(`Parameter ${args.length + 1} of ${needed} is missing.`);
    if (args.length > inputs.length + (hasDocument ? 1 : 0)) fail('There are too many parameters.');
    const given = hasDocument ? args.slice(1) : args;
    const documentElement = hasDocument ? args[0] : undefined;
    const document = documentElement && elements(documentElement)[0];
    if (hasDocument && method.kind !== 'key' && document === undefined) fail('The entity is empty.');
    for (const [index, input] of inputs.entries()) checkValue(input, given[index], fail);
    const text = (index: number): string => (given[index] === undefined ? '' : textOf(given[index]));
    return {
      instance: this.instance,
      session,
      schemaId: target.schemaId,
      entity: document ?? createElement('entity'),
      key: documentElement === undefined ? '' : textOf(documentElement).trim(),
      text,
      flag: (index) => isTrue(text(index).trim()),
      number: (index) => Number(text(index).trim() || '0'),
      element: (index) => (given[index] === undefined ? undefined : elements(given[index])[0]),
      address,
      invoke: (inner, innerArgs) => this.invoke(inner, innerArgs, session, address),
    };
  }

  private failure(action: Action, error: unknown): Reply {
    const { settings } = this.instance;
    if (error instanceof TextReply) {
      return {
        status: error.status,
        headers: { 'Content-Type': 'text/plain;charset=utf-8' },
        body: error.message,
      };
    }
    if (error instanceof SoapFault) return xmlReply(settings.faultStatus, writeFault(error));
    const lines = error instanceof CampaignFailure ? error.lines : [String(error)];
    const fault = executionFault(action.method, action.service, lines, settings.showErrors);
    return xmlReply(settings.faultStatus, writeFault(fault));
  }
}

function checkValue(
  parameter: Parameter,
  element: Element | undefined,
  fail: (reason: string) => never,
): void {
  if (element === undefined || isXmlType(parameter.type)) return;
  const text = textOf(element).trim();
  const isWhole = ['byte', 'short', 'long', 'int64'].includes(parameter.type);
  if (isWhole && text !== '' && !/^[+-]?\d+$/.test(text))
    fail(`'${text}' is no number (parameter '${parameter.name}').`);
}
