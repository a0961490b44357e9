// What KafkaJS sees, which speaks old dialects of the protocol.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import SnappyCodec from 'kafkajs-snappy'
import { awaitUntil, newName, play, scenario } from './facts.mjs'

const { AssignerProtocol, CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, Partitioners, logLevel } = kafkajs
CompressionCodecs[CompressionTypes.Snappy] = SnappyCodec

// Gzip is its own and Snappy a package in JavaScript; LZ4 and Zstandard are left to native packages.
const CODECS = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy }

function connect (servers) {
  return new Kafka({ clientId: 'reader', brokers: [servers], logLevel: logLevel.NOTHING, retry: { retries: 8, initialRetryTime: 100 } })
}

function errorName (error) {
  const inner = error.cause ?? error.errors?.[0] ?? error
  return inner.type ?? inner.name
}

async function withAdmin (servers, action) {
  // Few attempts: it tries again after errors that stay, too.
  const admin = connect(servers).admin({ retry: { retries: 2, initialRetryTime: 50 } })
  await admin.connect()
  try {
    return await action(admin)
  } finally {
    await admin.disconnect()
  }
}

async function newTopic (servers, numPartitions = 1, configs = {}) {
  const topic = newName('topic')
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await withAdmin(servers, async admin => {
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, configEntries }] })
    await awaitPartitions(admin, topic, numPartitions)
  })
  return topic
}

async function awaitPartitions (admin, topic, count) {
  await awaitUntil(async () => {
    try {
      return (await admin.fetchTopicOffsets(topic)).length === count
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSError) {
        return false
      }
      throw error
    }
  })
}

async function send (servers, topic, messages, settings = {}, more = {}) {
  const producer = connect(servers).producer({ createPartitioner: Partitioners.DefaultPartitioner, ...settings })
  await producer.connect()
  try {
    return await producer.send({ topic, messages, ...more })
  } finally {
    await producer.disconnect()
  }
}

