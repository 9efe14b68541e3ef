import { isIP } from 'node:net';
import type { AgentContext } from '../kit/index.ts';
import { RequestFailed } from '../kit/http/request-failed.ts';
import { resolveTarget } from '../kit/http/target.ts';
import type { Answer } from './answer.ts';
import type { Mail } from './channels/email.ts';
import type { MailServer } from './mail-server.ts';

const TIMEOUT_MS = 10_000;

export interface Surroundings {
  readonly allowPrivate: boolean;
  readonly context: AgentContext;
}

/** Hands one message to the server, judged. Rejects only when the run was cancelled. */
export async function sendMail(
  mail: Mail,
  server: MailServer,
  { allowPrivate, context }: Surroundings,
): Promise<Answer> {
  const { signal, log } = context;
  signal.throwIfAborted();
  try {
    const { address } = await resolveTarget(server.host, allowPrivate);
    const transport = await openTransport(server, address);
    const close = () => {
      transport.close();
    };
    signal.addEventListener('abort', close, { once: true });
    const sent: unknown = await transport.sendMail({ ...mail, from: server.from, to: [...server.to] });
    const { rejected } = sent as { rejected: readonly unknown[] };
    if (rejected.length > 0)
      log.warn('Some recipients were refused', { refused: rejected.length, of: server.to.length });
    return { kind: 'accepted' };
  } catch (error) {
    signal.throwIfAborted();
    return judge(error as SmtpError);
  }
}

/** To the address that was checked, whose certificate must be that of the name. */
async function openTransport({ host, port, tls, ca, login }: MailServer, address: string) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host: address,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) },
    ...(login !== undefined && { auth: login }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** An error as the library throws it. */
interface SmtpError extends Error {
  readonly code?: string;
  /** What the system said, where the socket failed. */
  readonly originalCode?: string;
  /** What the server answered: 4xx may pass, 5xx will not. */
  readonly responseCode?: number;
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|ISSUER/;

function judge(error: SmtpError): Answer {
  if (error instanceof RequestFailed) return refused(error.message, error.retryable);
  const { code = 'unknown', originalCode = code, responseCode } = error;
  if (code === 'ETLS') return refused('the mail server offers no TLS (STARTTLS)', false);
  if (UNTRUSTED.test(originalCode))
    return refused(`the certificate of the mail server is not trusted (${originalCode})`, false);
  if (responseCode !== undefined)
    return refused(`the mail server answered ${String(responseCode)} (${code})`, responseCode < 500);
  return refused(`the mail server was not reached (${originalCode})`, true);
}

function refused(reason: string, retryable: boolean): Answer {
  return { kind: 'refused', reason, retryable, retryAfterMs: undefined };
}
