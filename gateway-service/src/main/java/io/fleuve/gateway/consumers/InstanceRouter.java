package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.HopClient.Outcome;
import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a request to the gateway that runs the instance: this one, or another, to which it is sent
 * on. When that one is gone, this one takes the instance over first.
 */
public final class InstanceRouter implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceRouter.class);
    private static final int ATTEMPTS = 5;

    private final ConsumerInstances instances;
    private final HopClient hops;
    private final Counter forwarded;

    public InstanceRouter(ConsumerInstances instances, MeterRegistry registry) {
        this.instances = instances;
        this.hops = new HopClient(instances.limits());
        this.forwarded =
                Counter.builder("fleuve.gateway.consumers.forwarded")
                        .description("Requests sent on to the gateway that runs the instance")
                        .register(registry);
    }

    public ConsumerInstances instances() {
        return instances;
    }

    /** Where the request was served. */
    public sealed interface Served<T extends @Nullable Object> {

        record Here<T extends @Nullable Object>(T value) implements Served<T> {}

        record Elsewhere<T extends @Nullable Object>(HopAnswer answer) implements Served<T> {}
    }

    /**
     * Serves a request.
     *
     * @param waits how long the request may wait for records, besides the time for its work, given
     *     what the instance was created with
     * @param operation the work, if it is to be done here; may be done again after it has failed
     *     because the instance went to another gateway
     * @throws io.fleuve.gateway.errors.RestException 40403 if there is no such instance, 503 if it
     *     goes from hand to hand
     */
    public <T extends @Nullable Object> Served<T> call(
            InstanceId id,
            HopRequest request,
            Function<InstanceConfig, Duration> waits,
            Function<ConsumerInstance, T> operation) {
        boolean sure = false;
        boolean misdirected = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<InstanceDescription> found =
                    sure ? instances.findSurely(id) : instances.find(id);
            if (found.isEmpty()) {
                if (sure) {
                    throw InstanceErrors.notFound();
                }
                // It may have been made by another gateway a moment ago.
                sure = true;
                continue;
            }
            InstanceDescription description = found.get();
            if (instances.isSelf(description)) {
                try {
                    return new Served.Here<>(operation.apply(instances.adopt(description)));
                } catch (NoLongerOwnerException e) {
                    giveUp(description);
                    sure = true;
                    continue;
                }
            }
            if (request.forwarded()) {
                if (sure) {
                    throw InstanceErrors.misdirected();
                }
                sure = true;
                continue;
            }
            Owner owner = description.owner();
            if (owner == null) {
                instances.takeOver(description);
                continue;
            }
            Outcome outcome = hops.send(owner, request, waits.apply(description.config()));
            switch (outcome) {
                case Outcome.Answered(HopAnswer answer) -> {
                    forwarded.increment();
                    return new Served.Elsewhere<>(answer);
                }
                case Outcome.Misdirected() -> {
                    // The second time it is an owner that does not know of its instance.
                    if (misdirected) {
                        instances.takeOver(description);
                    }
                    misdirected = true;
                    sure = true;
                }
                case Outcome.Unreachable(String reason) -> {
                    LOGGER.atInfo()
                            .addKeyValue("group", id.group())
                            .addKeyValue("instance", id.name())
                            .addKeyValue("owner", owner.url())
                            .addKeyValue("reason", reason)
                            .log("the gateway that runs a consumer instance does not answer");
                    instances.takeOver(description);
                }
            }
        }
        throw InstanceErrors.unsettled();
    }

    // The consumer was pushed out of its group though the instance is still this gateway's: the
    // next attempt opens another.
    private void giveUp(InstanceDescription description) {
        instances.open().stream()
                .filter(i -> i.uid().equals(description.uid()))
                .forEach(i -> instances.drop(i, ConsumerInstance.Farewell.REPLACED));
    }

    @Override
    public void close() {
        hops.close();
    }
}
