/**
 * A scripted day: a model, three shifts (one across midnight), a planned shutdown, 300 state reports with overlaps and
 * corrections, production reports and graded quality controls. What it sends it also keeps, for an independent calculation.
 */
import type { Api } from './api.ts';

export const DAY = '2026-03-10';
const ZONE_OFFSET = 8 * 3600;

export interface Shift {
  name: string;
  /** Seconds from midnight of the production day; the night shift ends above 86 400. */
  begin: number;
  end: number;
  breaks: [number, number][];
}

export interface StateReport {
  machine: string;
  status: number;
  begin: number;
  end: number;
}

export interface Production {
  machine: string;
  code: string;
  idealCycle: number;
  begin: number;
  end: number;
  total: number;
  failed: number;
}

export interface Plant {
  machines: string[];
  shifts: Shift[];
  shutdowns: [number, number][];
  states: StateReport[];
  productions: Production[];
}

/** A small seeded generator (mulberry32), so that a failing day can be run again. */
export function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const hours = (h: number, m = 0) => h * 3600 + m * 60;

/** Seconds from midnight of the day as plant wall time. */
export function wall(seconds: number): string {
  const at = new Date(Date.parse(`${DAY}T00:00:00Z`) + seconds * 1000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

export const instant = (seconds: number) => Date.parse(`${DAY}T00:00:00Z`) + (seconds - ZONE_OFFSET) * 1000;

const clock = (seconds: number) => wall(seconds).slice(11, 16);

export function script(seed: number): Plant {
  const random = generator(seed);
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low));
  const machines = Array.from({ length: 6 }, (_, i) => `E2E-M${i + 1}`);
  const shifts: Shift[] = [
    { name: '早班', begin: hours(6), end: hours(14), breaks: [[hours(9), hours(9, 15)], [hours(11, 30), hours(12)]] },
    { name: '中班', begin: hours(14), end: hours(22), breaks: [[hours(18), hours(18, 30)]] },
    { name: '夜班', begin: hours(22), end: hours(30), breaks: [[hours(26), hours(26, 30)]] },
  ];
  const states: StateReport[] = [];
  for (const machine of machines) {
    // A day from 06:00 to 06:00 in pieces, with gaps of no data, then corrections laid over it in a random order.
    let at = hours(6);
    while (at < hours(30) && states.filter((s) => s.machine === machine).length < 30) {
      const end = Math.min(hours(30), at + between(1200, 5400));
      const status = random() < 0.6 ? 1 : between(2, 8);
      if (random() < 0.93) states.push({ machine, status, begin: at, end });
      at = end;
    }
    while (states.filter((s) => s.machine === machine).length < 50) {
      const begin = between(hours(5), hours(30));
      states.push({ machine, status: between(1, 8), begin, end: begin + between(30, 2400) });
    }
  }
  const productions: Production[] = [];
  machines.forEach((machine, m) => {
    for (const shift of shifts) {
      const total = between(100, 400);
      const code = `WO-${m}-${shift.begin}`;
      const idealCycle = m % 2 ? 45 : 30;
      productions.push({ machine, code, idealCycle, begin: shift.begin + 600, end: shift.end - 600, total, failed: between(0, 12) });
    }
    // Across a change of shift: split in proportion to time.
    const total = between(20, 90);
    productions.push({ machine, code: `WO-${m}-x`, idealCycle: 30, begin: hours(13), end: hours(15), total, failed: between(0, 5) });
  });
  return { machines, shifts, shutdowns: [[hours(15), hours(16)]], states, productions };
}

const API = '/industry';

