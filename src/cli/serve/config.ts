import { z } from 'zod';
import { parseDuration } from '../../policy/duration.ts';
import { Sources } from '../sources/config.ts';
import { file } from '../sources/fields.ts';

const address = z.string().regex(/^(\[[^\]]+\]|[^:\s]+):\d{1,5}$/, 'expected HOST:PORT, e.g. 127.0.0.1:9480');
/** Kept as text: the configuration is checked twice, alone and with the flags above it. */
const duration = (initial: string) =>
  z
    .string()
    .default(initial)
    .refine((value) => (parseDuration(value) ?? 0) > 0, 'expected a duration above 0, e.g. 15s');
const objectName = (initial: string) => z.string().min(1).default(initial);

const Tls = z.strictObject({ certFile: file, keyFile: file, clientCaFile: file.optional() });

/** A certificate that Lowtide makes and renews itself, with a CA of its own, kept in a Secret of its namespace. */
const SelfManaged = z.strictObject({
  secret: objectName('lowtide-admission-tls'),
  service: objectName('lowtide-admission'),
  /** Name of the webhook configurations whose caBundle is kept. */
  webhooks: objectName('lowtide'),
});

const Admission = z
  .strictObject({
    address: address.optional(),
    tls: Tls.optional(),
    selfManaged: SelfManaged.optional(),
    /** Bytes. etcd takes objects of 1.5 MB; an update brings two. */
    bodyLimit: z
      .int()
      .min(1024)
      .default(8 * 1024 * 1024),
  })
  .refine(
    ({ tls, selfManaged }) => tls === undefined || selfManaged === undefined,
    'expected one of: tls, selfManaged',
  );

const leaseNamed = (name: string) =>
  z
    .strictObject({
      name: objectName(name),
      duration: duration('15s'),
      renewDeadline: duration('10s'),
      retryPeriod: duration('2s'),
    })
    .refine((lease) => {
      const [duration, deadline, retry] = [lease.duration, lease.renewDeadline, lease.retryPeriod].map(parseDuration);
      return Number(duration) > Number(deadline) && Number(deadline) > 1.2 * Number(retry);
    }, 'expected duration > renewDeadline > 1.2 x retryPeriod');

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
  admission: Admission.prefault({}),
  operations: z.strictObject({ address: address.optional() }).prefault({}),
  /** Where Lowtide lives: its Lease and its Secret are there, and nothing there is held. */
  namespace: z.string().min(1).optional(),
  gatekeeper: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** By which this process leads. Whoever comes back under it takes its own Lease up at once. */
      identity: z.string().min(1).optional(),
      lease: leaseNamed('lowtide-gatekeeper').prefault({}),
    })
    .prefault({}),
  sources: Sources.default([]),
  /** How replicas share what providers say. */
  signal: z
    .strictObject({
      /** Which replica asks the providers. ConfigMaps of this name carry what they say. */
      lease: leaseNamed('lowtide-signal').prefault({}),
      /** Whether forecasts of our own are made where a provider has none. */
      ownForecast: z.boolean().default(true),
    })
    .prefault({}),
  cluster: z.strictObject({ kubeconfig: file.optional(), nodes: file.optional() }).prefault({}),
});

/** The configuration, parsed and defaulted. */
export type ServeConfig = z.infer<typeof ServeConfig>;
/** Certificate files of a listener. */
export type TlsFiles = z.infer<typeof Tls>;
