import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Device } from './device.ts';
import { Link } from './link.ts';
import type { Box, EapiResult } from './platform.ts';
import type { Access } from './ssh.ts';

type Request = {
  id?: unknown;
  params?: { cmds?: (string | { cmd?: string; input?: string })[]; format?: string };
};

const authorized = (request: IncomingMessage, access: Access, cookies: ReadonlySet<string>): boolean => {
  const session = /Session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (session !== undefined && cookies.has(session)) return true;
  const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  return Buffer.from(encoded, 'base64').toString('utf8') === `${access.user}:${access.password}`;
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Runs the commands of one call in one context; stops at the first that fails. */
const runCommands = async (device: Device, box: Box, user: string, body: Request): Promise<object | undefined> => {
  const login = device.login(user, 'eapi', undefined);
  const context = box.eapi?.(login);
  const format = body.params?.format === 'text' ? 'text' : 'json';
  const commands = body.params?.cmds ?? [];
  const results: object[] = [];
  try {
    for (const [at, entry] of commands.entries()) {
      const command = typeof entry === 'string' ? entry : (entry.cmd ?? '');
      const drop = device.plan.step(command);
      if (drop === 'before') return undefined;
      const result: EapiResult = (await context?.run(
        command,
        typeof entry === 'string' ? undefined : entry.input,
        format,
      )) ?? { ok: false, code: 1000, reason: 'no eAPI', errors: [] };
      if (drop === 'after') return undefined;
      if (!result.ok) {
        const message = `CLI command ${at + 1} of ${commands.length} '${command}' failed: ${result.reason}`;
        return {
          jsonrpc: '2.0',
          id: body.id ?? null,
          error: { code: result.code, message, data: [...results, { errors: result.errors }] },
        };
      }
      results.push(format === 'text' ? { output: result.text } : (result.json ?? {}));
    }
    return { jsonrpc: '2.0', id: body.id ?? null, result: results };
  } finally {
    device.logins.delete(login);
  }
};

/** The eAPI server; connections are handed to it with `accept`. */
export const eapiServer = (
  device: Device,
  box: Box,
  access: Access,
  tls: { key: string; cert: string },
): { server: Server; accept: (socket: Socket) => void } => {
  const cookies = new Set<string>();
  const answer = (
    response: ServerResponse,
    status: number,
    body: object | string,
    headers: Record<string, string> = {},
  ) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readBody(request);
    if (request.url === '/login') {
      const { username, password } = JSON.parse(text || '{}') as { username?: string; password?: string };
      if (username !== access.user || password !== access.password)
        return answer(response, 401, { detail: 'Unauthorized' });
      const cookie = `${Date.now()}${Math.random()}`;
      cookies.add(cookie);
      return answer(
        response,
        200,
        { username, authenticationEnabled: true },
        { 'set-cookie': `Session=${cookie}; Path=/; HttpOnly; Secure` },
      );
    }
    if (!authorized(request, access, cookies))
      return answer(response, 401, 'Unable to authenticate user: Bad username/password combination', {
        'www-authenticate': 'Basic realm="COMMAND_API"',
      });
    if (request.url === '/logout') return answer(response, 200, {});
    if (request.url !== '/command-api') return answer(response, 404, 'not found');
    const result = await runCommands(device, box, access.user, JSON.parse(text) as Request);
    if (result === undefined) {
      request.socket.destroy();
      return;
    }
    answer(response, 200, result);
  };
  const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch((error: Error) => answer(response, 400, error.message));
  });
  const accept = (socket: Socket) => {
    const link = new Link(socket, device.plan);
    link.on('error', () => {});
    link.once('close', () => device.links.delete(link));
    device.links.add(link);
    server.emit('connection', link);
  };
  return { server, accept };
};
