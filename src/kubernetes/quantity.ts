const QUANTITY = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Where a suffix that stands for nothing is among the decimal ones. */
const ONE = DECIMAL.indexOf('');

/** Reads a quantity as Kubernetes writes it, `"500m"`, `"1.5"`, `"2Gi"`, `"1e3"`, in plain units; null: it is none. */
export function parseQuantity(quantity: unknown): number | null {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : null;
  const { number = '', suffix = '' } = (typeof quantity === 'string' ? QUANTITY.exec(quantity)?.groups : null) ?? {};
  if (number === '') return null;
  return Number(number) * factorOf(suffix);
}

function factorOf(suffix: string): number {
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`1${suffix}`);
  const binary = BINARY.indexOf(suffix);
  return binary >= 0 ? 1024 ** (binary + 1) : Number(`1e${String(3 * (DECIMAL.indexOf(suffix) - ONE))}`);
}
