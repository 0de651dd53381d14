import { toInstantText } from '../clock.ts';
import type { Instance } from '../instance.ts';
import { writeWsdl } from '../soap/wsdl.ts';
import { htmlReply, textReply, xmlReply, type Reply } from './reply.ts';
import type { Request } from './server.ts';
import { BadUpload, Uploads } from './uploads.ts';

/** Pages of the server that need a session: the router lets nobody else in. */
export class Pages {
  private readonly instance: Instance;
  private readonly uploads = new Uploads();

  constructor(instance: Instance) {
    this.instance = instance;
  }

  /** `undefined` for an address that is no page. */
  answer(request: Request): Reply | undefined {
    const time = toInstantText(this.instance.clock.now());
    switch (request.path) {
      case '/nl/jsp/ping.jsp':
        return textReply(200, `OK\n${time}\n`);
      case '/nl/jsp/mcPing.jsp':
        return textReply(200, `Ok\n${time}\n0/400 pending events\n`);
      case '/nl/jsp/monitor.jsp':
        return htmlReply(200, 'Monitoring');
      case '/nl/jsp/schemawsdl.jsp':
        return this.wsdl(request);
      case '/nl/jsp/uploadFile.jsp':
        return request.method === 'POST'
          ? this.upload(request)
          : textReply(405, 'Method Not Allowed', { Allow: 'POST' });
      case '/nl/jsp/downloadFile.jsp':
        return this.download(request);
      default:
        return undefined;
    }
  }

  private wsdl(request: Request): Reply {
    const schema = this.instance.model.getSchema(request.query.get('schema') ?? '');
    if (schema === null) return htmlReply(404, 'Not Found');
    const address = `http://${request.headers.host ?? '127.0.0.1'}/nl/jsp/soaprouter.jsp`;
    return xmlReply(200, writeWsdl(schema, this.inheritedMethods(schema.implementedInterface), address));
  }

  /** The methods of an interface, from the schema that declares it. */
  private inheritedMethods(interfaceId: string | undefined) {
    const { model } = this.instance;
    const [namespace, name] = (interfaceId ?? '').split(':');
    const homes = model.ids().flatMap((id) => model.getSchema(id) ?? []);
    return homes
      .filter((schema) => schema.namespace === namespace)
      .flatMap((schema) => [...schema.methods.values()].filter((method) => method.interfaceName === name))
      .filter((method, index, all) => all.findIndex((other) => other.name === method.name) === index);
  }

  /** `Ok`, then a script for the frame it is written into: the files, as arguments of a function of the page around. */
  private upload(request: Request): Reply {
    try {
      const files = this.uploads.receive(request.headers['content-type'] ?? '', request.body);
      // The names come from outside: none of them may end the script.
      const list = JSON.stringify(files).replaceAll('<', '\\u003c');
      const script = `if(window.parent&&window.parent.document.controller)window.parent.document.controller.uploadFileCallBack(${list})`;
      return {
        ...htmlReply(200, ''),
        body: `Ok\n<script type="text/javascript">${script}</script>\n`,
      };
    } catch (error) {
      if (error instanceof BadUpload) return textReply(400, error.message);
      throw error;
    }
  }

  private download(request: Request): Reply {
    const { query } = request;
    const content = this.uploads.find(query.get('md5') ?? '', query.get('ext') ?? '');
    if (content === undefined) return htmlReply(404, 'Not Found');
    const wanted = query.get('contentType') ?? '';
    const isType = /^[\w.+-]+\/[\w.+-]+(;\s*charset=[\w-]+)?$/.test(wanted);
    const name = (query.get('fileName') ?? '').replace(/[^\w.-]/g, '_');
    return {
      status: 200,
      headers: {
        'Content-Type': isType ? wanted : 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${name === '' ? 'file' : name}"`,
        // What was uploaded is never shown as a page of this address.
        'X-Content-Type-Options': 'nosniff',
      },
      body: content,
    };
  }
}
