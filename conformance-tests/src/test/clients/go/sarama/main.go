// What Sarama sees.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"

	. "fleuve/clients/facts"
)

func main() {
	Play("sarama "+Version("github.com/IBM/sarama"), []Scenario{
		{Name: "the life of a topic", Script: lifeOfATopic},
		{Name: "records of each compression", Script: recordsOfEachCompression},
		{Name: "keys choose partitions", Script: keysChoosePartitions},
		{Name: "an idempotent producer", Script: idempotentProducer},
		{Name: "a topic that does not exist", Script: missingTopic},
		{Name: "reading from an offset and by time", Script: offsetsAndTimes},
		{Name: "a group goes on where it committed", Script: groupGoesOn},
		{Name: "a group of two", Script: groupOfTwo},
		{Name: "groups described, and their lag", Script: groupsDescribed},
		{Name: "configuration described and altered", Script: configuration},
		{Name: "errors", Script: failures},
	})
}

func settings() *sarama.Config {
	config := sarama.NewConfig()
	config.ClientID = "reader"
	config.Version = sarama.MaxVersion
	config.Producer.Return.Successes = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	config.Consumer.MaxWaitTime = 200 * time.Millisecond
	config.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	config.Consumer.Group.Rebalance.Timeout = 10 * time.Second
	return config
}

func errorName(err error) string {
	var code sarama.KError
	if errors.As(err, &code) {
		return fmt.Sprintf("error code %d", int16(code))
	}
	return fmt.Sprintf("%T", err)
}

func withAdmin(servers string, action func(sarama.ClusterAdmin)) {
	admin := Value(sarama.NewClusterAdmin([]string{servers}, settings()))
	defer admin.Close()
	action(admin)
}

func newTopic(servers string, partitions int32, configs map[string]string) string {
	name := NewName("topic")
	entries := map[string]*string{}
	for key, value := range configs {
		entries[key] = &value
	}
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		Must(admin.CreateTopic(name, &sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: entries}, false))
	})
	awaitPartitions(servers, name, partitions)
	return name
}

func awaitPartitions(servers, topic string, count int32) {
	client := Value(sarama.NewClient([]string{servers}, settings()))
	defer client.Close()
	Await(func() bool {
		if client.RefreshMetadata(topic) != nil {
			return false
		}
		for partition := range count {
			if _, err := client.GetOffset(topic, partition, sarama.OffsetNewest); err != nil {
				return false
			}
		}
		return true
	})
}

func numbers(topic string, count int) []*sarama.ProducerMessage {
	var messages []*sarama.ProducerMessage
	for i := range count {
		messages = append(messages, &sarama.ProducerMessage{
			Topic: topic, Key: sarama.StringEncoder(fmt.Sprintf("key-%d", i)), Value: sarama.StringEncoder(fmt.Sprintf("value %d", i))})
	}
	return messages
}

func onPartition(partition int32, messages []*sarama.ProducerMessage) []*sarama.ProducerMessage {
	for _, message := range messages {
		message.Partition = partition
	}
	return messages
}

func manually(config *sarama.Config) {
	config.Producer.Partitioner = sarama.NewManualPartitioner
}

func send(servers string, messages []*sarama.ProducerMessage, changes ...func(*sarama.Config)) error {
	config := settings()
	for _, change := range changes {
		change(config)
	}
	producer := Value(sarama.NewSyncProducer([]string{servers}, config))
	defer producer.Close()
	err := producer.SendMessages(messages)
	var failed sarama.ProducerErrors
	if errors.As(err, &failed) {
		return failed[0].Err
	}
	return err
}

func read(servers, topic string, partition int32, offset int64, count int) (messages []*sarama.ConsumerMessage) {
	consumer := Value(sarama.NewConsumer([]string{servers}, settings()))
	defer consumer.Close()
	reader := Value(consumer.ConsumePartition(topic, partition, offset))
	defer reader.Close()
	limit := time.After(2 * time.Minute)
	for len(messages) < count {
		select {
		case message := <-reader.Messages():
			messages = append(messages, message)
		case <-limit:
			panic("not everything came within two minutes")
		}
	}
	return messages
}

func lifeOfATopic(servers string, seen Observation) {
	name := newTopic(servers, 3, map[string]string{"retention.ms": "3600000"})
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		described := func() *sarama.TopicMetadata { return Value(admin.DescribeTopics([]string{name}))[0] }
		seen.Saw("partitions", len(described().Partitions))
		led := 0
		for _, partition := range described().Partitions {
			if partition.Leader >= 0 {
				led++
			}
		}
		seen.Saw("partitions with a leader", led)
		seen.Saw("internal", described().IsInternal)
		detail, listed := Value(admin.ListTopics())[name]
		seen.Saw("listed", fmt.Sprint(listed, detail.NumPartitions))
		seen.SawError("created again", admin.CreateTopic(name, &sarama.TopicDetail{NumPartitions: 3, ReplicationFactor: 1}, false), errorName)
		Must(admin.CreatePartitions(name, 5, nil, false))
		awaitPartitions(servers, name, 5)
		seen.Saw("after growing", len(described().Partitions))
		seen.SawError("made smaller", admin.CreatePartitions(name, 2, nil, false), errorName)
		Must(admin.DeleteTopic(name))
		Await(func() bool { _, there := Value(admin.ListTopics())[name]; return !there })
		seen.SawError("deleted again", admin.DeleteTopic(name), errorName)
	})
}

