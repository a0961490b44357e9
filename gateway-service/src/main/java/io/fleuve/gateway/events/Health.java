package io.fleuve.gateway.events;

/** How a tail fares, as its readers are told. */
sealed interface Health {

    /** Records come as they are written. */
    record Well() implements Health {}

    /** Some or all partitions cannot be read at this moment; it goes on by itself. */
    record Unavailable(String message) implements Health {}

    /** It is over. */
    record Ended(EndReason reason, String message) implements Health {}
}