/** Sends the whole day through the API. */
export async function send(api: Api, plant: Plant): Promise<void> {
  const node = (type: string, code: string, name: string, parentId: number) =>
    api.must<number>(`${API}/modelling/factory/create`, { type, code, name, parentId, flag: 'publish' });
  const factory = await node('factory', 'E2E-F', '试验工厂', 0);
  const workshop = await node('workshop', 'E2E-W', '机加车间', factory);
  const line = await node('beltline', 'E2E-L', '叶轮加工线', workshop);
  for (let c = 0; c < 3; c++) {
    const center = await node('machiningCenter', `E2E-C${c + 1}`, `加工中心 ${c + 1}`, line);
    for (const machine of plant.machines.slice(2 * c, 2 * c + 2)) await node('equipment', machine, `机床 ${machine}`, center);
  }

  const step = (type: string, code: string, name: string, parentId: number) =>
    api.must<number>(`${API}/modelling/technics/create`, { type, code, name, parentId, flag: 'publish' });
  const technology = await step('technology', 'E2E-T', '叶轮工艺', 0);
  const process = await step('process', 'E2E-P', '车削', technology);
  for (const cycle of [30, 45]) {
    const id = await step('step', `E2E-S${cycle}`, `工步 ${cycle}`, process);
    const attribute = { name: '理想节拍', enName: 'idealCycleTime', value: String(cycle), parentId: id, parentType: 'step' };
    await api.must(`${API}/modelling/attribute/create`, attribute);
  }

  for (const shift of plant.shifts) {
    await api.must(`${API}/factorycalendar/shift/add`, {
      ftyModelId: factory,
      ftyModelValue: 1,
      name: shift.name,
      beginTime: clock(shift.begin),
      endTime: clock(shift.end),
      nonProdTimeMgtDTOList: shift.breaks.map(([b, e]) => ({ type: 2, beginTime: clock(b), endTime: clock(e) })),
    });
  }
  for (const [begin, end] of plant.shutdowns) {
    const shutdown = { ftyModelId: line, ftyModelValue: 3, name: '检修', type: 1, beginDatetime: wall(begin), endDatetime: wall(end) };
    await api.must(`${API}/factorycalendar/plannedshutdown/add`, shutdown);
  }

  for (const s of plant.states) {
    const report = { equipmentCode: s.machine, status: s.status, beginDateTime: wall(s.begin), endDateTime: String(instant(s.end)) };
    const changed = await api.must<number>(`${API}/oee/equipment/status/set`, report, '1.0.1');
    if (changed !== 0 && changed !== 1) throw new Error(`status/set answered ${changed}`);
  }

  await api.must(`${API}/masterdata/record/write`, {
    metaDataName: '物料', action: 'INSERT', nodes: ['code', 'name'], data: JSON.stringify([['E2E-IP65', '叶轮 IP-65']]),
  }, '1.0.4');
  const written = await api.must<{ dapId: number }[]>(`${API}/masterdata/record/write`, {
    metaDataName: '人员', action: 'INSERT', nodes: ['id', 'name'], data: JSON.stringify([['E2E-001', '检验员']]),
  }, '1.0.4');
  const checkerId = written[0]!.dapId;
  for (const p of plant.productions) {
    const stepCode = `E2E-S${p.idealCycle}`;
    await api.must(`${API}/qualitytrace/productionreport/add`, {
      materialCode: 'E2E-IP65', uniqueCode: p.code, stepCode, startTime: wall(p.begin), endTime: wall(p.end),
      outPut: p.total, unitType: 4, unitTypeCode: p.machine,
    }, '1.0.2');
    const control = { uniqueCode: p.code, stepCode, startTime: wall(p.end), endTime: wall(p.end + 60), checkerId, outPut: String(p.total) };
    const parentId = await api.must<number>(`${API}/qualitytrace/qualitycontrol/create`, control, '1.0.1');
    const grade = (isPassed: number, outPut: number) =>
      api.must(`${API}/qualitytrace/qualitycontrol/grade/create`, { parentId, grade: isPassed, isPassed, batchNumber: p.code, outPut }, '1.0.3');
    await grade(1, p.total - p.failed);
    if (p.failed) await grade(0, p.failed);
  }
}
