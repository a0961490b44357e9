"""What confluent-kafka sees, which is librdkafka below."""
import time

import confluent_kafka
from confluent_kafka import (
    OFFSET_BEGINNING, Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition)
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec, ResourceType)

from facts import await_until, new_name, play, scenario

CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
FAST = {'topic.metadata.refresh.fast.interval.ms': 100}


def admin(servers):
    return AdminClient({'bootstrap.servers': servers})


def consumer(servers, **settings):
    given = {
        'bootstrap.servers': servers, 'group.id': new_name('group'), 'auto.offset.reset': 'earliest',
        'enable.auto.commit': False, 'session.timeout.ms': 10000, **FAST}
    given.update({key.replace('_', '.'): value for key, value in settings.items()})
    if given.get('group.protocol') == 'consumer':
        del given['session.timeout.ms']
    return Consumer(given)


def error_name(error):
    """The protocol's name of an error, wherever the client has put it."""
    inner = error.args[0] if isinstance(error, KafkaException) else error
    return inner.name() if isinstance(inner, KafkaError) else type(error).__name__


def outcome(futures):
    return {key: future.result() for key, future in futures.items()}


def new_topic(servers, partitions=1, **configs):
    """Creates a topic and waits until each of its partitions answers."""
    name = new_name('topic')
    configs = {key.replace('_', '.'): value for key, value in configs.items()}
    client = admin(servers)
    outcome(client.create_topics([NewTopic(name, partitions, 1, config=configs)]))
    await_partitions(client, name, partitions)
    return name


def await_partitions(client, topic, partitions):
    def answer():
        try:
            outcome(client.list_offsets(
                {TopicPartition(topic, partition): OffsetSpec.latest() for partition in range(partitions)}))
            return True
        except KafkaException:
            return False

    await_until(answer)


def send(servers, records, **settings):
    """Produces `(topic, arguments)` and returns the reports in the order in which they were asked for."""
    producer = Producer({'bootstrap.servers': servers, **FAST, **{k.replace('_', '.'): v for k, v in settings.items()}})
    reports = [None] * len(records)

    def report_to(index):
        def report(error, message):
            reports[index] = error or message

        return report

    for index, (topic, arguments) in enumerate(records):
        producer.produce(topic, on_delivery=report_to(index), **arguments)
    if producer.flush(120):
        raise TimeoutError('not everything was delivered')
    for report in reports:
        if isinstance(report, KafkaError):
            raise KafkaException(report)
    return reports


def produce_numbers(servers, topic, count, **where):
    send(servers, [(topic, {'key': 'key-%d' % i, 'value': 'value %d' % i, **where}) for i in range(count)])


def read(reader, count, seconds=120):
    """Polls until so many records have come."""
    records = []

    def poll():
        for message in reader.consume(500, 0.2):
            if message.error():
                raise KafkaException(message.error())
            records.append(message)
        return len(records) >= count

    await_until(poll, seconds)
    return records


def read_all(servers, topic, count, partitions=1):
    reader = consumer(servers)
    reader.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in range(partitions)])
    records = read(reader, count)
    reader.close()
    return records


@scenario('the life of a topic')
def life_of_a_topic(servers, seen):
    name = new_topic(servers, 3, retention_ms='3600000')
    client = admin(servers)
    described = client.list_topics(name, timeout=30).topics[name]
    seen.saw('partitions', len(described.partitions))
    seen.saw('partitions with a leader', sum(1 for p in described.partitions.values() if p.leader >= 0))
    seen.saw('listed', name in client.list_topics(timeout=30).topics)
    asked = confluent_kafka.TopicCollection([name])
    seen.saw('internal', outcome(client.describe_topics(asked))[name].is_internal)
    seen.saw_outcome('created again', lambda: outcome(client.create_topics([NewTopic(name, 3, 1)])), error_name)
    outcome(client.create_partitions([NewPartitions(name, 5)]))
    await_partitions(admin(servers), name, 5)
    seen.saw('after growing', len(outcome(client.describe_topics(asked))[name].partitions))
    seen.saw_outcome('made smaller', lambda: outcome(client.create_partitions([NewPartitions(name, 2)])), error_name)
    outcome(client.delete_topics([name]))
    await_until(lambda: name not in client.list_topics(timeout=30).topics)
    seen.saw_outcome('deleted again', lambda: outcome(client.delete_topics([name])), error_name)


