'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const { Greeter } = require('../greeter.js');

/** A greeter on a host that remembers what it is asked, with what is stored. */
function greeter(stored = {}) {
  const asked = [];
  const host = async (method, request) => {
    asked.push([method, request]);
    return { revision: String(asked.length) };
  };
  const it = new Greeter({ constants: { mgr_id: 'x' } }, host);
  it.answer(snapshot({ ...stored, last: true }));
  return { asked, it };
}

const snapshot = (part) =>
  ({ message: 'snapshot', snapshot: { revision: '5', options: [], store: [], last: false, ...part } });

const command = (prefix, args) =>
  ({ message: 'command', command: { call_id: '7', prefix, args: Buffer.from(JSON.stringify(args)) } });

test('a command is answered with its call id', async () => {
  const { it } = greeter();
  const { command_result: result } = await it.answer(command('greeter greet', { who: 'Ada' }));
  assert.strictEqual(result.call_id, '7');
  assert.strictEqual(String(result.outcome.stdout), 'Hello, Ada!');
});

test('an unknown command and a wrong argument have errnos', async () => {
  const { it } = greeter();
  assert.strictEqual((await it.answer(command('greeter dance', {}))).command_result.outcome.retval, -2);
  assert.strictEqual((await it.answer(command('greeter greet', { who: '' }))).command_result.outcome.retval, -22);
});

test('an option of this manager wins, and a late push undoes nothing', async () => {
  const { it } = greeter({ options: [{ key: 'greeting', value: 'Hi', revision: '10' }] });
  const push = (key, value, revision) =>
    it.answer({ message: 'options_changed', options_changed: { options: [{ key, value, revision }] } });
  await push('greeting', 'Old', '9');
  assert.strictEqual(it.option('greeting'), 'Hi');
  await push('x/greeting', 'Servus', '11');
  assert.strictEqual(it.option('greeting'), 'Servus');
});

test('it is ready after the last part of its snapshot, and a later snapshot removes entries that it does not contain', async () => {
  const { it } = greeter({ store: [{ key: 'greeted/Ada', value: '3', revision: '1' }, { key: 'greeted/Bob', value: '4', revision: '2' }] });
  await it.greet('Eve');
  const part = (key, last) => it.answer(snapshot({ revision: '7', store: [{ key, value: '5', revision: '6' }], last }));
  it.store.get('greeted/Eve').revision = '8';
  assert.strictEqual(await part('greeted/Bob', false), undefined);
  assert.deepStrictEqual(await part('greeted/Cid', true), { ready: {} });
  assert.deepStrictEqual(['Ada', 'Bob', 'Cid', 'Eve'].map(it.count), [0, 5, 5, 1]);
});

test('too many greetings of one name are a health warning', async () => {
  const { it, asked } = greeter({ options: [{ key: 'limit', value: '1', revision: '1' }] });
  await it.greet('Ada');
  await it.greet('Ada');
  const sets = asked.filter(([method]) => method === 'SetHealthChecks').map(([, request]) => request.checks);
  assert.deepStrictEqual(sets[0], []);
  assert.deepStrictEqual(sets[1][0].detail, ['Ada was greeted 2 times']);
});

test('other modules call its methods', async () => {
  const { it } = greeter();
  const call = (method, args) =>
    it.answer({ message: 'remote_call', remote_call: { call_id: '1', method, args: { data: Buffer.from(JSON.stringify(args)) } } });
  assert.strictEqual(String((await call('greet', ['Bob'])).remote_result.value.data), '"Hello, Bob!"');
  assert.strictEqual((await call('dance', [])).remote_result.error.kind, 'REMOTE_ERROR_KIND_NO_METHOD');
});
