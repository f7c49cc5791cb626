import { z } from 'zod';
import { gramsPerKwh } from '../../carbon/units.ts';
import type { GramsPerKwh } from '../../carbon/units.ts';

const address = z.string().regex(/^(\[[^\]]+\]|[^:\s]+):\d{1,5}$/, 'expected HOST:PORT, e.g. 127.0.0.1:9480');
const file = z.string().min(1, 'expected a file name');
const grams = z.number().transform((value, context): GramsPerKwh => {
  const intensity = gramsPerKwh(value);
  if (intensity !== null) return intensity;
  context.addIssue({ code: 'custom', message: 'expected gCO2eq/kWh, not negative' });
  return z.NEVER;
});

const Trace = z.strictObject({
  file,
  speed: z.number('expected a factor, e.g. 60').optional(),
  start: z.iso.datetime({ offset: true, error: 'expected a time such as 2026-03-02T11:00:00Z' }).optional(),
  forecast: z.enum(['none', 'perfect']).default('none'),
});

const Static = z.strictObject({
  values: z.record(z.string(), grams),
  kind: z.enum(['average', 'marginal']).default('average'),
  emissionFactor: z.enum(['lifecycle', 'direct']).default('lifecycle'),
});

const Source = z
  .strictObject({ trace: Trace.optional(), static: Static.optional() })
  .refine((source) => Object.values(source).filter(Boolean).length === 1, 'expected one of: trace, static');

const Tls = z.strictObject({ certFile: file, keyFile: file, clientCaFile: file.optional() });

/** What `--config FILE` may hold. Every key is optional; a flag stands above the same setting here. */
export const ServeConfig = z.strictObject({
  policy: file.optional(),
  regionLabel: z.string().min(1).default('topology.kubernetes.io/region'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  extender: z
    .strictObject({
      address: address.optional(),
      tls: Tls.optional(),
      /** Bytes. Whole nodes are 10 to 50 kB each: a scheduler with nodeCacheCapable false sends all of them. */
      bodyLimit: z
        .int()
        .min(1024)
        .default(64 * 1024 * 1024),
    })
    .prefault({}),
  operations: z.strictObject({ address: address.optional() }).prefault({}),
  sources: z.array(Source).default([]),
  cluster: z.strictObject({ kubeconfig: file.optional(), nodes: file.optional() }).prefault({}),
});

/** The configuration, parsed and defaulted. */
export type ServeConfig = z.infer<typeof ServeConfig>;
/** Certificate files of a listener. */
export type TlsFiles = z.infer<typeof Tls>;
/** One source of the carbon signal. */
export type SourceConfig = ServeConfig['sources'][number];