@scenario('records of each compression')
def records_of_each_compression(servers, seen):
    base = int(time.time() * 1000)
    for codec in CODECS:
        name = new_topic(servers)
        reports = send(servers, [(name, {
            'key': None if i % 10 == 0 else 'key-%d' % i,
            'value': None if i % 10 == 1 else 'value %d ' % i * 20,
            'headers': [('origin', b'librdkafka'), ('number', b'%d' % i), ('nothing', None)],
            'timestamp': base + i}) for i in range(200)], compression_type=codec, linger_ms=20)
        seen.saw(codec + ': offsets given', [reports[i].offset() for i in (0, 1, 100, 199)])
        records = read_all(servers, name, 200)
        seen.saw(codec + ': records', len(records))
        for i in (0, 1, 2, 199):
            record = records[i]
            kind, timestamp = record.timestamp()
            seen.saw('%s: record %d' % (codec, i),
                     (record.offset(), timestamp - base, kind, record.key(), record.headers(),
                      record.value() and (len(record.value()), record.value()[:12])))


@scenario('keys choose partitions')
def keys_choose_partitions(servers, seen):
    name = new_topic(servers, 3)
    produce_numbers(servers, name, 60)
    records = read_all(servers, name, 60, 3)
    for partition in range(3):
        seen.saw('partition %d' % partition, [record.key() for record in records if record.partition() == partition])


@scenario('an idempotent producer')
def idempotent_producer(servers, seen):
    name = new_topic(servers, 2)
    reports = send(
        servers, [(name, {'value': b'%d' % i, 'partition': i % 2}) for i in range(100)], enable_idempotence=True)
    seen.saw('offsets', [report.offset() for report in reports][-4:])
    records = read_all(servers, name, 100, 2)
    seen.saw('each once', len({(record.partition(), record.value()) for record in records}))


@scenario('a topic that does not exist')
def missing_topic(servers, seen):
    name = new_name('topic')
    report = send(servers, [(name, {'value': b'first'})])[0]
    seen.saw('produced to', (report.partition(), report.offset()))
    client = admin(servers)
    seen.saw('partitions it has then', len(client.list_topics(name, timeout=30).topics[name].partitions))
    seen.saw_outcome('deleting one', lambda: outcome(client.delete_topics([new_name('topic')])), error_name)
    reader = consumer(servers)
    reader.subscribe([new_name('topic')])
    seen.saw_outcome('subscribing to one', lambda: read(reader, 1), error_name)
    reader.close()
    seen.saw('what was produced', [record.value() for record in read_all(servers, name, 1)])


@scenario('reading from an offset and by time')
def offsets_and_times(servers, seen):
    base = int(time.time() * 1000)
    name = new_topic(servers)
    send(servers, [(name, {'value': b'%d' % i, 'timestamp': base + 1000 * i}) for i in range(50)])
    reader = consumer(servers, enable_partition_eof=False)
    seen.saw('watermarks', reader.get_watermark_offsets(TopicPartition(name, 0), timeout=30))
    for asked in (0, 1, 24500, 49000, 49001):
        found = reader.offsets_for_times([TopicPartition(name, 0, base + asked)], timeout=30)[0]
        seen.saw('offset for time %d' % asked, (found.offset, found.error))
    reader.assign([TopicPartition(name, 0, 45)])
    seen.saw('from offset 45', [record.value() for record in read(reader, 5)])
    seen.saw('position', reader.position([TopicPartition(name, 0)])[0].offset)
    reader.seek(reader.offsets_for_times([TopicPartition(name, 0, base + 46500)], timeout=30)[0])
    seen.saw('from a time', [record.value() for record in read(reader, 3)])
    seen.saw('at the end', reader.consume(1, 0.5))
    reader.close()
    lenient = consumer(servers)
    lenient.assign([TopicPartition(name, 0, 1000)])
    seen.saw('beyond the end, reset to earliest', read(lenient, 1)[0].offset())
    lenient.close()
    strict = consumer(servers, auto_offset_reset='error')
    strict.assign([TopicPartition(name, 0, 1000)])
    seen.saw_outcome('beyond the end, no reset', lambda: read(strict, 1, seconds=20), error_name)
    strict.close()


