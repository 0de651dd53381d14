import { createRequire } from 'node:module';
import { afterAll, expect, test } from 'vitest';
import { parseXml } from '../../core/xml/parseXml.ts';
import { attributeValue, descendantElements, type XmlElement } from '../../core/xml/xmlTree.ts';
import { allMethods } from '../../sandbox/campaign/methods/allMethods.ts';
import { maxUploadBytes } from '../../sandbox/campaign/http/uploads.ts';
import { openSandbox } from './call.ts';

const caller = await openSandbox({ rows: 5 });
afterAll(() => caller.sandbox.stop());

const page = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${caller.sandbox.url}/nl/jsp/${path}`, {
    redirect: 'manual',
    ...init,
    headers: {
      Cookie: `__sessiontoken=${caller.sessionToken}`,
      'X-Security-Token': caller.securityToken,
      ...(init.headers as Record<string, string> | undefined),
    },
  });

async function wsdl(schema: string): Promise<XmlElement> {
  const text = await (await page(`schemawsdl.jsp?schema=${schema}`)).text();
  const { root, problems } = parseXml(text);
  expect(problems).toEqual([]);
  return root!;
}

const named = (root: XmlElement, element: string): XmlElement[] =>
  [...descendantElements(root)].filter(({ name }) => name === element);

test('pages need a session', async () => {
  for (const path of [
    'schemawsdl.jsp?schema=xtk:session',
    'uploadFile.jsp',
    'downloadFile.jsp',
    'monitor.jsp',
  ]) {
    const response = await page(path, { headers: { Cookie: '' } });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/nl/jsp/logon.jsp']);
  }
  expect((await page('monitor.jsp')).status).toBe(200);
});

test('the WSDL of a schema lists its methods with their actions', async () => {
  const root = await wsdl('xtk:queryDef');
  const actions = named(root, 'soap:operation').map((operation) => attributeValue(operation, 'soapAction'));
  const own = allMethods.filter(({ service }) => service === 'xtk:queryDef');
  expect(actions.filter((action) => action?.startsWith('xtk:queryDef#'))).toHaveLength(own.length);
  expect(actions).toContain('xtk:queryDef#ExecuteQuery');
  expect(named(root, 'service').map((service) => attributeValue(service, 'name'))).toEqual(['XtkQueryDef']);
  expect(attributeValue(named(root, 'portType')[0]!, 'name')).toBe('queryDefMethodsSoap');
  expect(attributeValue(named(root, 'soap:address')[0]!, 'location')).toBe(
    `${caller.sandbox.url}/nl/jsp/soaprouter.jsp`,
  );
});

test('a message begins with the session token, then the document, then the parameters', async () => {
  const root = await wsdl('xtk:queryDef');
  const fields = (message: string): string[] => {
    const type = named(root, 'element').find((element) => attributeValue(element, 'name') === message)!;
    return named(type, 'element')
      .filter((element) => element !== type)
      .map((element) => `${attributeValue(element, 'name')!} ${attributeValue(element, 'type')!}`);
  };
  expect(fields('SelectAll')).toEqual([
    'sessiontoken xsd:string',
    'entity tns:Element',
    'bDuplicate xsd:boolean',
  ]);
  expect(fields('SelectAllResponse')).toEqual(['entity tns:Element']);
  expect(fields('ExecuteQueryResponse')).toEqual(['pdomOutput tns:Element']);
  expect(fields('BuildQueryExResponse')).toEqual(['pstrSql xsd:string', 'pstrFormat xsd:string']);
});

test('methods of an interface stand in the WSDL of who implements it, under the name of the interface', async () => {
  const root = await wsdl('nms:recipient');
  const actions = named(root, 'soap:operation').map((operation) => attributeValue(operation, 'soapAction'));
  expect(actions).toContain('xtk:persist#Write');
  expect(actions).toContain('xtk:persist#NewInstance');
  expect(actions).toContain('nms:recipient#MergeInto');
  expect(new Set(actions).size).toBe(actions.length);
});

test('a schema that does not exist has no WSDL', async () => {
  expect((await page('schemawsdl.jsp?schema=no:such')).status).toBe(404);
  expect((await page('schemawsdl.jsp')).status).toBe(404);
});

test('dynamic pages are there, and are not run', async () => {
  const { url } = caller.sandbox;
  const found = await fetch(`${url}/cus/stores.jssp`);
  expect([found.status, await found.text()]).toEqual([
    501,
    'BAS-010007 Function not implemented (iRc=-55): the sandbox runs no JavaScript.',
  ]);
  expect((await fetch(`${url}/cus/none.jssp`)).status).toBe(404);
  expect((await fetch(`${url}/webApp/none`)).status).toBe(404);
});

// --- files ---

async function upload(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.append('file_noMd5', new Blob([content]), name);
  return page('uploadFile.jsp', { method: 'POST', body: form });
}

test('a file is uploaded, reported to the page around, and downloaded by its checksum', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const text = await (await upload('Été.bin', bytes)).text();
  expect(text).toMatch(/^Ok\s/);
  const [, list] = /uploadFileCallBack\((.*)\)<\/script>/.exec(text)!;
  const files = JSON.parse(list!) as {
    fileName: string;
    md5: string;
    newFileName: string;
    paramName: string;
  }[];
  const md5 = 'e2c865db4162bed963bfaa9ef6ac18f0';
  expect(files).toEqual([{ paramName: 'file_noMd5', fileName: 'Été.bin', newFileName: `${md5}.bin`, md5 }]);
  const response = await page(`downloadFile.jsp?md5=${md5}&ext=bin&fileName=x.bin&contentType=image/png`);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  expect([
    response.headers.get('content-type'),
    response.headers.get('content-disposition'),
    response.headers.get('x-content-type-options'),
  ]).toEqual(['image/png', 'attachment; filename="x.bin"', 'nosniff']);
});

test('a file name cannot end the script it is reported in', async () => {
  const text = await (await upload('</script><img>.txt', 'x')).text();
  expect(text.match(/<\/script>/g)).toHaveLength(1);
  expect(text).not.toContain('<img>');
});

test('headers of a download hold nothing of the request that does not belong there', async () => {
  await upload('a.txt', 'hello');
  const md5 = '5d41402abc4b2a76b9719d911017c592';
  const response = await page(
    `downloadFile.jsp?md5=${md5}&ext=txt&fileName=${encodeURIComponent('a"\r\nb.txt')}&contentType=${encodeURIComponent('text/html\r\nX: y')}`,
  );
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="a___b.txt"');
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect((await page('downloadFile.jsp?md5=0&ext=txt')).status).toBe(404);
});

test('a file that is too large and a body that is no form are refused', async () => {
  const large = await upload('large.bin', new Uint8Array(maxUploadBytes + 1));
  expect([large.status, await large.text()]).toEqual([400, 'The file is larger than 16777216 bytes.']);
  for (const [type, body] of [
    ['text/plain', 'x'],
    ['multipart/form-data; boundary=x', 'nothing'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv'],
    ['multipart/form-data; boundary=x', '--x\r\n\r\nv\r\n--x--'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x--'],
  ] as const) {
    const response = await page('uploadFile.jsp', {
      method: 'POST',
      body,
      headers: { 'Content-Type': type },
    });
    expect(response.status).toBe(400);
  }
  expect((await page('uploadFile.jsp')).status).toBe(405);
});

test("Adobe's SDK downloads what was uploaded", async () => {
  await upload('a.txt', 'hello');
  const sdk = createRequire(import.meta.url)('@adobe/acc-js-sdk') as {
    ConnectionParameters: { ofUserAndPassword(url: string, login: string, password: string): object };
    init(parameters: object): Promise<{
      logon(): Promise<void>;
      fileUploader: { download(md5: string, ext: string, options?: object): Promise<string> };
    }>;
  };
  const { url, login, password } = caller.sandbox;
  const client = await sdk.init(sdk.ConnectionParameters.ofUserAndPassword(url, login, password));
  await client.logon();
  expect(await client.fileUploader.download('5d41402abc4b2a76b9719d911017c592', 'txt')).toBe('hello');
});
