package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.kafka.TopicDirectory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Work whose records have been looked at: which can be sent, and which cannot. */
public final class Prepared {

    private final Work work;
    private final List<Outgoing> outgoing;

    private Prepared(Work work, List<Outgoing> outgoing) {
        this.work = work;
        this.outgoing = List.copyOf(outgoing);
    }

    /**
     * Looks for the topics and partitions of all records.
     *
     * @throws RestException if one of them refuses the whole request
     */
    public static Prepared of(Work work, TopicDirectory topics) {
        List<Outgoing> checked = new ArrayList<>();
        for (Outgoing each : work.outgoing()) {
            checked.add(
                    switch (each) {
                        case Outgoing.Ready ready -> check(ready, work, topics);
                        case Outgoing.Refused refused -> refused;
                    });
        }
        return new Prepared(work, checked);
    }

    private static Outgoing check(Outgoing.Ready ready, Work work, TopicDirectory topics) {
        try {
            topics.requireWritable(ready.record().topic(), ready.record().partition());
            return ready;
        } catch (RestException e) {
            return work.unwritable(e);
        }
    }

    /** Whether nothing is to be sent: {@link #reply()} is the answer. */
    public boolean isRefused() {
        return records().isEmpty() || (work.allOrNone() && records().size() < outgoing.size());
    }

    /** What can be sent. */
    public List<ProducerRecord<byte[], byte[]>> records() {
        return outgoing.stream()
                .filter(Outgoing.Ready.class::isInstance)
                .map(each -> ((Outgoing.Ready) each).record())
                .toList();
    }

    /** The answer of a request of which nothing is sent. */
    public Reply reply() {
        return work.reply(
                outgoing.stream()
                        .<Sent>map(
                                each ->
                                        switch (each) {
                                            case Outgoing.Ready _ -> new Sent.Abandoned();
                                            case Outgoing.Refused(var error) ->
                                                    new Sent.Refused(error);
                                        })
                        .toList());
    }

    /** The answer, given what became of each of {@link #records()}. */
    public Reply reply(List<Sent> sent) {
        Iterator<Sent> next = sent.iterator();
        return work.reply(
                outgoing.stream()
                        .map(
                                each ->
                                        switch (each) {
                                            case Outgoing.Ready _ -> next.next();
                                            case Outgoing.Refused(var error) ->
                                                    new Sent.Refused(error);
                                        })
                        .toList());
    }
}
