// What franz-go sees, with its package for administration, kadm.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	. "fleuve/clients/facts"
)

func main() {
	Play("franz-go "+Version("github.com/twmb/franz-go"), []Scenario{
		{Name: "the life of a topic", Script: lifeOfATopic},
		{Name: "records of each compression", Script: recordsOfEachCompression},
		{Name: "keys choose partitions", Script: keysChoosePartitions},
		{Name: "an idempotent producer", Script: idempotentProducer},
		{Name: "a topic that does not exist", Script: missingTopic},
		{Name: "reading from an offset and by time", Script: offsetsAndTimes},
		{Name: "a group goes on where it committed", Script: groupGoesOn},
		{Name: "a group of two", Script: func(servers string, seen Observation) { groupOfTwo(servers, seen) }},
		{Name: "a group of two by the new protocol (KIP-848)", Script: func(servers string, seen Observation) {
			groupOfTwo(servers, seen, kgo.ServerSideBalancer(), kgo.Balancers(kgo.RangeBalancer()))
		}},
		{Name: "groups described, and their lag", Script: groupsDescribed},
		{Name: "configuration described and altered", Script: configuration},
		{Name: "errors", Script: failures},
	})
}

func connect(servers string, options ...kgo.Opt) *kgo.Client {
	return Value(kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(servers),
		kgo.ClientID("reader"),
		kgo.FetchMaxWait(200 * time.Millisecond),
		kgo.MetadataMinAge(100 * time.Millisecond),
	}, options...)...))
}

func limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 4*time.Minute)
}

func errorName(err error) string {
	var ours *kerr.Error
	if errors.As(err, &ours) {
		return ours.Message
	}
	var reset *kgo.ErrDataLoss
	if errors.As(err, &reset) {
		return "data loss"
	}
	return fmt.Sprintf("%T", err)
}

func newTopic(servers string, partitions int32, configs map[string]string) string {
	ctx, cancel := limited()
	defer cancel()
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	name := NewName("topic")
	values := map[string]*string{}
	for key, value := range configs {
		values[key] = &value
	}
	Must(Value(admin.CreateTopic(ctx, partitions, 1, values, name)).Err)
	awaitPartitions(ctx, admin, name, int(partitions))
	return name
}

func awaitPartitions(ctx context.Context, admin *kadm.Client, topic string, count int) {
	Await(func() bool {
		ends, err := admin.ListEndOffsets(ctx, topic)
		return err == nil && ends.Error() == nil && len(ends[topic]) == count
	})
}

func numbers(topic string, count int) []*kgo.Record {
	var records []*kgo.Record
	for i := range count {
		records = append(records, &kgo.Record{
			Topic: topic, Key: fmt.Appendf(nil, "key-%d", i), Value: fmt.Appendf(nil, "value %d", i)})
	}
	return records
}

func onPartition(partition int32, records []*kgo.Record) []*kgo.Record {
	for _, record := range records {
		record.Partition = partition
	}
	return records
}

func send(servers string, records []*kgo.Record, options ...kgo.Opt) error {
	ctx, cancel := limited()
	defer cancel()
	client := connect(servers, options...)
	defer client.Close()
	return client.ProduceSync(ctx, records...).FirstErr()
}

func read(client *kgo.Client, count int) []*kgo.Record {
	ctx, cancel := limited()
	defer cancel()
	var records []*kgo.Record
	for len(records) < count {
		fetches := client.PollFetches(ctx)
		for _, failed := range fetches.Errors() {
			panic(failed.Err)
		}
		records = append(records, fetches.Records()...)
	}
	return records
}

