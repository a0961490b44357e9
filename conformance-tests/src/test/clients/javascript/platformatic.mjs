// What @platformatic/kafka sees, which speaks the protocol's newest dialects, the group protocol of KIP-848 among them.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import zlib from 'node:zlib'
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { awaitUntil, newName, play, scenario } from './facts.mjs'

// Zstandard comes with newer versions of Node.js.
const CODECS = ['none', 'gzip', 'snappy', 'lz4', ...(zlib.zstdCompressSync ? ['zstd'] : [])]
const TOPIC = 2
const SET = 0

function settings (servers, more = {}) {
  return { clientId: 'reader', bootstrapBrokers: [servers], retries: 10, retryDelay: 100, ...more }
}

/** The protocol's names of all errors below this one. */
function errorNames (error) {
  const names = []
  const visit = inner => {
    if (inner.apiId) {
      names.push(inner.apiId)
    }
    [...(inner.errors ?? []), ...(inner.cause ? [inner.cause] : [])].forEach(visit)
  }
  visit(error)
  return names.length ? [...new Set(names)].join(', ') : error.code ?? error.name
}

async function using (client, action) {
  try {
    return await action(client)
  } finally {
    await client.close()
  }
}

function withAdmin (servers, action) {
  return using(new Admin(settings(servers, { retries: 2 })), action)
}

async function newTopic (servers, partitions = 1, configs = {}) {
  const topic = newName('topic')
  await withAdmin(servers, admin => admin.createTopics({
    topics: [topic], partitions, replicas: 1, configs: Object.entries(configs).map(([name, value]) => ({ name, value }))
  }))
  await awaitPartitions(servers, topic, partitions)
  return topic
}

async function awaitPartitions (servers, topic, count) {
  await awaitUntil(() => withAdmin(servers, async admin => {
    try {
      const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1n }))
      return (await admin.listOffsets({ topics: [{ name: topic, partitions }] }))[0].partitions.length === count
    } catch {
      return false
    }
  }))
}

function send (servers, messages, more = {}) {
  return using(new Producer(settings(servers, { serializers: stringSerializers, autocreateTopics: true, ...more })), producer => producer.send({ messages }))
}

function numbers (topic, count, partition) {
  return Array.from({ length: count }, (_, i) => ({ topic, key: `key-${i}`, value: `value ${i}`, partition }))
}

/** A member of a group that notes down what it is given. */
async function join (servers, topic, groupId, more = {}, mode = { mode: 'committed', fallbackMode: 'earliest' }) {
  const classic = more.groupProtocol === 'consumer' ? {} : { sessionTimeout: 10000, rebalanceTimeout: 10000, heartbeatInterval: 300 }
  const consumer = new Consumer(settings(servers, { groupId, deserializers: stringDeserializers, maxWaitTime: 200, autocommit: false, ...classic, ...more }))
  const stream = await consumer.consume({ topics: [topic], ...mode })
  const records = []
  stream.on('data', record => records.push(record))
  stream.on('error', error => console.error(error))
  return {
    consumer,
    records,
    partitions: () => (consumer.assignments ?? []).filter(found => found.topic === topic).flatMap(found => found.partitions),
    leave: async () => {
      await stream.close()
      await consumer.close(true)
    }
  }
}

async function readAll (servers, topic, count, mode = { mode: 'earliest' }) {
  const member = await join(servers, topic, newName('group'), {}, mode)
  try {
    await awaitUntil(() => member.records.length >= count)
    return member.records
  } finally {
    await member.leave()
  }
}

function byOffset (records) {
  return records.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset))
}