func recordsOfEachCompression(servers string, seen Observation) {
	base := time.Now().Truncate(time.Millisecond)
	for _, codec := range []sarama.CompressionCodec{
		sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy, sarama.CompressionLZ4, sarama.CompressionZSTD} {
		name := newTopic(servers, 1, nil)
		var messages []*sarama.ProducerMessage
		for i := range 200 {
			message := &sarama.ProducerMessage{
				Topic: name, Timestamp: base.Add(time.Duration(i) * time.Millisecond),
				Headers: []sarama.RecordHeader{
					{Key: []byte("origin"), Value: []byte("sarama")},
					{Key: []byte("number"), Value: fmt.Append(nil, i)},
					{Key: []byte("nothing")}}}
			if i%10 != 0 {
				message.Key = sarama.StringEncoder(fmt.Sprintf("key-%d", i))
			}
			if i%10 != 1 {
				message.Value = sarama.StringEncoder(strings.Repeat(fmt.Sprintf("value %d ", i), 20))
			}
			messages = append(messages, message)
		}
		Must(send(servers, messages, func(config *sarama.Config) {
			config.Producer.Compression = codec
			config.Producer.Flush.Frequency = 20 * time.Millisecond
		}))
		seen.Saw(codec.String()+": offsets given", []int64{messages[0].Offset, messages[1].Offset, messages[100].Offset, messages[199].Offset})
		found := read(servers, name, 0, sarama.OffsetOldest, 200)
		seen.Saw(codec.String()+": records", len(found))
		for _, i := range []int{0, 1, 2, 199} {
			record := found[i]
			var headers []string
			for _, header := range record.Headers {
				headers = append(headers, fmt.Sprintf("%s=%q", header.Key, header.Value))
			}
			seen.Saw(fmt.Sprintf("%s: record %d", codec, i), fmt.Sprintf(
				"%d %d key %q (none: %t) headers %s value %d %.12q (none: %t)", record.Offset,
				record.Timestamp.Sub(base).Milliseconds(), record.Key, record.Key == nil, headers, len(record.Value),
				record.Value, record.Value == nil))
		}
	}
}

func keysChoosePartitions(servers string, seen Observation) {
	name := newTopic(servers, 3, nil)
	messages := numbers(name, 60)
	Must(send(servers, messages))
	count := map[int32]int{}
	for _, message := range messages {
		count[message.Partition]++
	}
	for partition := range int32(3) {
		var keys []string
		for _, record := range read(servers, name, partition, sarama.OffsetOldest, count[partition]) {
			keys = append(keys, string(record.Key))
		}
		seen.Saw(fmt.Sprintf("partition %d", partition), keys)
	}
}

func idempotentProducer(servers string, seen Observation) {
	name := newTopic(servers, 2, nil)
	messages := append(onPartition(0, numbers(name, 50)), onPartition(1, numbers(name, 50))...)
	Must(send(servers, messages, manually, func(config *sarama.Config) {
		config.Producer.Idempotent = true
		config.Net.MaxOpenRequests = 1
	}))
	seen.Saw("last offsets", []int64{messages[49].Offset, messages[99].Offset})
	distinct := map[string]bool{}
	for partition := range int32(2) {
		for _, record := range read(servers, name, partition, sarama.OffsetOldest, 50) {
			distinct[fmt.Sprint(partition, string(record.Value))] = true
		}
	}
	seen.Saw("each once", len(distinct))
}

func missingTopic(servers string, seen Observation) {
	messages := numbers(NewName("topic"), 1)
	seen.SawError("produced to", send(servers, messages), errorName)
	seen.Saw("its place", []any{messages[0].Partition, messages[0].Offset})
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		seen.Saw("partitions it has then", len(Value(admin.DescribeTopics([]string{messages[0].Topic}))[0].Partitions))
		seen.SawError("deleting one", admin.DeleteTopic(NewName("topic")), errorName)
	})
	strict := settings()
	strict.Metadata.AllowAutoTopicCreation = false
	strict.Metadata.Retry.Max = 1
	client := Value(sarama.NewClient([]string{servers}, strict))
	defer client.Close()
	_, err := client.Partitions(NewName("topic"))
	seen.SawError("looking for one", err, errorName)
}