func readAll(servers, topic string, count int) []*kgo.Record {
	client := connect(servers, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer client.Close()
	return read(client, count)
}

func lifeOfATopic(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	name := newTopic(servers, 3, map[string]string{"retention.ms": "3600000"})
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	described := func() kadm.TopicDetail { return Value(admin.ListTopics(ctx, name))[name] }
	seen.Saw("partitions", len(described().Partitions))
	led := 0
	for _, partition := range described().Partitions {
		if partition.Leader >= 0 {
			led++
		}
	}
	seen.Saw("partitions with a leader", led)
	seen.Saw("has an id", described().ID != kadm.TopicID{})
	seen.Saw("internal", described().IsInternal)
	seen.Saw("listed", Value(admin.ListTopics(ctx)).Has(name))
	_, err := admin.CreateTopic(ctx, 3, 1, nil, name)
	seen.SawError("created again", err, errorName)
	Must(Value(admin.UpdatePartitions(ctx, 5, name)).Error())
	awaitPartitions(ctx, admin, name, 5)
	seen.Saw("after growing", len(described().Partitions))
	seen.SawError("made smaller", Value(admin.UpdatePartitions(ctx, 2, name)).Error(), errorName)
	Must(Value(admin.DeleteTopic(ctx, name)).Err)
	Await(func() bool { return !Value(admin.ListTopics(ctx)).Has(name) })
	_, err = admin.DeleteTopic(ctx, name)
	seen.SawError("deleted again", err, errorName)
}

func recordsOfEachCompression(servers string, seen Observation) {
	base := time.Now().Truncate(time.Millisecond)
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression()}
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		name := newTopic(servers, 1, nil)
		var records []*kgo.Record
		for i := range 200 {
			record := &kgo.Record{
				Topic: name, Timestamp: base.Add(time.Duration(i) * time.Millisecond),
				Headers: []kgo.RecordHeader{
					{Key: "origin", Value: []byte("franz-go")},
					{Key: "number", Value: fmt.Append(nil, i)},
					{Key: "nothing"}}}
			if i%10 != 0 {
				record.Key = fmt.Appendf(nil, "key-%d", i)
			}
			if i%10 != 1 {
				record.Value = []byte(strings.Repeat(fmt.Sprintf("value %d ", i), 20))
			}
			records = append(records, record)
		}
		Must(send(servers, records, kgo.ProducerBatchCompression(codecs[codec]), kgo.ProducerLinger(20*time.Millisecond)))
		seen.Saw(codec+": offsets given", []int64{records[0].Offset, records[1].Offset, records[100].Offset, records[199].Offset})
		found := readAll(servers, name, 200)
		seen.Saw(codec+": records", len(found))
		for _, i := range []int{0, 1, 2, 199} {
			record := found[i]
			seen.Saw(fmt.Sprintf("%s: record %d", codec, i), fmt.Sprintf(
				"%d %d type %d key %q (none: %t) headers %q value %d %.12q (none: %t) compression %d, epoch known: %t",
				record.Offset, record.Timestamp.Sub(base).Milliseconds(), record.Attrs.TimestampType(), record.Key,
				record.Key == nil, record.Headers, len(record.Value), record.Value, record.Value == nil,
				record.Attrs.CompressionType(), record.LeaderEpoch >= 0))
		}
	}
}

func keysChoosePartitions(servers string, seen Observation) {
	name := newTopic(servers, 3, nil)
	Must(send(servers, numbers(name, 60)))
	keys := map[int32][]string{}
	for _, record := range readAll(servers, name, 60) {
		keys[record.Partition] = append(keys[record.Partition], string(record.Key))
	}
	for partition := range int32(3) {
		seen.Saw(fmt.Sprintf("partition %d", partition), keys[partition])
	}
}

// It is idempotent unless told not to be; here it is told not to be as well.
func idempotentProducer(servers string, seen Observation) {
	for name, options := range map[string][]kgo.Opt{
		"idempotent": nil, "not idempotent": {kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.LeaderAck())}} {
		topic := newTopic(servers, 2, nil)
		records := append(onPartition(0, numbers(topic, 50)), onPartition(1, numbers(topic, 50))...)
		Must(send(servers, records, append(options, kgo.RecordPartitioner(kgo.ManualPartitioner()))...))
		seen.Saw(name+": last offsets", []int64{records[49].Offset, records[99].Offset})
		distinct := map[string]bool{}
		for _, record := range readAll(servers, topic, 100) {
			distinct[fmt.Sprint(record.Partition, string(record.Value))] = true
		}
		seen.Saw(name+": each once", len(distinct))
	}
}

