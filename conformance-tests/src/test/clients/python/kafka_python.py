"""What kafka-python sees: the newest, or 2.0.2, which speaks old dialects of the protocol."""
import contextlib
import random
import threading
import time

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.structs import OffsetAndMetadata

from facts import await_until, new_name, play, scenario

OLD = kafka.__version__.startswith('2.0.')
CODECS = ['none', 'gzip']
for codec, check in (('snappy', kafka.codec.has_snappy), ('lz4', kafka.codec.has_lz4), ('zstd', kafka.codec.has_zstd)):
    if check():
        CODECS.append(codec)


def admin(servers):
    return KafkaAdminClient(bootstrap_servers=servers)


def producer(servers, **settings):
    return KafkaProducer(bootstrap_servers=servers, **settings)


def consumer(servers, *topics, **settings):
    settings.setdefault('auto_offset_reset', 'earliest')
    settings.setdefault('enable_auto_commit', False)
    settings.setdefault('session_timeout_ms', 10000)
    return KafkaConsumer(*topics, bootstrap_servers=servers, **settings)


def committed_at(offset, metadata=''):
    return OffsetAndMetadata(offset, metadata) if OLD else OffsetAndMetadata(offset, metadata, -1)


def new_topic(servers, partitions=1, **configs):
    """Creates a topic and waits until each of its partitions answers."""
    name = new_name('topic')
    client = admin(servers)
    client.create_topics(
        [NewTopic(name, partitions, 1, topic_configs={key.replace('_', '.'): value for key, value in configs.items()})])
    client.close()
    await_partitions(servers, name, partitions)
    return name


def await_partitions(servers, topic, partitions):
    reader = consumer(servers)
    all_partitions = [TopicPartition(topic, partition) for partition in range(partitions)]

    def answer():
        try:
            return len(reader.end_offsets(all_partitions)) == partitions
        except kafka.errors.KafkaError:
            return False

    await_until(answer)
    reader.close()


def produce_numbers(servers, topic, count, first=0, partition=None):
    with_keys = producer(servers)
    for number in range(first, first + count):
        with_keys.send(topic, key=b'key-%d' % number, value=b'value %d' % number, partition=partition)
    with_keys.flush()
    with_keys.close()


def read(reader, count, seconds=120):
    """Polls until so many records have come."""
    records = []

    def poll():
        for batch in reader.poll(timeout_ms=200).values():
            records.extend(batch)
        return len(records) >= count

    await_until(poll, seconds)
    return records


def read_all(servers, topic, count, partitions=1):
    reader = consumer(servers)
    reader.assign([TopicPartition(topic, partition) for partition in range(partitions)])
    reader.seek_to_beginning()
    records = read(reader, count)
    reader.close()
    return records


@scenario('the life of a topic')
def life_of_a_topic(servers, seen):
    name = new_topic(servers, 3, retention_ms='3600000')
    client = admin(servers)
    described = client.describe_topics([name])[0]
    partitions = described['partitions']
    seen.saw('partitions', len(partitions))
    seen.saw('internal', described['is_internal'])
    leader = 'leader' if OLD else 'leader_id'
    seen.saw('partitions with a leader', sum(1 for partition in partitions if partition[leader] >= 0))
    listed = client.list_topics()
    seen.saw('listed', name in (listed if isinstance(listed[0], str) else [topic['name'] for topic in listed]))
    seen.saw_outcome('created again', lambda: client.create_topics([NewTopic(name, 3, 1)]))
    client.create_partitions({name: NewPartitions(5)})
    await_partitions(servers, name, 5)
    seen.saw('after growing', len(client.describe_topics([name])[0]['partitions']))
    seen.saw_outcome('made smaller', lambda: client.create_partitions({name: NewPartitions(2)}))
    client.delete_topics([name])
    reader = consumer(servers)
    await_until(lambda: name not in reader.topics())
    seen.saw('listed after deletion', name in reader.topics())
    reader.close()
    seen.saw_outcome('deleted again', lambda: client.delete_topics([name]))
    client.close()


