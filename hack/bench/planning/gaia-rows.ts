import { fileURLToPath } from 'node:url';
import { writeGaiaFiles } from './gaia-files.ts';
import type { GaiaFiles } from './gaia-files.ts';
import { simulate } from './lowtide.ts';
import { mean, meanText } from './row.ts';
import type { Ground, Row } from './row.ts';

const POLICY = 'hack/bench/planning/gaia.policy.yaml';
const POLICY_FILE = fileURLToPath(new URL('gaia.policy.yaml', import.meta.url));

/** Above the midpoint of the two methods that are compared with. */
const MARGIN = 0.005;

const FLAGS = {
  own: '--strategy interruptible --durations class --forecast perfect',
  rolling: '--strategy interruptible --durations class --forecast rolling',
  unknown: '--strategy interruptible --durations unknown --forecast perfect',
  ecovisor: '--strategy ecovisor --forecast perfect',
  waitAwhile: '--strategy wait-awhile --forecast perfect',
} as const;

type Ratios = Readonly<Record<keyof typeof FLAGS, readonly number[]>>;

/** Alibaba's jobs on four grids, twelve weeks of a year: emissions against starting at arrival, without knowing lengths. */
export async function gaiaRows({ scratch }: Ground, traces: string): Promise<readonly Row[]> {
  const files = await writeGaiaFiles(traces, scratch);
  const rows: Row[] = [];
  for (const { region, file } of files.grids) rows.push(rowOf(region, await ratiosOn(file, files)));
  return rows;
}

async function ratiosOn(intensity: string, { weeks }: GaiaFiles): Promise<Ratios> {
  const names = Object.keys(FLAGS) as (keyof typeof FLAGS)[];
  const ratios = await Promise.all(
    names.map((name) =>
      Promise.all(
        weeks.map(async (jobs) => {
          const files = ['--jobs', jobs, '--intensity', intensity, '--policy', POLICY_FILE];
          const { schedule, baseline } = await simulate([...files, ...FLAGS[name].split(' ')]);
          return schedule.kg / baseline.kg;
        }),
      ),
    ),
  );
  return Object.fromEntries(names.map((name, index) => [name, ratios[index] ?? []])) as unknown as Ratios;
}

function rowOf(region: string, { own, rolling, unknown, ecovisor, waitAwhile }: Ratios): Row {
  const [dear, cheap] = [mean(ecovisor), mean(waitAwhile)];
  const goal = (dear + cheap) / 2 + MARGIN;
  const beside = `no mean either ${mean(unknown).toFixed(4)}, own rolling forecast ${mean(rolling).toFixed(4)}`;
  console.log(`  ${region}: ${meanText(own, 4)}, ${beside}`);
  return {
    benchmark: `GAIA weeks on ${region}, perfect forecast, lengths not known`,
    known: `Ecovisor ${dear.toFixed(4)}, Wait-Awhile ${cheap.toFixed(4)}`,
    goal: `mean ratio ≤ ${goal.toFixed(4)}`,
    measured: `${meanText(own, 4)}; beside: ${beside}`,
    reached: mean(own) <= goal,
    command: `lowtide simulate --jobs WEEK.csv --intensity ${region}.csv --policy ${POLICY} ${FLAGS.own}`,
  };
}