func missingTopic(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	strict := []*kgo.Record{{Topic: NewName("topic"), Value: []byte("first")}}
	seen.SawError("produced to", send(servers, strict, kgo.UnknownTopicRetries(0)), errorName)
	lenient := []*kgo.Record{{Topic: NewName("topic"), Value: []byte("first")}}
	seen.SawError("produced to, to be created", send(servers, lenient, kgo.AllowAutoTopicCreation()), errorName)
	seen.Saw("its place", []any{lenient[0].Partition, lenient[0].Offset})
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	seen.Saw("partitions it has then", len(Value(admin.ListTopics(ctx, lenient[0].Topic))[lenient[0].Topic].Partitions))
	_, err := admin.DeleteTopic(ctx, NewName("topic"))
	seen.SawError("deleting one", err, errorName)
	seen.SawError("describing one", Value(admin.ListTopics(ctx, NewName("topic"))).Error(), errorName)
}

func offsetsAndTimes(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	base := time.Now().Truncate(time.Millisecond)
	name := newTopic(servers, 1, nil)
	var records []*kgo.Record
	for i := range 50 {
		records = append(records, &kgo.Record{
			Topic: name, Value: fmt.Append(nil, i), Timestamp: base.Add(time.Duration(i) * time.Second)})
	}
	Must(send(servers, records))
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	describe := func(listed kadm.ListedOffsets, err error) string {
		Must(err)
		at, _ := listed.Lookup(name, 0)
		moment := at.Timestamp
		if moment >= 0 {
			moment -= base.UnixMilli()
		}
		return fmt.Sprintf("%d at %d, epoch known: %t, error %v", at.Offset, moment, at.LeaderEpoch >= 0, at.Err)
	}
	seen.Saw("beginning", describe(admin.ListStartOffsets(ctx, name)))
	seen.Saw("end", describe(admin.ListEndOffsets(ctx, name)))
	seen.Saw("end of what is committed", describe(admin.ListCommittedOffsets(ctx, name)))
	seen.Saw("offset of the latest time", describe(admin.ListMaxTimestampOffsets(ctx, name)))
	for _, asked := range []int64{0, 1, 24500, 49000, 49001} {
		seen.Saw(fmt.Sprintf("offset for time %d", asked), describe(admin.ListOffsetsAfterMilli(ctx, base.UnixMilli()+asked, name)))
	}
	from := func(offset kgo.Offset, count int, options ...kgo.Opt) (values []string) {
		client := connect(servers, append(options, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{name: {0: offset}}))...)
		defer client.Close()
		for _, record := range read(client, count) {
			values = append(values, string(record.Value))
		}
		return values
	}
	seen.Saw("from offset 45", from(kgo.NewOffset().At(45), 5))
	seen.Saw("four before the end", from(kgo.NewOffset().AtEnd().Relative(-4), 4))
	seen.Saw("from a time", from(kgo.NewOffset().AfterMilli(base.UnixMilli()+46500), 3))
	seen.Saw("beyond the end, reset to earliest", from(
		kgo.NewOffset().At(1000), 1, kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))[0])
	strict := connect(servers,
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{name: {0: kgo.NewOffset().At(1000)}}),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()))
	defer strict.Close()
	seen.SawError("beyond the end, no reset", strict.PollFetches(ctx).Err(), errorName)
}

func join(servers, topic, group string, options ...kgo.Opt) *kgo.Client {
	return connect(servers, append([]kgo.Opt{
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.SessionTimeout(10 * time.Second), kgo.RebalanceTimeout(10 * time.Second),
		kgo.HeartbeatInterval(300 * time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())}, options...)...)
}

func committed(ctx context.Context, admin *kadm.Client, group string) []string {
	var all []string
	for _, at := range Value(admin.FetchOffsets(ctx, group)).Sorted() {
		all = append(all, fmt.Sprintf("%d=%d %q", at.Partition, at.At, at.Metadata))
	}
	return all
}

