"""Reads so many records as a member of a new group and prints where they were."""
import sys
import uuid

from kafka import KafkaConsumer

bootstrap_servers, topic, count = sys.argv[1:]
consumer = KafkaConsumer(
    topic,
    bootstrap_servers=[bootstrap_servers],
    group_id='group-%s' % uuid.uuid4(),
    auto_offset_reset='earliest',
    consumer_timeout_ms=30000,
)
read = 0
for message in consumer:
    print(message.partition, message.offset, int.from_bytes(message.value, byteorder='big'))
    read += 1
    if read == int(count):
        break
consumer.close()
sys.exit(0 if read == int(count) else 1)
