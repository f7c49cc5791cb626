import { load } from 'js-yaml';

/** A document that holds every key of every section. */
export const WHOLE_DOCUMENT = `
apiVersion: lowtide.dev/v1alpha1
kind: Policy
carbonIntensity:
  bands: [{ name: clean, below: 200 }, { name: moderate, below: 400 }, { name: high, below: 600 }, { name: very-high }]
classes:
  urgent:     { maxDelay: 0s }
  standard:   { maxDelay: 60m, maxIntensity: 400 }
  deferrable: { maxDelay: 12h, maxIntensity: 250, strategy: window, price: 0, minGain: 2% }
regions:
  us-east-1:    { zone: US-MIDA-PJM, jurisdiction: us, cost: 1.00, averageIntensity: 450, pue: 1.15, latency: { us-west-2: 60ms } }
  us-west-2:    { zone: US-NW-PACW,  jurisdiction: us, cost: 1.05, averageIntensity: 280, provisionable: true }
  eu-central-1: { zone: DE,          jurisdiction: eu, cost: 1.10, averageIntensity: 320 }
windows:
  solar: { hours: "11:00-15:00", regions: [us-east-1, us-west-2, eu-central-1] }
residency:
  mode: strict
  sets: { eu-strict: { jurisdictions: [eu] }, us-only: { jurisdictions: [us] }, global: {}, single-region: { primaryRegionOnly: true } }
  tenants: { acme: { set: eu-strict, primaryRegion: eu-central-1, mode: strict, retention: 365d } }
budgets:
  q2q-ai: { monthly: 500kg, alertAt: 80%, enforcement: advisory }
scheduler:
  placement: affinity
  marks: false
  pin: preferred
  pinTimeout: 2m
  tie: 2%
  weights: { carbon: 50, cost: 20, latency: 20, availability: 10 }
  signal: average
  emissionFactor: lifecycle
  noData: neutral
  noSignal: wait
  regionlessNodes: allow
  ceiling: soft
  startupAllowance: 2m
  switchCost: 0s
  shift: { allowed: true, maxDataGB: 10, moveBelow: 0.6 }
  refresh: 60s
  release: { perMinute: 60 }
`;

/** The document decoded anew, so that a test may change it. */
export function wholeDocument(): unknown {
  return load(WHOLE_DOCUMENT);
}
