import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { createConnection } from 'vscode-languageserver/node';
import type { ClientCapabilities, InitializeResult } from 'vscode-languageserver';
import { startServer, type ServerOptions } from '../../server/server.ts';

/** An editor in memory, connected to a server in memory. */
export interface TestClient {
  rpc: MessageConnection;
  initialized: InitializeResult;
  open(uri: string, languageId: string, text: string): Promise<void>;
  change(uri: string, version: number, text: string): Promise<void>;
  close(uri: string): Promise<void>;
  /** What the server has logged. */
  logged: string[];
  dispose(): void;
}

/** Options of {@link startTestClient}. */
export interface TestClientOptions {
  capabilities?: ClientCapabilities;
  initializationOptions?: unknown;
  workspaceFolders?: readonly { uri: string; name: string }[];
  /** Registers what this editor answers, before it says hello. Default: it knows no message of ours. */
  prepare?: (rpc: MessageConnection) => void;
  /** What the server is started with. */
  server?: ServerOptions;
}

/** Starts a server and says hello to it. */
export async function startTestClient(options: TestClientOptions = {}): Promise<TestClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(
    createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
    options.server,
  );
  const rpc = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const logged: string[] = [];
  rpc.onNotification('window/logMessage', ({ message }: { message: string }) => {
    logged.push(message);
  });
  options.prepare?.(rpc);
  rpc.listen();
  const initialized = await rpc.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: options.capabilities ?? {},
    workspaceFolders: options.workspaceFolders ?? null,
    initializationOptions: options.initializationOptions,
  });
  await rpc.sendNotification('initialized', {});
  return {
    rpc,
    initialized,
    logged,
    open: (uri, languageId, text) =>
      rpc.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, text) =>
      rpc.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    close: (uri) => rpc.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    dispose: () => {
      rpc.dispose();
      toServer.destroy();
      toClient.destroy();
    },
  };
}