scenario('the life of a topic', async (servers, seen) => {
  const topic = await newTopic(servers, 3, { 'retention.ms': '3600000' })
  await withAdmin(servers, async admin => {
    const described = async () => (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)
    const { partitions } = await described()
    seen.saw('partitions', partitions.length)
    seen.saw('partitions with a leader', partitions.filter(partition => partition.leader >= 0).length)
    seen.saw('listed', (await admin.listTopics()).includes(topic))
    await seen.sawOutcome('created again', () => admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 }), errorNames)
    await admin.createPartitions({ topics: [{ name: topic, count: 5, assignments: null }] })
    await awaitPartitions(servers, topic, 5)
    seen.saw('after growing', (await described()).partitions.length)
    await seen.sawOutcome('made smaller', () => admin.createPartitions({ topics: [{ name: topic, count: 2, assignments: null }] }), errorNames)
    await admin.deleteTopics({ topics: [topic] })
    await awaitUntil(async () => !(await admin.listTopics()).includes(topic))
    await seen.sawOutcome('deleted again', () => admin.deleteTopics({ topics: [topic] }), errorNames)
  })
})

scenario('records of each compression', async (servers, seen) => {
  const base = Date.now()
  for (const codec of CODECS) {
    const topic = await newTopic(servers)
    const messages = Array.from({ length: 200 }, (_, i) => ({
      topic,
      key: i % 10 === 0 ? undefined : `key-${i}`,
      value: i % 10 === 1 ? undefined : `value ${i} `.repeat(20),
      partition: 0,
      headers: { origin: 'platformatic', number: `${i}` },
      timestamp: BigInt(base + i)
    }))
    const { offsets } = await send(servers, messages, { compression: codec, acks: -1 })
    seen.saw(`${codec}: offsets given`, offsets.map(({ partition, offset }) => [partition, offset]))
    const records = await readAll(servers, topic, 200)
    seen.saw(`${codec}: records`, records.length)
    for (const i of [0, 1, 2, 199]) {
      const { offset, timestamp, key, value, headers } = records[i]
      seen.saw(`${codec}: record ${i}`, [offset, Number(timestamp) - base, key, value?.length, value?.slice(0, 12), [...headers]])
    }
  }
})

scenario('keys choose partitions', async (servers, seen) => {
  const topic = await newTopic(servers, 3)
  await send(servers, numbers(topic, 60))
  const records = byOffset(await readAll(servers, topic, 60))
  for (const partition of [0, 1, 2]) {
    seen.saw(`partition ${partition}`, records.filter(record => record.partition === partition).map(record => record.key))
  }
})

scenario('an idempotent producer', async (servers, seen) => {
  const topic = await newTopic(servers, 2)
  const offsets = []
  await using(new Producer(settings(servers, { serializers: stringSerializers, idempotent: true, acks: -1 })), async producer => {
    for (let i = 0; i < 20; i++) {
      const report = await producer.send({ messages: [{ topic, value: `${i}`, partition: i % 2 }] })
      offsets.push(report.offsets[0].offset)
    }
  })
  seen.saw('offsets', offsets)
  seen.saw('each once', new Set((await readAll(servers, topic, 20)).map(record => record.value)).size)
})

scenario('a topic that does not exist', async (servers, seen) => {
  const topic = newName('topic')
  const { offsets: [{ partition, offset }] } = await send(servers, [{ topic, value: 'first' }])
  seen.saw('produced to', { partition, offset })
  await withAdmin(servers, async admin => {
    seen.saw('partitions it has then', (await admin.metadata({ topics: [topic] })).topics.get(topic).partitions.length)
    await seen.sawOutcome('deleting one', () => admin.deleteTopics({ topics: [newName('topic')] }), errorNames)
    await seen.sawOutcome('describing one', () => admin.metadata({ topics: [newName('topic')], autocreateTopics: false }), errorNames)
  })
  seen.saw('what was produced', (await readAll(servers, topic, 1)).map(record => record.value))
})

