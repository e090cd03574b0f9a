/**
 * OEE from its definitions, second by second and without any interval algebra: availability = run / loading,
 * performance = Σ(ideal cycle × pieces) / run, quality = Σ(ideal × good) / Σ(ideal × pieces), OEE = Σ(ideal × good) / loading.
 */
import type { Plant, Shift } from './plant.ts';

export interface Figures {
  runMinutes: number;
  loadingMinutes: number;
  shiftMinutes: number;
  total: number;
  defects: number;
  availability: number;
  performance: number | null;
  quality: number | null;
  oee: number;
}

/** Sums that may be added over shifts before dividing once. */
interface Sums {
  run: number;
  loading: number;
  shift: number;
  total: number;
  defects: number;
  ideal: number;
  idealGood: number;
}

/** The state in force in each second of two days; 0 = no data. A later report wins. */
function secondsOf(plant: Plant, machine: string): Uint8Array {
  const seconds = new Uint8Array(2 * 86_400);
  for (const s of plant.states) if (s.machine === machine) seconds.fill(s.status, s.begin, s.end);
  return seconds;
}

function sumsOf(plant: Plant, machine: string, shift: Shift): Sums {
  const states = secondsOf(plant, machine);
  const inside = (at: number, spans: [number, number][]) => spans.some(([b, e]) => at >= b && at < e);
  const sums: Sums = { run: 0, loading: 0, shift: shift.end - shift.begin, total: 0, defects: 0, ideal: 0, idealGood: 0 };
  for (let at = shift.begin; at < shift.end; at++) {
    if (inside(at, shift.breaks) || inside(at, plant.shutdowns) || states[at] === 2) continue;
    sums.loading++;
    if (states[at] === 1) sums.run++;
  }
  for (const p of plant.productions) {
    if (p.machine !== machine) continue;
    const share = Math.max(0, Math.min(p.end, shift.end) - Math.max(p.begin, shift.begin)) / (p.end - p.begin);
    sums.total += p.total * share;
    sums.defects += p.failed * share;
    sums.ideal += p.idealCycle * p.total * share;
    sums.idealGood += p.idealCycle * (p.total - p.failed) * share;
  }
  return sums;
}

function figures(sums: Sums): Figures {
  return {
    runMinutes: sums.run / 60,
    loadingMinutes: sums.loading / 60,
    shiftMinutes: sums.shift / 60,
    total: sums.total,
    defects: sums.defects,
    availability: sums.run / sums.loading,
    performance: sums.run ? sums.ideal / sums.run : null,
    quality: sums.ideal ? sums.idealGood / sums.ideal : null,
    oee: sums.idealGood / sums.loading,
  };
}

export function shiftOee(plant: Plant, machine: string, shift: Shift): Figures {
  return figures(sumsOf(plant, machine, shift));
}

export function dayOee(plant: Plant, machine: string): Figures {
  return added(plant.shifts.map((shift) => sumsOf(plant, machine, shift)));
}

/** The line of all machines: their times and pieces are added, then divided once. */
export function lineOee(plant: Plant, shifts: Shift[]): Figures {
  return added(plant.machines.flatMap((machine) => shifts.map((shift) => sumsOf(plant, machine, shift))));
}

function added(all: Sums[]): Figures {
  const add = (key: keyof Sums) => all.reduce((sum, one) => sum + one[key], 0);
  const keys: (keyof Sums)[] = ['run', 'loading', 'shift', 'total', 'defects', 'ideal', 'idealGood'];
  return figures(Object.fromEntries(keys.map((key) => [key, add(key)])) as unknown as Sums);
}