function numbers (count, partition) {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${i}`, value: `value ${i}`, partition }))
}

/** A member of a group that notes down what it is given. */
async function join (servers, topic, groupId, settings = {}) {
  const consumer = connect(servers).consumer({
    groupId, heartbeatInterval: 300, sessionTimeout: 10000, rebalanceTimeout: 10000, maxWaitTimeInMs: 200, retry: { retries: 8, initialRetryTime: 100 }, ...settings
  })
  const member = { consumer, records: [], partitions: [] }
  consumer.on(consumer.events.GROUP_JOIN, event => {
    member.partitions = event.payload.memberAssignment[topic] ?? []
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  member.run = () => consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => { member.records.push({ partition, ...message }) }
  })
  return member
}

/** Reads so many records as a group of its own, from given offsets if there are any. */
async function readAll (servers, topic, count, seek = []) {
  const member = await join(servers, topic, newName('group'))
  try {
    await member.run()
    seek.forEach(({ partition, offset }) => member.consumer.seek({ topic, partition, offset }))
    await awaitUntil(() => member.records.length >= count)
    return member.records
  } finally {
    await member.consumer.disconnect()
  }
}

function byOffset (records) {
  return records.toSorted((a, b) => a.partition - b.partition || Number(a.offset) - Number(b.offset))
}

scenario('the life of a topic', async (servers, seen) => {
  const topic = await newTopic(servers, 3, { 'retention.ms': '3600000' })
  await withAdmin(servers, async admin => {
    const [{ partitions }] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics
    seen.saw('partitions', partitions.length)
    seen.saw('partitions with a leader', partitions.filter(partition => partition.leader >= 0).length)
    seen.saw('listed', (await admin.listTopics()).includes(topic))
    seen.saw('created again', await admin.createTopics({ topics: [{ topic }] }))
    await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
    await awaitPartitions(admin, topic, 5)
    await seen.sawOutcome('made smaller', () => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }), errorName)
    await admin.deleteTopics({ topics: [topic] })
    await awaitUntil(async () => !(await admin.listTopics()).includes(topic))
    await seen.sawOutcome('deleted again', () => admin.deleteTopics({ topics: [topic] }), errorName)
  })
})

scenario('records of each compression', async (servers, seen) => {
  const base = Date.now()
  for (const [codec, compression] of Object.entries(CODECS)) {
    const topic = await newTopic(servers)
    const messages = Array.from({ length: 200 }, (_, i) => ({
      key: i % 10 === 0 ? null : `key-${i}`,
      value: i % 10 === 1 ? null : `value ${i} `.repeat(20),
      headers: { origin: 'kafkajs', number: `${i}` },
      timestamp: `${base + i}`
    }))
    const [report] = await send(servers, topic, messages, {}, { compression, acks: -1 })
    seen.saw(`${codec}: report`, { error: report.errorCode, offset: report.baseOffset, time: report.logAppendTime, start: report.logStartOffset })
    const records = await readAll(servers, topic, 200)
    seen.saw(`${codec}: records`, records.length)
    for (const i of [0, 1, 2, 199]) {
      const { offset, timestamp, key, value, headers } = records[i]
      seen.saw(`${codec}: record ${i}`, [
        offset, Number(timestamp) - base, key?.toString(), value?.length, value?.toString().slice(0, 12),
        Object.entries(headers).map(([name, header]) => `${name}=${header}`)])
    }
  }
})

scenario('keys choose partitions', async (servers, seen) => {
  const topic = await newTopic(servers, 3)
  await send(servers, topic, numbers(60))
  const records = byOffset(await readAll(servers, topic, 60))
  for (const partition of [0, 1, 2]) {
    seen.saw(`partition ${partition}`, records.filter(record => record.partition === partition).map(record => record.key.toString()))
  }
})

scenario('an idempotent producer', async (servers, seen) => {
  const topic = await newTopic(servers, 2)
  const producer = connect(servers).producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const offsets = []
  for (let i = 0; i < 20; i++) {
    const [report] = await producer.send({ topic, messages: [{ value: `${i}`, partition: i % 2 }] })
    offsets.push(report.baseOffset)
  }
  await producer.disconnect()
  seen.saw('offsets', offsets)
  seen.saw('each once', new Set((await readAll(servers, topic, 20)).map(record => record.value.toString())).size)
})

scenario('a topic that does not exist', async (servers, seen) => {
  const topic = newName('topic')
  const [report] = await send(servers, topic, [{ value: 'first' }])
  seen.saw('produced to', { partition: report.partition, offset: report.baseOffset })
  await withAdmin(servers, async admin => {
    seen.saw('partitions it has then', (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length)
    await seen.sawOutcome('deleting one', () => admin.deleteTopics({ topics: [newName('topic')] }), errorName)
  })
  seen.saw('what was produced', (await readAll(servers, topic, 1)).map(record => record.value.toString()))
})

scenario('reading from an offset and by time', async (servers, seen) => {
  const base = Date.now()
  const topic = await newTopic(servers)
  await send(servers, topic, Array.from({ length: 50 }, (_, i) => ({ value: `${i}`, timestamp: `${base + 1000 * i}` })))
  await withAdmin(servers, async admin => {
    seen.saw('offsets', await admin.fetchTopicOffsets(topic))
    for (const asked of [0, 1, 24500, 49000, 49001]) {
      seen.saw(`offset for time ${asked}`, await admin.fetchTopicOffsetsByTimestamp(topic, base + asked))
    }
  })
  const values = records => records.map(record => record.value.toString())
  seen.saw('from offset 45', values(await readAll(servers, topic, 5, [{ partition: 0, offset: '45' }])).slice(-5))
})

scenario('a group goes on where it committed', async (servers, seen) => {
  const topic = await newTopic(servers, 2)
  const group = newName('group')
  await send(servers, topic, [...numbers(20, 0), ...numbers(20, 1)])
  const first = await join(servers, topic, group)
  await first.run()
  await awaitUntil(() => first.records.length >= 40)
  await first.consumer.commitOffsets([{ topic, partition: 0, offset: '5', metadata: 'five' }, { topic, partition: 1, offset: '20' }])
  await first.consumer.disconnect()
  const committed = () => withAdmin(servers, async admin => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return partitions.toSorted((a, b) => a.partition - b.partition).map(({ offset, metadata }) => ({ offset, metadata }))
  })
  seen.saw('committed', await committed())
  const second = await join(servers, topic, group)
  await second.run()
  await awaitUntil(() => second.records.length >= 15)
  await pause(300)
  seen.saw('second reads', second.records.map(({ partition, offset }) => `${partition}:${offset}`))
  await second.consumer.commitOffsets([{ topic, partition: 0, offset: '20' }])
  await second.consumer.disconnect()
  seen.saw('committed then', await committed())
  await withAdmin(servers, admin => admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: '17' }] }))
  seen.saw('set by an administrator', await committed())
})

scenario('a group of two', async (servers, seen) => {
  const topic = await newTopic(servers, 4)
  const group = newName('group')
  const first = await join(servers, topic, group)
  await first.run()
  await awaitUntil(() => first.partitions.length === 4)
  const second = await join(servers, topic, group)
  await second.run()
  await awaitUntil(() => first.partitions.length === 2 && second.partitions.length === 2)
  seen.saw('shared', [...first.partitions, ...second.partitions].toSorted())
  await send(servers, topic, [0, 1, 2, 3].flatMap(partition => numbers(10, partition)))
  await awaitUntil(() => first.records.length + second.records.length >= 40)
  seen.saw('each once', new Set([...first.records, ...second.records].map(({ partition, offset }) => `${partition}:${offset}`)).size)
  await second.consumer.disconnect()
  await awaitUntil(() => first.partitions.length === 4)
  seen.saw('after one left', first.partitions.toSorted())
  await first.consumer.disconnect()
})

scenario('groups described, and their lag', async (servers, seen) => {
  const topic = await newTopic(servers)
  const group = newName('group')
  await send(servers, topic, numbers(10))
  const member = await join(servers, topic, group)
  await member.run()
  await awaitUntil(() => member.records.length >= 10)
  await member.consumer.commitOffsets([{ topic, partition: 0, offset: '7' }])
  await withAdmin(servers, async admin => {
    const [described] = (await admin.describeGroups([group])).groups
    seen.saw('described', [described.errorCode, described.state, described.protocolType, described.protocol])
    seen.saw('members', described.members.map(({ clientId, memberAssignment }) =>
      [clientId, AssignerProtocol.MemberAssignment.decode(memberAssignment).assignment[topic]]))
    seen.saw('listed', (await admin.listGroups()).groups.filter(found => found.groupId === group).map(found => found.protocolType))
    const [{ high }] = await admin.fetchTopicOffsets(topic)
    const [{ partitions: [at] }] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    seen.saw('lag', high - at.offset)
    await seen.sawOutcome('deleted with a member', () => admin.deleteGroups([group]), groupError)
    await member.consumer.disconnect()
    await awaitUntil(async () => (await admin.describeGroups([group])).groups[0].state === 'Empty')
    await seen.sawOutcome('deleted when empty', async () => (await admin.deleteGroups([group])).map(result => result.errorCode), groupError)
    await seen.sawOutcome('deleted again', () => admin.deleteGroups([group]), groupError)
    seen.saw('described when gone', (await admin.describeGroups([group])).groups[0].state)
  })
})

function groupError (error) {
  return error.groups?.[0]?.error?.type ?? errorName(error)
}

scenario('configuration described and altered', async (servers, seen) => {
  const topic = await newTopic(servers, 1, { 'cleanup.policy': 'compact', 'max.message.bytes': '2000' })
  await withAdmin(servers, async admin => {
    const described = async () => {
      const configNames = ['cleanup.policy', 'max.message.bytes', 'retention.ms', 'compression.type', 'message.timestamp.type']
      const { resources: [{ configEntries }] } = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames }] })
      return configEntries.map(({ configName, configValue, isDefault, readOnly }) => [configName, configValue, isDefault, readOnly])
        .toSorted(([a], [b]) => a < b ? -1 : 1)
    }
    const alter = configEntries => admin.alterConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }] })
    seen.saw('created with', await described())
    await alter([{ name: 'retention.ms', value: '7200000' }])
    await awaitUntil(async () => (await described()).flat().includes('7200000'))
    seen.saw('altered', await described())
    await seen.sawOutcome('altered to nonsense', () => alter([{ name: 'retention.ms', value: 'soon' }]), errorName)
  })
})

scenario('errors', async (servers, seen) => {
  const topic = await newTopic(servers, 1, { 'max.message.bytes': '2000' })
  await withAdmin(servers, async admin => {
    const creating = description => () => admin.createTopics({ topics: [{ topic: newName('topic'), ...description }] })
    await seen.sawOutcome('a name with a space', creating({ topic: 'not a name' }), errorName)
    await seen.sawOutcome('no partitions', creating({ numPartitions: 0 }), errorName)
    await seen.sawOutcome('an unknown configuration', creating({ configEntries: [{ name: 'no.such', value: 'x' }] }), errorName)
    await seen.sawOutcome('a value out of range', creating({ configEntries: [{ name: 'segment.bytes', value: '-7' }] }), errorName)
  })
  const sending = (name, message) => async () => (await send(servers, name, [message], { retry: { retries: 1 } }))[0].baseOffset
  await seen.sawOutcome('a record too large', sending(topic, { value: 'x'.repeat(5000) }), errorName)
  await seen.sawOutcome('one that is not', sending(topic, { value: 'x'.repeat(500) }), errorName)
  const compacted = await newTopic(servers, 1, { 'cleanup.policy': 'compact' })
  await seen.sawOutcome('no key where one is needed', sending(compacted, { value: 'x' }), errorName)
})

const { version } = JSON.parse(readFileSync(new URL('./node_modules/kafkajs/package.json', import.meta.url)))
await play(`kafkajs ${version}`)