scenario('reading from an offset and by time', async (servers, seen) => {
  const base = Date.now()
  const topic = await newTopic(servers)
  await send(servers, Array.from({ length: 50 }, (_, i) => ({ topic, value: `${i}`, timestamp: BigInt(base + 1000 * i) })))
  const offsetFor = timestamp => withAdmin(servers, async admin => {
    const [{ partitions: [{ offset, timestamp: at }] }] = await admin.listOffsets({ topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }] })
    return { offset, at }
  })
  seen.saw('beginning', await offsetFor(-2n))
  seen.saw('end', await offsetFor(-1n))
  seen.saw('offset of the latest time', (await offsetFor(-3n)).offset)
  for (const asked of [0, 1, 24500, 49000, 49001]) {
    const { offset, at } = await offsetFor(BigInt(base + asked))
    seen.saw(`offset for time ${asked}`, { offset, at: at < 0n ? at : at - BigInt(base) })
  }
  const from = offset => ({ mode: 'manual', offsets: [{ topic, partition: 0, offset }] })
  seen.saw('from offset 45', (await readAll(servers, topic, 5, from(45n))).map(record => record.value))
})

scenario('a group goes on where it committed', async (servers, seen) => {
  const topic = await newTopic(servers, 2)
  const group = newName('group')
  await send(servers, [...numbers(topic, 20, 0), ...numbers(topic, 20, 1)])
  const commit = (member, ...offsets) => member.consumer.commit({ offsets: offsets.map((offset, partition) => ({ topic, partition, offset, leaderEpoch: -1 })) })
  const committed = () => withAdmin(servers, async admin => {
    const [{ topics: [{ partitions }] }] = await admin.listConsumerGroupOffsets({ groups: [group] })
    return partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex).map(({ committedOffset, metadata }) => ({ committedOffset, metadata }))
  })
  const first = await join(servers, topic, group)
  await awaitUntil(() => first.records.length >= 40)
  await commit(first, 5n, 20n)
  await first.leave()
  seen.saw('committed', await committed())
  const second = await join(servers, topic, group)
  await awaitUntil(() => second.records.length >= 15)
  await pause(300)
  seen.saw('second reads', second.records.map(({ partition, offset }) => `${partition}:${offset}`))
  await commit(second, 20n, 20n)
  await second.leave()
  seen.saw('committed then', await committed())
  await withAdmin(servers, admin => admin.alterConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionOffsets: [{ partition: 1, offset: 17n }] }] }))
  seen.saw('set by an administrator', await committed())
})

scenario('a group of two', (servers, seen) => groupOfTwo(servers, seen, {}))

scenario('a group of two by the new protocol (KIP-848)', (servers, seen) => groupOfTwo(servers, seen, { groupProtocol: 'consumer' }))

async function groupOfTwo (servers, seen, protocol) {
  const topic = await newTopic(servers, 4)
  const group = newName('group')
  const first = await join(servers, topic, group, protocol)
  await awaitUntil(() => first.partitions().length === 4)
  const second = await join(servers, topic, group, protocol)
  await awaitUntil(() => first.partitions().length === 2 && second.partitions().length === 2)
  seen.saw('shared', [...first.partitions(), ...second.partitions()].toSorted())
  await send(servers, [0, 1, 2, 3].flatMap(partition => numbers(topic, 10, partition)))
  // A fetch that was under way while the group was balanced anew is delivered, too: some may come twice.
  const read = () => new Set([...first.records, ...second.records].map(({ partition, offset }) => `${partition}:${offset}`)).size
  await awaitUntil(() => read() >= 40)
  seen.saw('read', read())
  await second.leave()
  await awaitUntil(() => first.partitions().length === 4)
  seen.saw('after one left', first.partitions().toSorted())
  await first.leave()
}

