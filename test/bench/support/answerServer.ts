// A SOAP server in a process of its own, so that its memory and work are not counted: it logs anybody on and answers every
// query with the same rows. The parent process is told the port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const rowCount = Number(process.argv[2] ?? 100_000);
/** Bytes per second at most; 0: as fast as the socket takes them. */
const bytesPerSecond = Number(process.argv[3] ?? 0);

const head =
  `<?xml version='1.0'?>\n<SOAP-ENV:Envelope xmlns:xsd='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'` +
  ` xmlns:ns='urn:xtk:queryDef' xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>` +
  `<ExecuteQueryResponse xmlns='urn:xtk:queryDef' SOAP-ENV:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'>` +
  `<pdomOutput xsi:type='ns:Element' SOAP-ENV:encodingStyle='http://xml.apache.org/xml-soap/literalxml'><recipient-collection>`;
const tail = `</recipient-collection></pdomOutput></ExecuteQueryResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const logon =
  `<?xml version='1.0'?><SOAP-ENV:Envelope xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>` +
  `<LogonResponse xmlns='urn:xtk:session'><pstrSessionToken>___7bb151d2-ee05-4bd2-9d5e-23e83547c528</pstrSessionToken>` +
  `<pSessionInfo><sessionInfo/></pSessionInfo><pstrSecurityToken>@DrRFO29Bx0mZq1fWc8yLk2nPv5tUs7aE==</pstrSecurityToken>` +
  `</LogonResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** About 260 bytes a row, ten attributes, a few accents and references. */
function rowAt(i: number): string {
  const name = i % 50 === 0 ? 'Ren&apos;é' : `Name${i % 977}`;
  return (
    `<recipient id="${100_000 + i}" email="user.${i}@mail.example.com" firstName="${name}" lastName="Lastname-${(i * 7) % 1999}"` +
    ` birthDate="19${10 + (i % 89)}-0${1 + (i % 9)}-1${i % 10}" city="City of number ${i % 311}" countryCode="FR" blackList="${i % 2}"` +
    ` created="2024-0${1 + (i % 9)}-11 10:2${i % 10}:31.986Z" lastModified="2025-0${1 + (i % 9)}-21 14:1${i % 10}:31.123Z"/>\n`
  );
}

const parts = [head];
for (let i = 0; i < rowCount; i++) parts.push(rowAt(i));
parts.push(tail);
const body = Buffer.from(parts.join(''), 'utf8');
parts.length = 0;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('Content-Type', 'text/xml; charset=utf-8');
    if (request.headers['soapaction'] === 'xtk:session#Logon') return void response.end(logon);
    response.setHeader('Content-Length', body.length);
    if (bytesPerSecond === 0) return void response.end(body);
    const piece = Math.ceil(bytesPerSecond / 100);
    let at = 0;
    const timer = setInterval(() => {
      response.write(body.subarray(at, (at += piece)));
      if (at >= body.length) {
        clearInterval(timer);
        response.end();
      }
    }, 10);
    response.on('close', () => clearInterval(timer));
  });
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, sizeBytes: body.length }),
);
process.on('disconnect', () => process.exit(0));