@scenario('records of each compression')
def records_of_each_compression(servers, seen):
    base = int(time.time() * 1000)
    for codec in CODECS:
        name = new_topic(servers)
        sender = producer(
            servers, compression_type=None if codec == 'none' else codec, acks='all', linger_ms=20, batch_size=65536)
        sent = [sender.send(
            name, key=None if i % 10 == 0 else b'key-%d' % i, value=None if i % 10 == 1 else b'value %d ' % i * 20,
            headers=[('origin', b'kafka-python'), ('number', b'%d' % i)], timestamp_ms=base + i) for i in range(200)]
        sender.flush()
        metadata = [future.get(timeout=30) for future in sent]
        seen.saw(codec + ': offsets given', [metadata[i].offset for i in (0, 1, 100, 199)])
        seen.saw(codec + ': timestamps given', [metadata[i].timestamp - base for i in (0, 199)])
        sender.close()
        records = read_all(servers, name, 200)
        seen.saw(codec + ': records', len(records))
        for i in (0, 1, 2, 199):
            record = records[i]
            seen.saw('%s: record %d' % (codec, i),
                     (record.offset, record.timestamp - base, record.timestamp_type, record.key, record.headers,
                      record.value and (len(record.value), record.value[:12])))


@scenario('keys choose partitions')
def keys_choose_partitions(servers, seen):
    name = new_topic(servers, 3)
    produce_numbers(servers, name, 60)
    records = read_all(servers, name, 60, 3)
    for partition in range(3):
        seen.saw('partition %d' % partition, [record.key for record in records if record.partition == partition])


@scenario('an idempotent producer', available=not OLD)
def idempotent_producer(servers, seen):
    name = new_topic(servers, 2)
    sender = producer(servers, enable_idempotence=True, acks='all')
    sent = [sender.send(name, value=b'%d' % i, partition=i % 2) for i in range(100)]
    sender.flush()
    seen.saw('offsets', [future.get(timeout=30).offset for future in sent][-4:])
    sender.close()
    seen.saw('each once', len({(record.partition, record.value) for record in read_all(servers, name, 100, 2)}))


@scenario('a topic that does not exist')
def missing_topic(servers, seen):
    name = new_name('topic')
    sender = producer(servers, max_block_ms=30000)
    metadata = sender.send(name, value=b'first').get(timeout=60)
    seen.saw('produced to', (metadata.partition, metadata.offset))
    sender.close()
    client = admin(servers)
    seen.saw('partitions it has then', len(client.describe_topics([name])[0]['partitions']))
    seen.saw_outcome('deleting one', lambda: client.delete_topics([new_name('topic')]))
    client.close()
    seen.saw('what was produced', [record.value for record in read_all(servers, name, 1)])


@scenario('reading from an offset and by time')
def offsets_and_times(servers, seen):
    base = int(time.time() * 1000)
    name = new_topic(servers)
    zero = TopicPartition(name, 0)
    sender = producer(servers)
    for i in range(50):
        sender.send(name, value=b'%d' % i, timestamp_ms=base + 1000 * i).get(timeout=30)
    sender.close()
    reader = consumer(servers)
    reader.assign([zero])
    seen.saw('beginning', reader.beginning_offsets([zero])[zero])
    seen.saw('end', reader.end_offsets([zero])[zero])
    for asked in (0, 1, 24500, 49000, 49001):
        found = reader.offsets_for_times({zero: base + asked})[zero]
        seen.saw('offset for time %d' % asked, found and (found.offset, found.timestamp - base))
    reader.seek(zero, 45)
    seen.saw('from offset 45', [record.value for record in read(reader, 5)])
    seen.saw('position', reader.position(zero))
    reader.seek(zero, reader.offsets_for_times({zero: base + 46500})[zero].offset)
    seen.saw('from a time', [record.value for record in read(reader, 3)])
    seen.saw('at the end', reader.poll(timeout_ms=500))
    reader.seek(zero, 1000)
    seen.saw('beyond the end, reset to earliest', read(reader, 1)[0].offset)
    reader.close()
    strict = consumer(servers, auto_offset_reset='none')
    strict.assign([zero])
    strict.seek(zero, 1000)
    seen.saw_outcome('beyond the end, no reset', lambda: read(strict, 1, seconds=20))
    strict.close()


