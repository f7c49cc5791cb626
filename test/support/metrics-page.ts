/** The samples of one metric on a metrics page, by their labels as they stand there. */
export async function samplesOf(operations: string, metric: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${operations}/metrics`)).text();
  const lines = text.split('\n').map((line) => /^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups);
  return new Map(
    lines.flatMap((line): [string, number][] =>
      line?.['name'] === metric ? [[line['labels'] ?? '', Number(line['value'])]] : [],
    ),
  );
}

/** Which source speaks for each zone now, and what it says. */
export async function spoken(operations: string): Promise<Readonly<Record<string, string>>> {
  const samples = await samplesOf(operations, 'lowtide_intensity_grams_per_kwh');
  return Object.fromEntries(
    Array.from(samples, ([labels, value]) => {
      const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
      return [label('zone'), `${value} ${label('source')}`];
    }),
  );
}
