import { Unretryable, type AgentContext } from '../kit/index.ts';
import { RequestFailed } from '../kit/http/request-failed.ts';
import { request, type HttpAnswer } from '../kit/http/request.ts';
import { z } from 'zod';
import type { Input } from './schemas.ts';

const LARGEST_ANSWER = 8 * 1024 * 1024;

const Point = z.tuple([z.number(), z.string()]);
const Labels = z.record(z.string(), z.string());

/** What Prometheus answers to a query that worked. */
const AnswerSchema = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).default([]),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels, value: Point })) }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
    }),
    z.object({ resultType: z.literal('scalar'), result: Point }),
    z.object({ resultType: z.literal('string'), result: Point }),
  ]),
});

export type Answer = z.output<typeof AnswerSchema>;

/** Puts the query to Prometheus. Throws Unretryable when the query itself is wrong. */
export async function ask(input: Input, context: AgentContext): Promise<Answer> {
  const answer = await send(input, context);
  if (answer.status === 400 || answer.status === 422)
    throw new Unretryable(`Prometheus refuses the query: ${errorOf(answer)}`);
  if (answer.status !== 200) throw new Error(`Prometheus answered ${String(answer.status)}: ${errorOf(answer)}`);
  return AnswerSchema.parse(JSON.parse(answer.body));
}

async function send(input: Input, { env, secret, signal }: AgentContext): Promise<HttpAnswer> {
  const base = input.url ?? env.PROMETHEUS_URL;
  if (base === undefined || !URL.canParse(base))
    throw new Unretryable('No Prometheus to ask: pass url or set PROMETHEUS_URL');
  const token = secret('PROMETHEUS_TOKEN');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const url = new URL(
    `api/v1/${input.range === undefined ? 'query' : 'query_range'}`,
    base.endsWith('/') ? base : `${base}/`,
  );
  try {
    const body = toForm(input).toString();
    return await request({
      url,
      method: 'POST',
      headers,
      body,
      signal,
      timeoutMs: input.timeoutMs,
      allowPrivate: true,
      maxBytes: LARGEST_ANSWER,
    });
  } catch (error) {
    if (error instanceof RequestFailed && !error.retryable) throw new Unretryable(error.message, { cause: error });
    throw error;
  }
}

function toForm({ query, time, range }: Input): URLSearchParams {
  const form = new URLSearchParams({ query });
  if (range !== undefined) {
    form.set('start', String(range.start));
    form.set('end', String(range.end));
    form.set('step', String(range.stepSeconds));
  } else if (time !== undefined) {
    form.set('time', String(time));
  }
  return form;
}

function errorOf({ body }: HttpAnswer): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error : 'no reason given';
  } catch {
    return 'no reason given';
  }
}
