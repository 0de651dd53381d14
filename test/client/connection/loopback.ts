import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

export interface Loopback {
  url: string;
  port: number;
  /** Connections open now. */
  connectionCount(): Promise<number>;
  close(): Promise<void>;
}

/** An HTTP server on a free port of 127.0.0.1. */
export async function startHttp(
  listener: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Loopback> {
  const onRequest: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => listener(request, response, Buffer.concat(parts).toString('utf8')));
  };
  const server = createServer(onRequest);
  return listen(server);
}

/** A server that speaks raw bytes: what no HTTP server would send. */
export async function startTcp(onData: (socket: Socket, received: string) => void): Promise<Loopback> {
  const server = createTcpServer((socket) => {
    let received = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (received.includes('\r\n\r\n')) onData(socket, received);
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const loopback = await listen(server);
  return {
    ...loopback,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return loopback.close();
    },
  };
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<Loopback> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connectionCount: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
