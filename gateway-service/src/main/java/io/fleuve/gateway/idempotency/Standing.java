package io.fleuve.gateway.idempotency;

/** What a gateway knows of a key at some moment; the brokers may know more already. */
sealed interface Standing {

    /** Nobody claims it. */
    record Free() implements Standing {}

    /** Somebody claims it and has no outcome that has been seen. */
    record InFlight(Claim claim) implements Standing {}

    /**
     * The request was carried out.
     *
     * @param outcomeOffset where its outcome is, in the same partition of the outcomes topic
     */
    record Done(Claim claim, long outcomeOffset) implements Standing {}
}
