import assert from 'node:assert/strict';
import { decide, type AlertState } from '../../flows/alert-decision.ts';
import { parseAlerts } from '../../flows/alerts.ts';
import { parseDefinition, type AlertTrigger, type WorkflowDefinition } from '../../flows/definition.ts';

const now = new Date('2030-01-05T02:30:00Z'); // a Saturday
const alertOf = (fields: object = {}) =>
  parseAlerts({ alerts: [{ labels: { severity: 'critical', instance: 'db1' }, ...fields }] }, now).alerts[0]!;
const firing = alertOf();
const resolved = alertOf({ status: 'resolved' });
const state = (fields: Partial<AlertState> = {}): AlertState => ({ now, seen: false, ...fields });

function definitionWith(trigger: object, fields: object = {}): WorkflowDefinition {
  return parseDefinition({
    name: 'w',
    nodes: [{ id: 'a', transform: '1' }],
    triggers: [{ type: 'alertmanager', ...trigger }],
    ...fields,
  });
}
const triggerWith = (fields: object = {}) =>
  definitionWith({ matchers: ['severity="critical"'], ...fields }).triggers[0] as AlertTrigger;

describe('an alert and a trigger', () => {
  it('start a run where the matchers hold', () => {
    assert.deepEqual(decide(firing, triggerWith(), state()), { start: true });
    assert.deepEqual(decide(firing, triggerWith({ matchers: [] }), state()), { start: true });
  });

  it('start none where they do not, and nobody asked for the alert', () => {
    const decision = decide(firing, triggerWith({ matchers: ['severity="critical"', 'instance!="db1"'] }), state());
    assert.ok(!decision.start && decision.reason === 'no_match' && !decision.asked);
  });

  it('start none for a status that was not asked for, but the alert was', () => {
    const decision = decide(resolved, triggerWith(), state());
    assert.ok(!decision.start && decision.reason === 'status' && decision.asked);
    assert.deepEqual(decide(resolved, triggerWith({ on: 'both' }), state()), { start: true });
    assert.deepEqual(decide(resolved, triggerWith({ on: ['resolved'] }), state()), { start: true });
  });

  it('start none twice', () => {
    const decision = decide(firing, triggerWith(), state({ seen: true }));
    assert.ok(!decision.start && decision.reason === 'duplicate' && decision.asked);
  });

  it('start none in cooldown, and tell until when', () => {
    const trigger = triggerWith({ cooldownSeconds: 600 });
    const decision = decide(firing, trigger, state({ lastStartAt: new Date(now.getTime() - 599_000) }));
    assert.ok(!decision.start && decision.reason === 'cooldown');
    assert.equal(decision.until?.getTime(), now.getTime() + 1_000);
    assert.deepEqual(decide(firing, trigger, state({ lastStartAt: new Date(now.getTime() - 600_000) })), {
      start: true,
    });
    assert.deepEqual(decide(firing, trigger, state({ lastStartAt: null })), { start: true });
  });

  it('start none when the trigger is switched off', () => {
    const decision = decide(firing, triggerWith({ enabled: false }), state());
    assert.ok(!decision.start && decision.reason === 'disabled');
  });

  describe('in a maintenance window', () => {
    const maintenanceOf = (...windows: object[]) =>
      state({ maintenance: definitionWith({}, { maintenance: windows }).maintenance });
    const open = { from: '2030-01-05T00:00:00Z', until: '2030-01-05T03:00:00Z' };

    it('are held while it fires, never when it is resolved', () => {
      const decision = decide(firing, triggerWith(), maintenanceOf(open));
      assert.ok(!decision.start && decision.reason === 'maintenance');
      assert.equal(decision.until?.toISOString(), '2030-01-05T03:00:00.000Z');
      assert.deepEqual(decide(resolved, triggerWith({ on: 'both' }), maintenanceOf(open)), { start: true });
    });

    it('that recurs are held until its length is over', () => {
      const weekly = { cron: '0 3 * * 6', timezone: 'Europe/Berlin', durationSeconds: 3_600 };
      const decision = decide(firing, triggerWith(), maintenanceOf(weekly));
      assert.ok(!decision.start && decision.until?.toISOString() === '2030-01-05T03:00:00.000Z');
      assert.deepEqual(decide(firing, triggerWith(), maintenanceOf({ ...weekly, durationSeconds: 1_800 })), {
        start: true,
      });
    });

    it('of other alerts, or of another time, start a run', () => {
      assert.deepEqual(decide(firing, triggerWith(), maintenanceOf({ ...open, matchers: ['instance="db2"'] })), {
        start: true,
      });
      assert.deepEqual(
        decide(firing, triggerWith(), maintenanceOf({ from: '2030-01-05T02:31:00Z', until: '2030-01-06T00:00:00Z' })),
        { start: true },
      );
    });
  });
});