@scenario('a group goes on where it committed')
def group_goes_on(servers, seen):
    name = new_topic(servers, 2)
    group = new_name('group')
    for partition in range(2):
        produce_numbers(servers, name, 20, partition=partition)
    both = [TopicPartition(name, partition) for partition in range(2)]
    first = consumer(servers, group_id=group)
    first.subscribe([name])
    seen.saw('first reads', len(read(first, 40)))
    first.commit(
        offsets=[TopicPartition(name, 0, 5, metadata='five'), TopicPartition(name, 1, 20)], asynchronous=False)
    seen.saw('committed', [(at.offset, at.metadata) for at in first.committed(both, timeout=30)])
    first.close()
    second = consumer(servers, group_id=group)
    second.subscribe([name])
    seen.saw('second reads', [(record.partition(), record.offset()) for record in read(second, 15)])
    second.commit(asynchronous=False)
    seen.saw('committed then', [at.offset for at in second.committed(both, timeout=30)])
    second.close()
    third = consumer(servers, group_id=group)
    third.subscribe([name])
    early = []
    await_until(lambda: early.extend(third.consume(1, 0.1)) or third.assignment())
    seen.saw('third reads', early + third.consume(1, 0.5))
    third.close()


@scenario('a group of two')
def classic_group_of_two(servers, seen):
    group_of_two(servers, seen, heartbeat_interval_ms=300)


@scenario('a group of two by the new protocol (KIP-848)')
def consumer_group_of_two(servers, seen):
    group_of_two(servers, seen, group_protocol='consumer')


def group_of_two(servers, seen, **settings):
    name = new_topic(servers, 4)
    settings['group_id'] = new_name('group')
    records = []

    def poll(*members):
        for member in members:
            records.extend((record.partition(), record.offset()) for record in member.consume(100, 0.1))

    first = consumer(servers, **settings)
    first.subscribe([name])
    await_until(lambda: poll(first) or len(first.assignment()) == 4)
    second = consumer(servers, **settings)
    second.subscribe([name])
    await_until(lambda: poll(first, second) or len(first.assignment()) == len(second.assignment()) == 2)
    seen.saw('shared', sorted(at.partition for at in first.assignment() + second.assignment()))
    for partition in range(4):
        produce_numbers(servers, name, 10, partition=partition)
    await_until(lambda: poll(first, second) or len(records) >= 40)
    seen.saw('each once', len(set(records)))
    first.commit(asynchronous=False)
    second.commit(asynchronous=False)
    second.close()
    await_until(lambda: poll(first) or len(first.assignment()) == 4)
    poll(first)
    seen.saw('read in all', len(records))
    first.close()