scenario('groups described, and their lag', async (servers, seen) => {
  const topic = await newTopic(servers)
  const group = newName('group')
  await send(servers, numbers(topic, 10))
  const member = await join(servers, topic, group)
  await awaitUntil(() => member.records.length >= 10)
  await member.consumer.commit({ offsets: [{ topic, partition: 0, offset: 7n, leaderEpoch: -1 }] })
  await withAdmin(servers, async admin => {
    const described = async () => (await admin.describeGroups({ groups: [group] })).get(group)
    const found = await described()
    seen.saw('described', [found.state, found.protocolType, found.protocol])
    seen.saw('members', [...found.members.values()].map(({ clientId, assignments }) => [clientId, assignments.get(topic).partitions]))
    const { state, groupType, protocolType } = (await admin.listGroups()).get(group)
    seen.saw('listed', { state, groupType, protocolType })
    const [{ partitions: [end] }] = await admin.listOffsets({ topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n }] }] })
    const [{ topics: [{ partitions: [at] }] }] = await admin.listConsumerGroupOffsets({ groups: [group] })
    seen.saw('lag', end.offset - at.committedOffset)
    await seen.sawOutcome('deleted with a member', () => admin.deleteGroups({ groups: [group] }), errorNames)
    await member.leave()
    await awaitUntil(async () => (await described()).state === 'EMPTY')
    await seen.sawOutcome('deleted when empty', () => admin.deleteGroups({ groups: [group] }), errorNames)
    await seen.sawOutcome('deleted again', () => admin.deleteGroups({ groups: [group] }), errorNames)
    await seen.sawOutcome('described when gone', async () => (await described()).state, errorNames)
  })
})

scenario('configuration described and altered', async (servers, seen) => {
  const topic = await newTopic(servers, 1, { 'cleanup.policy': 'compact', 'max.message.bytes': '2000' })
  await withAdmin(servers, async admin => {
    const described = async () => {
      const configurationKeys = ['cleanup.policy', 'max.message.bytes', 'retention.ms', 'compression.type', 'message.timestamp.type']
      const [{ configs }] = await admin.describeConfigs({ resources: [{ resourceType: TOPIC, resourceName: topic, configurationKeys }] })
      return configs.map(({ name, value, configSource, readOnly }) => [name, value, configSource, readOnly]).toSorted(([a], [b]) => a < b ? -1 : 1)
    }
    const alter = (name, value) => admin.incrementalAlterConfigs({
      resources: [{ resourceType: TOPIC, resourceName: topic, configs: [{ name, configOperation: SET, value }] }]
    })
    seen.saw('created with', await described())
    await alter('retention.ms', '7200000')
    await awaitUntil(async () => (await described()).flat().includes('7200000'))
    seen.saw('altered', await described())
    await seen.sawOutcome('altered to nonsense', () => alter('retention.ms', 'soon'), errorNames)
  })
})

scenario('errors', async (servers, seen) => {
  const topic = await newTopic(servers, 1, { 'max.message.bytes': '2000' })
  await withAdmin(servers, async admin => {
    const creating = (name, more) => () => admin.createTopics({ topics: [name], partitions: 1, replicas: 1, ...more })
    await seen.sawOutcome('a name with a space', creating('not a name', {}), errorNames)
    await seen.sawOutcome('an unknown configuration', creating(newName('topic'), { configs: [{ name: 'no.such', value: 'x' }] }), errorNames)
    await seen.sawOutcome('a value out of range', creating(newName('topic'), { configs: [{ name: 'segment.bytes', value: '-7' }] }), errorNames)
  })
  const sending = message => async () => (await send(servers, [message], { retries: 1 })).offsets[0].offset
  await seen.sawOutcome('a record too large', sending({ topic, value: 'x'.repeat(5000) }), errorNames)
  await seen.sawOutcome('one that is not', sending({ topic, value: 'x'.repeat(500) }), errorNames)
  const compacted = await newTopic(servers, 1, { 'cleanup.policy': 'compact' })
  await seen.sawOutcome('no key where one is needed', sending({ topic: compacted, value: 'x' }), errorNames)
})

const { version } = JSON.parse(readFileSync(new URL('./node_modules/@platformatic/kafka/package.json', import.meta.url)))
await play(`@platformatic/kafka ${version}`)