func groupGoesOn(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	name := newTopic(servers, 2, nil)
	group := NewName("group")
	records := append(onPartition(0, numbers(name, 20)), onPartition(1, numbers(name, 20))...)
	Must(send(servers, records, kgo.RecordPartitioner(kgo.ManualPartitioner())))
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()

	first := join(servers, name, group)
	seen.Saw("first reads", len(read(first, 40)))
	var failed error
	first.CommitOffsetsSync(ctx, map[string]map[int32]kgo.EpochOffset{
		name: {0: {Epoch: -1, Offset: 5}, 1: {Epoch: -1, Offset: 20}}},
		func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, _ *kmsg.OffsetCommitResponse, err error) {
			failed = err
		})
	seen.SawError("commit", failed, errorName)
	first.Close()
	seen.Saw("committed partitions", len(committed(ctx, admin, group)))

	second := join(servers, name, group)
	var places []string
	for _, record := range read(second, 15) {
		places = append(places, fmt.Sprintf("%d:%d", record.Partition, record.Offset))
	}
	seen.Saw("second reads", places)
	Must(second.CommitUncommittedOffsets(ctx))
	second.Close()
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: name, Partition: 1, At: 17, LeaderEpoch: -1, Metadata: "seventeen"})
	Must(admin.CommitAllOffsets(ctx, group, offsets))
	for _, at := range Value(admin.FetchOffsets(ctx, group)).Sorted() {
		seen.Saw(fmt.Sprintf("committed then, partition %d", at.Partition), at.At)
	}
	Must(Value(admin.DeleteOffsets(ctx, group, kadm.TopicsSet{name: {0: {}}})).Error())
	seen.Saw("after deleting one", committed(ctx, admin, group))
}

// A member of a group that notes down what it is given.
type member struct {
	client     *kgo.Client
	lock       sync.Mutex
	partitions map[int32]bool
	places     []string
	ended      chan struct{}
}

func newMember(servers, topic, group string, options ...kgo.Opt) *member {
	m := &member{partitions: map[int32]bool{}, ended: make(chan struct{})}
	change := func(present bool) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, changed map[string][]int32) {
			m.lock.Lock()
			defer m.lock.Unlock()
			for _, partition := range changed[topic] {
				if present {
					m.partitions[partition] = true
				} else {
					delete(m.partitions, partition)
				}
			}
		}
	}
	m.client = join(servers, topic, group, append(options,
		kgo.OnPartitionsAssigned(change(true)), kgo.OnPartitionsRevoked(change(false)), kgo.OnPartitionsLost(change(false)))...)
	go func() {
		defer close(m.ended)
		for {
			fetches := m.client.PollFetches(context.Background())
			if fetches.IsClientClosed() {
				return
			}
			m.lock.Lock()
			fetches.EachRecord(func(record *kgo.Record) {
				m.places = append(m.places, fmt.Sprintf("%d:%d", record.Partition, record.Offset))
			})
			m.lock.Unlock()
		}
	}()
	return m
}

func (m *member) has(count int) bool {
	return len(m.assigned()) == count
}

func (m *member) assigned() (partitions []int32) {
	m.lock.Lock()
	defer m.lock.Unlock()
	for partition := range m.partitions {
		partitions = append(partitions, partition)
	}
	slices.Sort(partitions)
	return partitions
}

func (m *member) read() []string {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Clone(m.places)
}

func (m *member) leave() {
	m.client.Close()
	<-m.ended
}

func groupOfTwo(servers string, seen Observation, options ...kgo.Opt) {
	name := newTopic(servers, 4, nil)
	group := NewName("group")
	first := newMember(servers, name, group, options...)
	Await(func() bool { return first.has(4) })
	second := newMember(servers, name, group, options...)
	Await(func() bool { return first.has(2) && second.has(2) })
	shared := append(first.assigned(), second.assigned()...)
	slices.Sort(shared)
	seen.Saw("shared", shared)
	for partition := range int32(4) {
		Must(send(servers, onPartition(partition, numbers(name, 10)), kgo.RecordPartitioner(kgo.ManualPartitioner())))
	}
	all := func() []string { return append(first.read(), second.read()...) }
	Await(func() bool { return len(all()) >= 40 })
	places := all()
	slices.Sort(places)
	seen.Saw("each once", len(slices.Compact(places)))
	second.leave()
	Await(func() bool { return first.has(4) })
	seen.Saw("after one left", first.assigned())
	first.leave()
}