@scenario('groups described, and their lag')
def groups_described(servers, seen):
    name = new_topic(servers)
    group = new_name('group')
    produce_numbers(servers, name, 10)
    member = consumer(servers, group_id=group, client_id='reader')
    member.subscribe([name])
    read(member, 10)
    member.commit(offsets=[TopicPartition(name, 0, 7)], asynchronous=False)
    client = admin(servers)
    described = outcome(client.describe_consumer_groups([group]))[group]
    seen.saw('state', described.state.name)
    seen.saw('type', described.type.name)
    seen.saw('assignor', described.partition_assignor)
    seen.saw('simple', described.is_simple_consumer_group)
    seen.saw('members', [
        (m.client_id, [at.partition for at in m.assignment.topic_partitions]) for m in described.members])
    listing = [found for found in client.list_consumer_groups().result().valid if found.group_id == group]
    seen.saw('listed', [(found.state.name, found.type.name, found.is_simple_consumer_group) for found in listing])
    offsets = outcome(client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]))
    seen.saw('lag', [
        member.get_watermark_offsets(at, timeout=30)[1] - at.offset for at in offsets[group].topic_partitions])
    seen.saw_outcome('deleted with a member', lambda: outcome(client.delete_consumer_groups([group])), error_name)
    member.close()
    await_until(lambda: outcome(client.describe_consumer_groups([group]))[group].state.name == 'EMPTY')
    moved = [ConsumerGroupTopicPartitions(group, [TopicPartition(name, 0, 2)])]
    seen.saw('moved when empty', [
        at.offset for at in outcome(client.alter_consumer_group_offsets(moved))[group].topic_partitions])
    seen.saw_outcome(
        'deleted when empty', lambda: list(outcome(client.delete_consumer_groups([group])).values()), error_name)
    seen.saw_outcome('deleted again', lambda: outcome(client.delete_consumer_groups([group])), error_name)
    seen.saw_outcome(
        'described when gone', lambda: outcome(client.describe_consumer_groups([group]))[group].state.name, error_name)


@scenario('configuration described and altered')
def configuration(servers, seen):
    name = new_topic(servers, cleanup_policy='compact', max_message_bytes='2000')
    client = admin(servers)
    seen.saw('created with', described_configs(client, name))
    alter = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[
        ConfigEntry('retention.ms', '7200000', incremental_operation=AlterConfigOpType.SET),
        ConfigEntry('cleanup.policy', 'delete', incremental_operation=AlterConfigOpType.APPEND),
        ConfigEntry('max.message.bytes', None, incremental_operation=AlterConfigOpType.DELETE)])
    outcome(client.incremental_alter_configs([alter]))
    await_until(lambda: '7200000' in str(described_configs(client, name)))
    seen.saw('altered', described_configs(client, name))
    nonsense = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[
        ConfigEntry('retention.ms', 'soon', incremental_operation=AlterConfigOpType.SET)])
    seen.saw_outcome('altered to nonsense', lambda: outcome(client.incremental_alter_configs([nonsense])), error_name)


def described_configs(client, name):
    wanted = ('cleanup.policy', 'max.message.bytes', 'retention.ms', 'compression.type', 'message.timestamp.type')
    entries = list(outcome(client.describe_configs([ConfigResource(ResourceType.TOPIC, name)])).values())[0]
    return [(key, entries[key].value, entries[key].is_default, entries[key].is_read_only) for key in wanted]


@scenario('errors')
def errors(servers, seen):
    name = new_topic(servers, max_message_bytes='2000')
    client = admin(servers)

    def creating(*topic, **more):
        return lambda: outcome(client.create_topics([NewTopic(*topic, 1, **more)]))

    seen.saw_outcome('a name with a space', creating('not a name', 1), error_name)
    seen.saw_outcome('an unknown configuration', creating(new_name('t'), 1, config={'no.such': 'x'}), error_name)
    seen.saw_outcome('a value out of range', creating(new_name('t'), 1, config={'segment.bytes': '-7'}), error_name)
    seen.saw_outcome('a record too large', lambda: send(servers, [(name, {'value': b'x' * 5000})]), error_name)
    seen.saw('one that is not', send(servers, [(name, {'value': b'x' * 500})])[0].offset())
    seen.saw_outcome(
        'a partition too many', lambda: send(servers, [(name, {'value': b'x', 'partition': 7})]), error_name)
    compacted = new_topic(servers, cleanup_policy='compact')
    seen.saw_outcome('no key where one is needed', lambda: send(servers, [(compacted, {'value': b'x'})]), error_name)


if __name__ == '__main__':
    play('confluent-kafka %s (librdkafka %s)' % (confluent_kafka.__version__, confluent_kafka.libversion()[0]))