func offsetsAndTimes(servers string, seen Observation) {
	base := time.Now().Truncate(time.Millisecond)
	name := newTopic(servers, 1, nil)
	messages := numbers(name, 50)
	for i, message := range messages {
		message.Timestamp = base.Add(time.Duration(i) * time.Second)
	}
	Must(send(servers, messages))
	client := Value(sarama.NewClient([]string{servers}, settings()))
	defer client.Close()
	seen.Saw("beginning", Value(client.GetOffset(name, 0, sarama.OffsetOldest)))
	seen.Saw("end", Value(client.GetOffset(name, 0, sarama.OffsetNewest)))
	for _, asked := range []int64{0, 1, 24500, 49000, 49001} {
		seen.Saw(fmt.Sprintf("offset for time %d", asked), Value(client.GetOffset(name, 0, base.UnixMilli()+asked)))
	}
	var values []string
	for _, record := range read(servers, name, 0, 45, 5) {
		values = append(values, string(record.Value))
	}
	seen.Saw("from offset 45", values)
	consumer := Value(sarama.NewConsumer([]string{servers}, settings()))
	defer consumer.Close()
	_, err := consumer.ConsumePartition(name, 0, 1000)
	seen.SawError("beyond the end", err, errorName)
	_, err = consumer.ConsumePartition(name, 7, sarama.OffsetOldest)
	seen.SawError("of a partition that does not exist", err, errorName)
}

// A member of a group that notes down what it is given, and commits when it is told to.
type member struct {
	group      sarama.ConsumerGroup
	cancel     context.CancelFunc
	ended      chan struct{}
	lock       sync.Mutex
	session    sarama.ConsumerGroupSession
	partitions []int32
	places     []string
}

func join(servers, topic, group string) *member {
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{
		group: Value(sarama.NewConsumerGroup([]string{servers}, group, settings())), cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(m.ended)
		for ctx.Err() == nil {
			if err := m.group.Consume(ctx, []string{topic}, m); err != nil {
				return
			}
		}
	}()
	return m
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.session = session
	m.partitions = nil
	for _, partitions := range session.Claims() {
		m.partitions = partitions
	}
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (m *member) ConsumeClaim(_ sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for record := range claim.Messages() {
		m.lock.Lock()
		m.places = append(m.places, fmt.Sprintf("%d:%d", record.Partition, record.Offset))
		m.lock.Unlock()
	}
	return nil
}

func (m *member) assigned() []int32 {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Sorted(slices.Values(m.partitions))
}

func (m *member) read() []string {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Clone(m.places)
}

func (m *member) commit(topic string, offsets map[int32]int64, metadata string) {
	for partition, offset := range offsets {
		m.session.ResetOffset(topic, partition, offset, metadata)
		m.session.MarkOffset(topic, partition, offset, metadata)
	}
	m.session.Commit()
}

func (m *member) leave() {
	m.cancel()
	<-m.ended
	Must(m.group.Close())
}

func groupGoesOn(servers string, seen Observation) {
	name := newTopic(servers, 2, nil)
	group := NewName("group")
	Must(send(servers, append(onPartition(0, numbers(name, 20)), onPartition(1, numbers(name, 20))...), manually))
	first := join(servers, name, group)
	Await(func() bool { return len(first.read()) >= 40 })
	first.commit(name, map[int32]int64{0: 5, 1: 20}, "by hand")
	first.leave()
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		committed := func() (all []string) {
			answer := Value(admin.ListConsumerGroupOffsets(group, map[string][]int32{name: {0, 1}}))
			for partition := range int32(2) {
				block := answer.GetBlock(name, partition)
				all = append(all, fmt.Sprintf("%d=%d %q", partition, block.Offset, block.Metadata))
			}
			return all
		}
		seen.Saw("committed", committed())
		second := join(servers, name, group)
		Await(func() bool { return len(second.read()) >= 15 })
		seen.Saw("second reads", second.read())
		second.commit(name, map[int32]int64{0: 20}, "again")
		second.leave()
		seen.Saw("committed then", committed())
		seen.SawError("deleting one", admin.DeleteConsumerGroupOffset(group, name, 0), errorName)
		seen.Saw("after deleting one", committed())
	})
}

func groupOfTwo(servers string, seen Observation) {
	name := newTopic(servers, 4, nil)
	group := NewName("group")
	first := join(servers, name, group)
	Await(func() bool { return len(first.assigned()) == 4 })
	second := join(servers, name, group)
	Await(func() bool { return len(first.assigned()) == 2 && len(second.assigned()) == 2 })
	seen.Saw("shared", slices.Sorted(slices.Values(append(first.assigned(), second.assigned()...))))
	for partition := range int32(4) {
		Must(send(servers, onPartition(partition, numbers(name, 10)), manually))
	}
	all := func() []string { return append(first.read(), second.read()...) }
	Await(func() bool { return len(all()) >= 40 })
	places := all()
	slices.Sort(places)
	seen.Saw("each once", len(slices.Compact(places)))
	second.leave()
	Await(func() bool { return len(first.assigned()) == 4 })
	seen.Saw("after one left", first.assigned())
	first.leave()
}

