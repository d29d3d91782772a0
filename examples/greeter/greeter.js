// A module with nothing but a gRPC client: it greets people, counts that in its store, and warns of excess.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const PROTOS = path.join(__dirname, '../../proto');
const [ENOENT, EINVAL, EXIT_PROTOCOL_MISMATCH] = [-2, -22, 78];

const DECLARATION = {
  can_run: true,
  options: [
    { name: 'greeting', type: 'str', default_value: 'Hello', desc: 'how to greet', runtime: true },
    { name: 'limit', type: 'uint', default_value: '10', min: '1', desc: 'greetings of one name before a health warning', runtime: true },
  ],
  commands: [
    { cmd: 'greeter greet name=who,type=CephString,req=false', desc: 'Says hello to a person.', perm: 'rw' },
    { cmd: 'greeter count name=who,type=CephString', desc: 'Counts the greetings of a person.', perm: 'r' },
    { cmd: 'greeter seen', desc: 'Shows how often the OSD map changed.', perm: 'r' },
  ],
  notify_types: ['osd_map'],
  methods: ['greet', 'count'],
};

// The state and the work of the module. `host` makes unary calls.
class Greeter {
  constructor(welcome, host) {
    this.host = host;
    this.mgrId = welcome.constants.mgr_id;
    this.options = new Map();
    this.store = new Map();
    this.seen = 0;
  }

  count = (who) => Number(this.store.get(`greeted/${who}`)?.value ?? 0);

  option(name) {
    const set = this.options.get(`${this.mgrId}/${name}`)?.value ?? this.options.get(name)?.value;
    return set ?? DECLARATION.options.find((option) => option.name === name).default_value;
  }

  async greet(who = 'world') {
    if (typeof who !== 'string' || who === '') throw new Error('no name to greet; give one');
    const entry = { key: `greeted/${who}`, value: String(this.count(who) + 1) };
    const { revision } = await this.host('SetStore', entry);
    mirror(this.store, [{ ...entry, revision }]);
    await this.host('SetHealthChecks', { checks: this.checks() });
    return `${this.option('greeting')}, ${who}!`;
  }

  checks() {
    const names = [...this.store.keys()].map((key) => key.replace('greeted/', ''));
    const often = names.filter((who) => this.count(who) > Number(this.option('limit')));
    const detail = often.map((who) => `${who} was greeted ${this.count(who)} times`);
    const check = { code: 'GREETED_TOO_OFTEN', severity: 'HEALTH_SEVERITY_WARNING', summary: 'names were greeted more often than mgr/greeter/limit', count: often.length, detail };
    return often.length > 0 ? [check] : [];
  }

  async run(name, args) {
    switch (name) {
      case 'greeter greet': return this.greet(args.who);
      case 'greeter count': return String(this.count(args.who));
      case 'greeter seen': return String(this.seen);
      default: throw Object.assign(new Error(`there is no '${name}'`), { retval: ENOENT });
    }
  }

  /** Answers one message of the session; undefined if there is nothing to answer. */
  async answer({ message: kind, [kind]: body }) {
    switch (kind) {
      case 'command':
        return this.run(body.prefix, JSON.parse(body.args)).then((text) => ({ stdout: Buffer.from(text) }), ({ retval, message }) => ({ retval: retval ?? EINVAL, stderr: message }))
          .then((outcome) => ({ command_result: { call_id: body.call_id, outcome } }));
      case 'remote_call':
        return this.run(`greeter ${body.method}`, { who: JSON.parse(body.args.data)[0] }).then(
          (value) => ({ value: { data: Buffer.from(JSON.stringify(value)) } }),
          ({ message, retval }) => ({ error: { kind: retval === ENOENT ? 'REMOTE_ERROR_KIND_NO_METHOD' : 'REMOTE_ERROR_KIND_RAISED', message } }))
          .then((result) => ({ remote_result: { call_id: body.call_id, ...result } }));
      case 'notification': return void (this.seen += 1);
      case 'snapshot':
        for (const [map, entries] of [[this.options, body.options], [this.store, body.store]]) takePart(map, entries, body);
        return body.last ? { ready: {} } : undefined;
      case 'options_changed': return void mirror(this.options, body.options);
      case 'store_changed': return void mirror(this.store, body.entries);
      case 'ping': return { pong: { seq: body.seq } };
    }
  }
}

/** Adds entries, unless the map has newer ones. An entry without a value was removed. */
function mirror(map, entries) {
  const isNews = ({ key, revision }) => BigInt(map.get(key)?.revision ?? 0) <= BigInt(revision);
  for (const entry of entries.filter(isNews)) map.set(entry.key, entry);
  return map;
}

/** Adds a part of a snapshot. The last part removes older entries that are in no part. */
function takePart(map, entries, { revision: snapshot, last }) {
  mirror(map, entries.map((entry) => ({ ...entry, snapshot })));
  const isGone = (entry) => entry.snapshot !== snapshot && BigInt(entry.revision) <= BigInt(snapshot);
  for (const entry of last ? map.values() : []) if (isGone(entry)) map.delete(entry.key);
}

function main() {
  const definition = protoLoader.loadSync('mgrd/v1/module_host.proto', { includeDirs: [PROTOS], keepCase: true, longs: String, enums: String, arrays: true, oneofs: true });
  const { ModuleHostService } = grpc.loadPackageDefinition(definition).mgrd.v1;
  const client = new ModuleHostService(`unix:${process.env.MGRD_SOCKET}`, grpc.credentials.createInsecure(), { 'grpc.default_authority': 'localhost', 'grpc.max_receive_message_length': -1 });
  const metadata = new grpc.Metadata();
  metadata.set('mgrd-secret', fs.readFileSync(process.env.MGRD_SECRET_FILE, 'utf8').trim());
  const host = (method, request) => promisify(client[method].bind(client))(request, metadata);
  const session = client.Attach(metadata);
  let greeter;
  session.on('data', async (message) => {
    if (message.message === 'shutdown') return session.end();
    if (message.message === 'welcome') greeter = new Greeter(message.welcome, host);
    const reply = await greeter.answer(message);
    if (reply) session.write(reply);
  });
  session.on('end', () => process.exit());
  session.on('error', ({ code, message }) => {
    console.error(message);
    process.exit(code === grpc.status.FAILED_PRECONDITION ? EXIT_PROTOCOL_MISMATCH : 1);
  });
  session.write({ hello: { protocol_versions: [1], features: ['snapshot-parts'], sdk: '', declaration: DECLARATION } });
}

if (require.main === module) main();
module.exports = { Greeter, DECLARATION };
