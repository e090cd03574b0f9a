import { expect, test } from '../fixtures.ts';
import { type Figures, dayOee, shiftOee } from '../lib/oee.ts';
import { DAY, wall } from '../lib/plant.ts';

interface DayShift {
  eaRatio: number;
  peRatio: number | null;
  qrRatio: number | null;
  oeeRatio: number;
  ea: number;
  oee: number;
  operatingTime: number;
  loadingTime: number;
  oeeShiftDuration: number;
  productTotalSum: number;
  productDefectsSum: number;
  shiftDate: string;
}

function expectFigures(actual: DayShift, expected: Figures, what: string): void {
  const close = (name: string, a: number | null, e: number | null) => {
    if (e === null) expect(a, `${what} ${name}`).toBeNull();
    else expect(Math.abs((a ?? NaN) - e), `${what} ${name}: ${a} should be ${e}`).toBeLessThan(1e-9 * Math.max(1, Math.abs(e)));
  };
  close('availability', actual.eaRatio, expected.availability);
  close('performance', actual.peRatio, expected.performance);
  close('quality', actual.qrRatio, expected.quality);
  close('OEE', actual.oeeRatio, expected.oee);
  close('run', actual.operatingTime, expected.runMinutes);
  close('loading', actual.loadingTime, expected.loadingMinutes);
  close('shift', actual.oeeShiftDuration, expected.shiftMinutes);
  close('pieces', actual.productTotalSum, expected.total);
  close('defects', actual.productDefectsSum, expected.defects);
  expect([actual.ea, actual.oee]).toEqual([actual.eaRatio, actual.oeeRatio]);
  expect(actual.shiftDate).toContain(DAY);
}

test.describe('a scripted day', () => {
  test('every machine and shift has the figures of an independent calculation @smoke', async ({ api, plant }) => {
    for (const machine of plant.machines) {
      const query = { equipmentCode: machine, queryDate: DAY, apiVer: '1.0.1' };
      for (const shift of plant.shifts) {
        const reply = await api.get<DayShift>('/industry/oee/dayshift/query', { ...query, shiftName: shift.name });
        expect(reply.code, `${machine} ${shift.name}: ${reply.message}`).toBe(200);
        expectFigures(reply.data, shiftOee(plant, machine, shift), `${machine} ${shift.name}`);
      }
      const reply = await api.get<DayShift>('/industry/oee/dayshift/query', query);
      expectFigures(reply.data, dayOee(plant, machine), `${machine} day`);
    }
  });

  test('repeating a report changes nothing', async ({ api, plant }) => {
    const last = plant.states.at(-1)!;
    const report = { equipmentCode: last.machine, status: last.status, beginDateTime: wall(last.begin), endDateTime: wall(last.end) };
    expect(await api.must('/industry/oee/equipment/status/set', report, '1.0.1')).toBe(0);
  });
});