func groupsDescribed(servers string, seen Observation) {
	name := newTopic(servers, 1, nil)
	group := NewName("group")
	Must(send(servers, numbers(name, 10)))
	reader := join(servers, name, group)
	Await(func() bool { return len(reader.read()) >= 10 })
	reader.commit(name, map[int32]int64{0: 7}, "")
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		described := func() *sarama.GroupDescription { return Value(admin.DescribeConsumerGroups([]string{group}))[0] }
		found := described()
		seen.Saw("described", []string{found.State, found.ProtocolType, found.Protocol, errorName(found.Err)})
		for _, m := range found.Members {
			seen.Saw("member", fmt.Sprint(m.ClientId, Value(m.GetMemberAssignment()).Topics[name]))
		}
		seen.Saw("listed", Value(admin.ListConsumerGroups())[group])
		client := Value(sarama.NewClient([]string{servers}, settings()))
		defer client.Close()
		at := Value(admin.ListConsumerGroupOffsets(group, nil)).GetBlock(name, 0)
		seen.Saw("lag", Value(client.GetOffset(name, 0, sarama.OffsetNewest))-at.Offset)
		seen.SawError("deleted with a member", admin.DeleteConsumerGroup(group), errorName)
		reader.leave()
		Await(func() bool { return described().State == "Empty" })
		seen.SawError("deleted when empty", admin.DeleteConsumerGroup(group), errorName)
		seen.SawError("deleted again", admin.DeleteConsumerGroup(group), errorName)
		gone := described()
		seen.Saw("described when gone", []string{gone.State, errorName(gone.Err)})
	})
}

func configuration(servers string, seen Observation) {
	name := newTopic(servers, 1, map[string]string{"cleanup.policy": "compact", "max.message.bytes": "2000"})
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		described := func() (all []string) {
			wanted := []string{"cleanup.policy", "compression.type", "max.message.bytes", "message.timestamp.type", "retention.ms"}
			for _, entry := range Value(admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: name, ConfigNames: wanted})) {
				all = append(all, fmt.Sprintf("%s=%s %s", entry.Name, entry.Value, entry.Source))
			}
			slices.Sort(all)
			return all
		}
		alter := func(key, value string) error {
			return admin.IncrementalAlterConfig(sarama.TopicResource, name, map[string]sarama.IncrementalAlterConfigsEntry{
				key: {Operation: sarama.IncrementalAlterConfigsOperationSet, Value: &value}}, false)
		}
		seen.Saw("created with", described())
		Must(alter("retention.ms", "7200000"))
		Await(func() bool { return strings.Contains(fmt.Sprint(described()), "7200000") })
		seen.Saw("altered", described())
		small := "3000"
		Must(admin.AlterConfig(sarama.TopicResource, name, map[string]*string{"max.message.bytes": &small}, false))
		Await(func() bool { return strings.Contains(fmt.Sprint(described()), "3000") })
		seen.Saw("replaced", described())
		seen.SawError("altered to nonsense", alter("retention.ms", "soon"), errorName)
	})
}

func failures(servers string, seen Observation) {
	name := newTopic(servers, 1, map[string]string{"max.message.bytes": "2000"})
	withAdmin(servers, func(admin sarama.ClusterAdmin) {
		creating := func(name string, partitions int32, key, value string) error {
			return admin.CreateTopic(name, &sarama.TopicDetail{
				NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: map[string]*string{key: &value}}, false)
		}
		seen.SawError("a name with a space", creating("not a name", 1, "retention.ms", "1"), errorName)
		seen.SawError("no partitions", creating(NewName("topic"), 0, "retention.ms", "1"), errorName)
		seen.SawError("an unknown configuration", creating(NewName("topic"), 1, "no.such", "x"), errorName)
		seen.SawError("a value out of range", creating(NewName("topic"), 1, "segment.bytes", "-7"), errorName)
	})
	sending := func(topic string, bytes int) error {
		return send(servers, []*sarama.ProducerMessage{{Topic: topic, Value: sarama.ByteEncoder(make([]byte, bytes))}})
	}
	seen.SawError("a record too large", sending(name, 5000), errorName)
	seen.SawError("one that is not", sending(name, 500), errorName)
	compacted := newTopic(servers, 1, map[string]string{"cleanup.policy": "compact"})
	seen.SawError("no key where one is needed", sending(compacted, 1), errorName)
}
