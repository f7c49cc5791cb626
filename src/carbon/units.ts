/** Units live in types: a branded number cannot stand where another unit is wanted. Convert once, at the edge. */
declare const unit: unique symbol;
type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** Carbon intensity of electricity, gCO2eq per kWh; finite and not negative. */
export type GramsPerKwh = Branded<number, 'gCO2eq/kWh'>;
/** A length of time in milliseconds. */
export type Millis = Branded<number, 'ms'>;
/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Branded<number, 'ms since epoch'>;

/** Name of an electricity grid zone, as the carbon data provider spells it, e.g. `DE` or `US-MIDA-PJM`. */
export type Zone = Branded<string, 'grid zone'>;
/** Name of a cloud region, as the node's region label spells it, e.g. `eu-central-1`. */
export type Region = Branded<string, 'region'>;

/** Accepts a finite, non-negative number as an intensity in gCO2eq/kWh; anything else is null. */
export function gramsPerKwh(value: number): GramsPerKwh | null {
  return Number.isFinite(value) && value >= 0 ? (value as GramsPerKwh) : null;
}

/** Marks a number of milliseconds as a length of time. */
export function millis(value: number): Millis {
  return value as Millis;
}

/** Marks a number of milliseconds since the epoch as a moment. */
export function instant(value: number): Instant {
  return value as Instant;
}

/** Marks a string as a grid zone. */
export function zone(name: string): Zone {
  return name as Zone;
}

/** Marks a string as a region. */
export function region(name: string): Region {
  return name as Region;
}
