/** What is foretold during a simulation. `share`: standard deviation of the noise by the column's mean. */
export type ForecastSpec =
  | { readonly kind: 'perfect' | 'none' | 'persistence' | 'rolling' }
  | { readonly kind: 'noise'; readonly share: number }
  | { readonly kind: 'file'; readonly path: string };

/** As the command line takes it, for messages. */
export const FORECASTS = 'perfect | none | noise:P% | persistence | rolling | file:F.csv';

/** Reads `perfect`, `none`, `noise:5%`, `persistence`, `rolling` or `file:F.csv`; null: it is none of them. */
export function parseForecast(text: string): ForecastSpec | null {
  if (text === 'perfect' || text === 'none' || text === 'persistence' || text === 'rolling') return { kind: text };
  const percent = /^noise:(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) return { kind: 'noise', share: Number(percent) / 100 };
  const path = /^file:(.+)$/s.exec(text)?.[1];
  return path === undefined ? null : { kind: 'file', path };
}

/** As a report names it: the way it is written on the command line. */
export function forecastName(spec: ForecastSpec): string {
  if (spec.kind === 'file') return `file:${spec.path}`;
  return spec.kind === 'noise' ? `noise:${Number((spec.share * 100).toPrecision(12))}%` : spec.kind;
}
