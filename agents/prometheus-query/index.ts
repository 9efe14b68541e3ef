import { defineAgent, type AgentContext } from '../kit/index.ts';
import { ask, type Answer } from './ask.ts';
import { InputSchema, OutputSchema, type Input, type Output, type Series } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: query });

const COMPARE: Readonly<Record<NonNullable<Input['condition']>['operator'], (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

async function query(input: Input, context: AgentContext): Promise<Output> {
  const { data, warnings } = await ask(input, context);
  const series = toSeries(data);
  return { holds: holds(input.condition, series), value: lastValue(series[0]), series, warnings };
}

function toSeries(data: Answer['data']): Series[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({ labels: metric, samples: [toSample(value)] }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, samples: values.map(toSample) }));
    case 'scalar':
    case 'string':
      return [{ labels: {}, samples: [toSample(data.result)] }];
  }
}

/** JSON has no NaN and no infinities. */
function toSample([time, text]: [number, string]): [number, number | null] {
  const value = Number(text.replace('Inf', 'Infinity'));
  return [time, Number.isFinite(value) ? value : null];
}

function lastValue(series: Series | undefined): number | null {
  return series?.samples.at(-1)?.[1] ?? null;
}

function holds(condition: Input['condition'], series: readonly Series[]): boolean | null {
  if (condition === undefined) return null;
  const compare = COMPARE[condition.operator];
  return series.length > 0 && series.map(lastValue).every((value) => value !== null && compare(value, condition.value));
}