func groupsDescribed(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	name := newTopic(servers, 1, nil)
	group := NewName("group")
	Must(send(servers, numbers(name, 10)))
	reader := join(servers, name, group)
	read(reader, 10)
	reader.CommitOffsetsSync(ctx, map[string]map[int32]kgo.EpochOffset{name: {0: {Epoch: -1, Offset: 7}}}, nil)
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	described := Value(admin.DescribeGroups(ctx, group))[group]
	seen.Saw("state", described.State)
	seen.Saw("protocol", []string{described.ProtocolType, described.Protocol})
	for _, found := range described.Members {
		consumer, _ := found.Assigned.AsConsumer()
		seen.Saw("member", fmt.Sprint(found.ClientID, consumer.Topics[0].Partitions))
	}
	listed := Value(admin.ListGroups(ctx))[group]
	seen.Saw("listed", []string{listed.ProtocolType, listed.State})
	lags := Value(admin.Lag(ctx, group))
	lag, _ := lags[group].Lag.Lookup(name, 0)
	seen.Saw("lag", lag.Lag)
	seen.SawError("described as one of the new protocol",
		Value(admin.DescribeConsumerGroups(ctx, group)).Error(), errorName)
	_, err := admin.DeleteGroup(ctx, group)
	seen.SawError("deleted with a member", err, errorName)
	reader.Close()
	Await(func() bool { return Value(admin.DescribeGroups(ctx, group))[group].State == "Empty" })
	_, err = admin.DeleteGroup(ctx, group)
	seen.SawError("deleted when empty", err, errorName)
	_, err = admin.DeleteGroup(ctx, group)
	seen.SawError("deleted again", err, errorName)
	gone, err := admin.DescribeGroups(ctx, group)
	seen.SawError("described when gone", errors.Join(err, gone.Error()), errorName)
	seen.Saw("state when gone", gone[group].State)
}

func configuration(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	name := newTopic(servers, 1, map[string]string{"cleanup.policy": "compact", "max.message.bytes": "2000"})
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	wanted := []string{"cleanup.policy", "compression.type", "max.message.bytes", "message.timestamp.type", "retention.ms"}
	described := func() (all []string) {
		resource := Value(Value(admin.DescribeTopicConfigs(ctx, name)).On(name, nil))
		for _, config := range resource.Configs {
			if slices.Contains(wanted, config.Key) {
				all = append(all, fmt.Sprintf("%s=%s %s", config.Key, config.MaybeValue(), config.Source))
			}
		}
		slices.Sort(all)
		return all
	}
	alter := func(op kadm.IncrementalOp, key, value string) error {
		answers, err := admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: op, Name: key, Value: &value}}, name)
		if err != nil {
			return err
		}
		return answers[0].Err
	}
	seen.Saw("created with", described())
	Must(alter(kadm.SetConfig, "retention.ms", "7200000"))
	Must(alter(kadm.AppendConfig, "cleanup.policy", "delete"))
	Must(alter(kadm.DeleteConfig, "max.message.bytes", ""))
	Await(func() bool { return strings.Contains(fmt.Sprint(described()), "max.message.bytes=1048588") })
	seen.Saw("altered", described())
	seen.SawError("altered to nonsense", alter(kadm.SetConfig, "retention.ms", "soon"), errorName)
	seen.SawError("altering an unknown one", alter(kadm.SetConfig, "no.such", "x"), errorName)
}

func failures(servers string, seen Observation) {
	ctx, cancel := limited()
	defer cancel()
	name := newTopic(servers, 1, map[string]string{"max.message.bytes": "2000"})
	admin := kadm.NewClient(connect(servers))
	defer admin.Close()
	creating := func(partitions int32, name, key, value string) error {
		configs := map[string]*string{}
		if key != "" {
			configs[key] = &value
		}
		_, err := admin.CreateTopic(ctx, partitions, 1, configs, name)
		return err
	}
	seen.SawError("a name with a space", creating(1, "not a name", "", ""), errorName)
	seen.SawError("no partitions", creating(0, NewName("topic"), "", ""), errorName)
	seen.SawError("an unknown configuration", creating(1, NewName("topic"), "no.such", "x"), errorName)
	seen.SawError("a value out of range", creating(1, NewName("topic"), "segment.bytes", "-7"), errorName)
	sending := func(topic string, bytes int, options ...kgo.Opt) error {
		return send(servers, []*kgo.Record{{Topic: topic, Value: make([]byte, bytes)}}, options...)
	}
	seen.SawError("a record too large", sending(name, 5000, kgo.ProducerBatchCompression(kgo.NoCompression())), errorName)
	seen.SawError("one that is not", sending(name, 500), errorName)
	compacted := newTopic(servers, 1, map[string]string{"cleanup.policy": "compact"})
	seen.SawError("no key where one is needed", sending(compacted, 1), errorName)
}
