package io.fleuve.alerts.outbox;

/** What a channel allows when nobody knows whether a message went out. */
public enum Redelivery {
    /** Send again: the channel drops the duplicate, or one is bearable. */
    REPEATABLE,
    /** Ask the provider first: a duplicate costs money and trust. */
    LOOK_UP_FIRST
}