@scenario('a group goes on where it committed')
def group_goes_on(servers, seen):
    name = new_topic(servers, 2)
    group = new_name('group')
    for partition in range(2):
        produce_numbers(servers, name, 20, partition=partition)
    partitions = [TopicPartition(name, partition) for partition in range(2)]
    first = consumer(servers, name, group_id=group)
    seen.saw('first reads', len(read(first, 40)))
    first.commit({partitions[0]: committed_at(5, 'five'), partitions[1]: committed_at(20)})
    seen.saw('committed', [first.committed(partition) for partition in partitions])
    first.close()
    second = consumer(servers, name, group_id=group)
    seen.saw('second reads', [(record.partition, record.offset) for record in read(second, 15)])
    second.commit()
    seen.saw('committed then', [second.committed(partition) for partition in partitions])
    second.close()
    third = consumer(servers, name, group_id=group)
    await_until(lambda: third.poll(timeout_ms=100) or third.assignment())
    seen.saw('third reads', third.poll(timeout_ms=500))
    third.close()


class Member(threading.Thread):
    """Polls in a thread of its own: a member may block until the other one has joined, too."""

    def __init__(self, servers, topic, group):
        super().__init__(daemon=True)
        self._reader = consumer(servers, topic, group_id=group, heartbeat_interval_ms=300)
        self._leaving = threading.Event()
        self.partitions = []
        self.records = []
        self.start()

    def run(self):
        while not self._leaving.is_set():
            for batch in self._reader.poll(timeout_ms=100).values():
                self.records.extend((record.partition, record.offset) for record in batch)
            self.partitions = sorted(tp.partition for tp in self._reader.assignment())
        self._reader.commit()
        self._reader.close()

    def leave(self):
        self._leaving.set()
        self.join(60)


@scenario('a group of two')
def group_of_two(servers, seen):
    name = new_topic(servers, 4)
    group = new_name('group')
    first = Member(servers, name, group)
    await_until(lambda: len(first.partitions) == 4)
    second = Member(servers, name, group)
    await_until(lambda: len(first.partitions) == len(second.partitions) == 2)
    seen.saw('shared', sorted(first.partitions + second.partitions))
    for partition in range(4):
        produce_numbers(servers, name, 10, partition=partition)
    await_until(lambda: len(first.records) + len(second.records) >= 40)
    seen.saw('each once', len(set(first.records + second.records)))
    second.leave()
    await_until(lambda: len(first.partitions) == 4)
    seen.saw('after one left', first.partitions)
    first.leave()


@scenario('groups described, and their lag')
def groups_described(servers, seen):
    name = new_topic(servers)
    group = new_name('group')
    produce_numbers(servers, name, 10)
    zero = TopicPartition(name, 0)
    member = consumer(servers, name, group_id=group, client_id='reader')
    read(member, 10)
    member.commit({zero: committed_at(7)})
    client = admin(servers)
    described = describe_group(client, group)
    seen.saw('state', described['state'])
    seen.saw('protocol', (described['protocol_type'], described['protocol']))
    seen.saw('members', [(m['client_id'], m['assigned']) for m in described['members']])
    listing = client.list_consumer_groups() if OLD else [
        (found['group_id'], found['protocol_type']) for found in client.list_groups()]
    seen.saw('listed', [kind for found, kind in listing if found == group])
    offsets = client.list_consumer_group_offsets(group) if OLD else client.list_group_offsets(group)[group]
    seen.saw('lag', {tp.partition: member.end_offsets([tp])[tp] - at.offset for tp, at in offsets.items()})
    delete = client.delete_consumer_groups if OLD else client.delete_groups
    seen.saw_outcome('deleted with a member', lambda: outcomes(delete([group])))
    member.close()
    await_until(lambda: describe_group(client, group)['state'] == 'Empty')
    seen.saw('members when empty', len(describe_group(client, group)['members']))
    seen.saw_outcome('deleted when empty', lambda: outcomes(delete([group])))
    seen.saw_outcome('deleted again', lambda: outcomes(delete([group])))
    seen.saw('described when gone', describe_group(client, group)['state'])
    client.close()


def outcomes(results):
    """Without the group's name, which is another one each time."""
    values = results.values() if isinstance(results, dict) else [result for _, result in results]
    return [getattr(value, '__name__', value) for value in values]


