"""The sensors' producer that the project began with, its loop bounded and without a pause: four-byte big-endian integers."""
import random
import sys

from kafka import KafkaProducer

bootstrap_servers, temperature_topic, count, seed = sys.argv[1:]
random.seed(int(seed))
producer = KafkaProducer(bootstrap_servers=[bootstrap_servers])

for _ in range(int(count)):
    temperature = random.randint(0, 40)
    producer.send(temperature_topic, temperature.to_bytes(4, byteorder='big')).get(timeout=20)
    print(temperature)

producer.close()
