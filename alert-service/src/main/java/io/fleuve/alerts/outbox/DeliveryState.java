package io.fleuve.alerts.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one message to one recipient stands. Transitions are methods of the state that they leave.
 *
 * <pre>
 *   Pending ─► Sending ─┬─► Sent ─► Delivered
 *      │        ▲  ▲    ├─► Dead         (refused for good)
 *      │        │  └────┼── Retry ◄──┐   (refused for now)
 *      │        │       └─► Unknown ─┴─► Sent, Dead  (looked up)
 *      └─► Suppressed           waiting too long: Expired
 * </pre>
 *
 * <p>A claim is a lease: {@code Sending} that outlives its lease was abandoned by a worker that
 * crashed, and becomes {@code Retry} or {@code Unknown} as the channel allows.
 */
public sealed interface DeliveryState {

    /** Nobody has tried yet. */
    record Pending(Instant dueAt) implements DeliveryState {

        public Sending claim(Instant leaseUntil) {
            return new Sending(leaseUntil);
        }

        public Suppressed suppress(String reason) {
            return new Suppressed(reason);
        }

        public Expired expire(String reason) {
            return new Expired(reason);
        }
    }

    /** A worker is at it, until {@code leaseUntil} at the latest. */
    record Sending(Instant leaseUntil) implements DeliveryState {

        public Sent accept(@Nullable String providerId) {
            return new Sent(providerId);
        }

        public Dead reject(String reason) {
            return new Dead(reason);
        }

        public Retry defer(Instant dueAt, String reason) {
            return new Retry(dueAt, reason);
        }

        public Unknown doubt(Instant dueAt, String reason) {
            return new Unknown(dueAt, reason);
        }
    }

    /** The provider took it. */
    record Sent(@Nullable String providerId) implements DeliveryState {

        public Delivered confirm() {
            return new Delivered(providerId);
        }
    }

    /** The provider says that it arrived. */
    record Delivered(@Nullable String providerId) implements DeliveryState {}

    /** The last attempt surely sent nothing; there will be another. */
    record Retry(Instant dueAt, String reason) implements DeliveryState {

        public Sending claim(Instant leaseUntil) {
            return new Sending(leaseUntil);
        }

        public Suppressed suppress(String why) {
            return new Suppressed(why);
        }

        public Expired expire(String why) {
            return new Expired(why);
        }
    }

    /** The last attempt may have sent it; the provider is to be asked. */
    record Unknown(Instant dueAt, String reason) implements DeliveryState {

        /** A worker asks the provider; if it crashes, another asks when the lease is over. */
        public Unknown hold(Instant leaseUntil) {
            return new Unknown(leaseUntil, reason);
        }

        public Sent found(String providerId) {
            return new Sent(providerId);
        }

        public Dead foundFailed(String why) {
            return new Dead(why);
        }

        public Retry absent(Instant dueAt) {
            return new Retry(dueAt, reason + "; the provider never took it");
        }

        public Unknown ask(Instant again, String why) {
            return new Unknown(again, why);
        }

        public Expired expire(String why) {
            return new Expired(why);
        }
    }

    /** Refused for good, and why. */
    record Dead(String reason) implements DeliveryState {

        /** Someone mended the cause and wants another attempt. */
        public Pending revive(Instant dueAt) {
            return new Pending(dueAt);
        }
    }

    /** Deliberately not sent, and why. */
    record Suppressed(String reason) implements DeliveryState {}

    /** Too old to be worth sending, and what kept it. */
    record Expired(String reason) implements DeliveryState {}
}