def describe_group(client, group):
    """In the newest one's words."""
    if not OLD:
        found = client.describe_groups([group])[group]
        return {
            'state': found['group_state'], 'protocol_type': found['protocol_type'], 'protocol': found['protocol_data'],
            'members': [{'client_id': m['client_id'], 'assigned': assigned_partitions(m['member_assignment'])}
                        for m in found['members']]}
    found = client.describe_consumer_groups([group])[0]
    return {
        'state': found.state, 'protocol_type': found.protocol_type, 'protocol': found.protocol,
        'members': [{'client_id': m.client_id,
                     'assigned': [partitions for _, partitions in m.member_assignment.assignment]}
                    for m in found.members]}


def assigned_partitions(assignment):
    return [topic['partitions'] for topic in assignment['assigned_partitions']]


@scenario('configuration described and altered')
def configuration(servers, seen):
    name = new_topic(servers, cleanup_policy='compact', max_message_bytes='2000')
    client = admin(servers)
    wanted = ('cleanup.policy', 'max.message.bytes', 'retention.ms', 'compression.type', 'message.timestamp.type')
    seen.saw('created with', described(client, name, wanted))
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs={'retention.ms': '7200000'})])
    await_until(lambda: '7200000' in str(described(client, name, wanted)))
    seen.saw('altered', described(client, name, wanted))
    seen.saw_outcome('altered to nonsense', lambda: alter_to_nonsense(client, name))
    client.close()


def alter_to_nonsense(client, name):
    answer = client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs={'retention.ms': 'soon'})])
    if OLD:
        return [resource[0] for resource in answer.resources]
    return [outcome.replace(name, 'it') for outcome in answer['topic'].values()]


def described(client, name, wanted):
    resource = ConfigResource(ConfigResourceType.TOPIC, name)
    if OLD:
        entries = client.describe_configs([resource])[0].resources[0][4]
        values = {entry[0]: entry[1] for entry in entries}
    else:
        entries = client.describe_configs([resource], config_filter='all')
        values = {key: entry['value'] for key, entry in next(iter(next(iter(entries.values())).values())).items()}
    return {key: values[key] for key in wanted}


@scenario("the sensors' producer that the project began with")
def first_producer(servers, seen):
    name = new_topic(servers)
    own = random.Random(50)  # the client's threads draw from the shared one
    sensor = KafkaProducer(bootstrap_servers=[servers])
    for _ in range(50):
        temperature = own.randint(0, 40)
        sensor.send(name, temperature.to_bytes(4, byteorder='big'))
    sensor.close()
    seen.saw('temperatures', [int.from_bytes(record.value, byteorder='big') for record in read_all(servers, name, 50)])


@scenario('errors')
def errors(servers, seen):
    name = new_topic(servers, max_message_bytes='2000')
    client = admin(servers)
    seen.saw_outcome('a name with a space', lambda: client.create_topics([NewTopic('not a name', 1, 1)]))
    seen.saw_outcome('no partitions', lambda: client.create_topics([NewTopic(new_name('topic'), 0, 1)]))
    seen.saw_outcome(
        'an unknown configuration',
        lambda: client.create_topics([NewTopic(new_name('topic'), 1, 1, topic_configs={'no.such': 'x'})]))
    seen.saw_outcome(
        'a value out of range',
        lambda: client.create_topics([NewTopic(new_name('topic'), 1, 1, topic_configs={'segment.bytes': '-7'})]))
    client.close()
    seen.saw_outcome('a record too large', lambda: send_alone(servers, name, b'x' * 5000))
    seen.saw_outcome('one that is not', lambda: send_alone(servers, name, b'x' * 500))
    seen.saw_outcome('a partition too many', lambda: send_alone(servers, name, b'x', partition=7))
    compacted = new_topic(servers, cleanup_policy='compact')
    seen.saw_outcome('no key where one is needed', lambda: send_alone(servers, compacted, b'x'))


def send_alone(servers, topic, value, **where):
    """By a producer of its own, since an error may stay with it."""
    sender = producer(servers, max_block_ms=10000)
    try:
        return sender.send(topic, value=value, **where).get(timeout=30).offset
    finally:
        with contextlib.suppress(kafka.errors.KafkaError):
            sender.close()


if __name__ == '__main__':
    play('kafka-python ' + kafka.__version__)
