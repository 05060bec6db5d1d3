import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Device } from '../device.ts';
import { Link } from '../link.ts';
import type { Box, EapiResult } from '../platform.ts';
import { EapiLogins, type Page } from './eapi-login.ts';
import type { Access } from './ssh.ts';

type Request = {
  id?: unknown;
  params?: { cmds?: (string | { cmd?: string; input?: string })[]; format?: string };
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const noEapi: EapiResult = { ok: false, code: 1000, reason: 'no eAPI', errors: [] };

/** What a user hears whose role does not allow a command; a switch repeats the whole command. */
const denied = (device: Device, command: string, input: string | undefined): EapiResult | undefined => {
  const { deny } = device.faults;
  if (deny === undefined || !new RegExp(deny.match).test(command)) return undefined;
  const whole = input === undefined ? `'${command}'` : `'${command}' input='${input}'`;
  const reason = 'permission to run command denied';
  return { ok: false, code: 1005, reason, errors: [`Authorization denied for command ${whole}`] };
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
      const input = typeof entry === 'string' ? undefined : entry.input;
      const drop = device.plan.step(command);
      if (drop === 'before') return undefined;
      const result: EapiResult =
        denied(device, command, input) ?? (await context?.run(command, input, format)) ?? noEapi;
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
): { server: Server; logins: EapiLogins; accept: (socket: Socket) => void } => {
  const logins = new EapiLogins(device, access);
  const answer = (response: ServerResponse, { status, body, headers = {} }: Page) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readBody(request);
    if (device.faults.eapiNoLogin && /^\/log(?:in|out)$/.test(request.url ?? ''))
      return answer(response, { status: 404, body: 'not found' });
    if (request.url === '/login') return answer(response, logins.login(text));
    if (!logins.allows(request))
      return answer(response, {
        status: 401,
        body: 'Unable to authenticate user: Bad username/password combination',
        headers: { 'www-authenticate': 'Basic realm="COMMAND_API"' },
      });
    if (request.url === '/logout') return answer(response, logins.logout(request));
    if (request.url !== '/command-api') return answer(response, { status: 404, body: 'not found' });
    const result = await runCommands(device, box, access.user, JSON.parse(text) as Request);
    if (result === undefined) {
      request.socket.destroy();
      return;
    }
    answer(response, { status: 200, body: result });
  };
  const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch((error: Error) => answer(response, { status: 400, body: error.message }));
  });
  const accept = (socket: Socket) => {
    const link = new Link(socket, device.plan);
    link.on('error', () => {});
    link.once('close', () => device.links.delete(link));
    device.links.add(link);
    server.emit('connection', link);
  };
  return { server, logins, accept };
};
